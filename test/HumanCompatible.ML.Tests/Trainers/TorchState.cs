using TorchSharp;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>
/// What a process shares of torch, and the live tensors of this thread: a caller finds it all after a call as it was before.
/// </summary>
/// <remarks>
/// Tensor.TotalCount says nothing here: TorchSharp counts the tensor that becomes a Parameter for ever, so it grows with every network that
/// is built.
/// </remarks>
internal sealed record TorchState(long LiveTensors, string RandomState, torch.ScalarType Type, string Device, bool Gradients, int Threads)
{
    internal static TorchState Read()
    {
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var state = torch.get_rng_state();
        return new TorchState(
            live,
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(state.data<byte>().ToArray())),
            torch.get_default_dtype(),
            torch.get_default_device().ToString(),
            torch.is_grad_enabled(),
            torch.get_num_threads());
    }

    /// <summary>Asserts that everything is as it was, without help of the garbage collector: what it frees still counts as live.</summary>
    internal void AssertUnchanged() => Assert.AreEqual(this, Read());
}
