using TorchSharp;

namespace HumanCompatible.ML.Torch;

/// <summary>Sets the number of threads torch computes with, and puts it back.</summary>
internal sealed class TorchThreads : IDisposable
{
    private readonly int? _before;

    internal TorchThreads(int? count)
    {
        if (count is not { } wanted || torch.get_num_threads() == wanted)
            return;
        _before = torch.get_num_threads();
        torch.set_num_threads(wanted);
    }

    public void Dispose()
    {
        if (_before is { } before)
            torch.set_num_threads(before);
    }
}
