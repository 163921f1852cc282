using TorchSharp;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>What a process shares of torch: a caller finds it after a call as it was before. Counts are of the whole process, hence tests run one at a time.</summary>
internal sealed record TorchState(long Tensors, long LiveOfThread, string RandomState, torch.ScalarType Type, string Device, bool Gradients, int Threads)
{
    internal static TorchState Read()
    {
        // What earlier tests left to the garbage collector must not vanish in between.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Now();
    }

    /// <summary>Asserts that everything is as it was, without help of the garbage collector.</summary>
    internal void AssertUnchanged() => Assert.AreEqual(this, Now());

    private static TorchState Now()
    {
        var tensors = torch.Tensor.TotalCount;
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var state = torch.get_rng_state();
        return new TorchState(
            tensors,
            live,
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(state.data<byte>().ToArray())),
            torch.get_default_dtype(),
            torch.get_default_device().ToString(),
            torch.is_grad_enabled(),
            torch.get_num_threads());
    }
}
