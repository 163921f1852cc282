using TorchSharp;

namespace HumanCompatible.ML.Torch;

/// <summary>
/// The number of threads that torch computes with on the present thread, until it is disposed on the same thread. No other thread sees it,
/// so several may overlap in any order.
/// </summary>
/// <remarks>
/// torch has a number for each thread and one for the process, which a thread takes over when it first uses torch.
/// <see cref="torch.set_num_threads"/> sets both; that of the process is put back at once, by a thread made for it.
/// </remarks>
internal sealed class TorchThreads : IDisposable
{
    private static readonly Lock Exclusive = new();
    private readonly int? _before;

    /// <param name="count">The number, at least 1; null changes nothing.</param>
    internal TorchThreads(int? count)
    {
        if (count is { } wanted)
            _before = Replace(wanted);
    }

    public void Dispose()
    {
        if (_before is { } before)
            Replace(before);
    }

    // Gives the number that was there.
    private static int Replace(int count)
    {
        lock (Exclusive)
        {
            var before = torch.get_num_threads();
            if (before != count)
            {
                var ofProcess = 0;
                OnANewThread(() => ofProcess = torch.get_num_threads());
                torch.set_num_threads(count);
                OnANewThread(() => torch.set_num_threads(ofProcess));
            }

            return before;
        }
    }

    private static void OnANewThread(ThreadStart action)
    {
        var thread = new Thread(action);
        thread.Start();
        thread.Join();
    }
}
