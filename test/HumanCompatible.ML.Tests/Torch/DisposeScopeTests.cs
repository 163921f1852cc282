using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Tests.Torch;

/// <summary>Who frees a tensor, and what TorchSharp counts.</summary>
[TestClass]
public sealed class DisposeScopeTests
{
    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [TestMethod]
    public void Scope_AtItsEnd_DisposesTheTensorsMadeInIt()
    {
        var before = Live;
        torch.Tensor sum;
        using (torch.NewDisposeScope())
        {
            sum = torch.ones(2).square();
            Assert.AreEqual(before + 2, Live);
        }

        Assert.AreEqual(before, Live);
        Assert.ThrowsExactly<InvalidOperationException>(() => sum.shape);
    }

    [TestMethod]
    public void Scope_HoldsNothingThatAnotherThreadMakes()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor? other = null;
        var thread = new Thread(() => other = torch.ones(1));
        thread.Start();
        thread.Join();

        using (other)
            Assert.IsFalse(scope.Contains(other!));
    }

    [TestMethod]
    public void Detach_KeepsATensorUntilItIsDisposed()
    {
        var before = Live;
        torch.Tensor kept;
        using (torch.NewDisposeScope())
            kept = torch.ones(1).DetachFromDisposeScope();

        Assert.AreEqual(1f, kept.item<float>());
        Assert.AreEqual(before + 1, Live);
        kept.Dispose();
        Assert.AreEqual(before, Live);
    }

    [TestMethod]
    public void MoveToOuter_WithoutAnOuterScope_GivesATensorToTheCaller()
    {
        Assert.IsNull(torch.CurrentDisposeScope, "a test runs outside of all scopes");
        torch.Tensor moved;
        using (torch.NewDisposeScope())
            moved = torch.ones(1).MoveToOuterDisposeScope();

        using (moved)
            Assert.AreEqual(1f, moved.item<float>());
    }

    // So a network that is to outlive the caller's scope takes all its parameters and buffers out of it.
    [TestMethod]
    public void Parameter_OfAUsersOwn_BelongsToTheScope_ThoseOfALayerToTheLayer()
    {
        Parameter own;
        Linear layer;
        using (torch.NewDisposeScope())
            (own, layer) = (new Parameter(torch.ones(1)), torch.nn.Linear(2, 2));

        using (layer)
        {
            Assert.IsTrue(own.IsInvalid);
            Assert.IsFalse(layer.weight.IsInvalid);
        }

        Assert.IsTrue(layer.weight.IsInvalid);
    }

    // Tensor.TotalCount, which counts over all threads, never forgets one.
    [TestMethod]
    public void LiveCount_ForgetsADisposedParameter()
    {
        var before = Live;

        new Parameter(torch.ones(1)).Dispose();

        Assert.AreEqual(before, Live);
    }
}
