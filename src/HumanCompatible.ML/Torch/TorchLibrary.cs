using TorchSharp;

namespace HumanCompatible.ML.Torch;

/// <summary>The native library behind TorchSharp.</summary>
internal static class TorchLibrary
{
    /// <summary>Loads it where that has not happened: most of a second in a process, which may pass while data are read.</summary>
    internal static void Load() => torch.empty(1).Dispose();

    /// <summary>Loads it on another thread while work is done here.</summary>
    /// <param name="work">What is done meanwhile. Where it throws, its exception counts, after the loading has ended.</param>
    internal static T LoadWhile<T>(Func<T> work) => LoadWhile(work, Load);

    internal static T LoadWhile<T>(Func<T> work, Action load)
    {
        var loading = Task.Run(load);
        T result;
        try
        {
            result = work();
        }
        catch
        {
            loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
            throw;
        }

        loading.GetAwaiter().GetResult();
        return result;
    }
}
