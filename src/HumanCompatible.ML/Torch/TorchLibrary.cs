using TorchSharp;

namespace HumanCompatible.ML.Torch;

/// <summary>The native library behind TorchSharp.</summary>
internal static class TorchLibrary
{
    /// <summary>Loads it where that has not happened: most of a second in a process, which may pass while data are read.</summary>
    internal static void Load() => torch.empty(1).Dispose();
}
