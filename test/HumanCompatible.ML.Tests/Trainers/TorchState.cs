using TorchSharp;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>
/// What a process shares of torch, and the live tensors of this thread: a caller finds it all after a call as it was before.
/// </summary>
/// <remarks>
/// Tensor.TotalCount says nothing here: TorchSharp counts the tensor that becomes a Parameter for ever, so it grows with every network that
/// is built.
/// </remarks>
/// <param name="Threads">The number of threads torch computes with on this thread.</param>
/// <param name="ThreadsOfOthers">The number that a new thread takes.</param>
internal sealed record TorchState(long LiveTensors, string RandomState, torch.ScalarType Type, string Device, bool Gradients, int Threads,
    int ThreadsOfOthers)
{
    internal static TorchState Read()
    {
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var ofOthers = 0;
        OnANewThread(() => ofOthers = torch.get_num_threads());
        using var state = torch.get_rng_state();
        return new TorchState(
            live,
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(state.data<byte>().ToArray())),
            torch.get_default_dtype(),
            torch.get_default_device().ToString(),
            torch.is_grad_enabled(),
            torch.get_num_threads(),
            ofOthers);
    }

    internal static void OnANewThread(ThreadStart action)
    {
        var thread = new Thread(action);
        thread.Start();
        thread.Join();
    }

    /// <summary>Asserts that everything is as it was, without help of the garbage collector: what it frees still counts as live.</summary>
    internal void AssertUnchanged() => Assert.AreEqual(this, Read());
}
