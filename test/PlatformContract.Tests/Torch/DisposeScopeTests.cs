using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class DisposeScopeTests
{
    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [TestMethod]
    public void Scope_DisposesWhatWasCreatedInIt()
    {
        var before = Live;
        Tensor inner;
        using (NewDisposeScope())
        {
            inner = ones(2) + ones(2);
            Assert.AreEqual(before + 3, Live);
        }
        Assert.AreEqual(before, Live);
        Assert.IsTrue(inner.IsInvalid);
        Assert.ThrowsExactly<InvalidOperationException>(() => inner + 1);
        Assert.ThrowsExactly<InvalidOperationException>(() => inner.shape);
        Assert.ThrowsExactly<InvalidOperationException>(() => _ = inner.Handle);
    }

    [TestMethod]
    public void Dispose_Twice_CountsOnce()
    {
        var before = Live;
        var tensor = ones(1);
        Assert.AreEqual(before + 1, Live);
        tensor.Dispose();
        tensor.Dispose();
        Assert.AreEqual(before, Live);
    }

    [TestMethod]
    public void Dispose_OfOneObject_LeavesOthersOfTheSameMemory()
    {
        using var scope = NewDisposeScope();
        var tensor = ones(2);
        var (view, alias) = (tensor.view(2, 1), tensor.alias());
        tensor.Dispose();
        TensorAssert.AreEqual([1, 1], view);
        TensorAssert.AreEqual([1, 1], alias);
    }

    [TestMethod]
    public void MoveToOuter_KeepsATensorUntilTheOuterScopeEnds()
    {
        Tensor moved;
        using (var outer = NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                moved = ones(1).MoveToOuterDisposeScope();
                Assert.IsFalse(inner.Contains(moved));
                var (a, b) = inner.MoveToOuter(ones(1), zeros(1));
                Assert.IsTrue(outer.Contains(a) && outer.Contains(b));
            }
            Assert.IsFalse(moved.IsInvalid);
            Assert.IsTrue(outer.Contains(moved));
            Assert.AreEqual(3, outer.DisposablesCount);
        }
        Assert.IsTrue(moved.IsInvalid);
    }

    [TestMethod]
    public void MoveToOuter_OfTheOutermost_Detaches()
    {
        Tensor moved;
        using (NewDisposeScope()) moved = ones(1).MoveToOuterDisposeScope();
        Assert.IsFalse(moved.IsInvalid);
        moved.Dispose();
    }

    [TestMethod]
    public void MoveToOther_And_Attach_ChangeTheOwner()
    {
        using var first = NewDisposeScope();
        using var second = NewDisposeScope();
        var tensor = ones(1);
        tensor.MoveToOtherDisposeScope(first);
        Assert.IsTrue(first.Contains(tensor));
        second.Attach(tensor);
        Assert.IsTrue(second.Contains(tensor));
        Assert.IsFalse(first.Contains(tensor));
        var other = ones(1).MoveToOtherDisposeScope(tensor);
        Assert.IsTrue(second.Contains(other));
    }

    [TestMethod]
    public void Detach_KeepsATensorAlive()
    {
        var before = Live;
        Tensor detached;
        using (NewDisposeScope()) detached = ones(1).DetachFromDisposeScope();
        Assert.AreEqual(before + 1, Live);
        Assert.AreEqual(1f, detached.item<float>());
        detached.Dispose();
        Assert.AreEqual(before, Live);
    }

    [TestMethod]
    public void DisposeEverythingBut_KeepsTheNamed()
    {
        using var scope = NewDisposeScope();
        var (kept, dropped) = (ones(1), ones(1));
        scope.DisposeEverythingBut(kept);
        Assert.IsTrue(dropped.IsInvalid);
        Assert.IsFalse(kept.IsInvalid);
        Assert.AreEqual(1, scope.DisposablesCount);
        scope.DisposeEverything();
        Assert.IsTrue(kept.IsInvalid);
    }

    [TestMethod]
    public void DisposedTensor_LeavesItsScope()
    {
        using var scope = NewDisposeScope();
        ones(1).Dispose();
        Assert.AreEqual(0, scope.DisposablesCount);
    }

    [TestMethod]
    public void DisposedScope_IsNotUsable()
    {
        var scope = NewDisposeScope();
        scope.Dispose();
        scope.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => scope.DisposablesCount);
        Assert.ThrowsExactly<ObjectDisposedException>(() => scope.DisposeEverything());
    }

    [TestMethod]
    public void CurrentScope_IsTheInnermost()
    {
        var outside = CurrentDisposeScope;
        using (var scope = NewDisposeScope()) Assert.AreSame(scope, CurrentDisposeScope);
        Assert.AreSame(outside, CurrentDisposeScope);
    }

    [TestMethod]
    public void Wrapped_ReturnsOnlyTheResult()
    {
        var before = Live;
        using (var result = WrappedTensorDisposeScope(() => ones(1) + ones(1) * 2)) Assert.AreEqual(before + 1, Live);
        Assert.AreEqual(before, Live);
    }

    [TestMethod]
    public void Statistics_CountByWhereTensorsBeganAndEnded()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        var outside = ones(1);
        using (NewDisposeScope())
        {
            _ = ones(1);
            _ = ones(1).DetachFromDisposeScope();
        }
        Assert.AreEqual(1, statistics.CreatedOutsideScopeCount);
        Assert.AreEqual(2, statistics.CreatedInScopeCount);
        Assert.AreEqual(1, statistics.DisposedInScopeCount);
        Assert.AreEqual(1, statistics.DetachedFromScopeCount);
        Assert.AreEqual(2, statistics.ThreadTotalLiveCount);
        outside.Dispose();
        Assert.AreEqual(1, statistics.DisposedOutsideScopeCount);
    }

    [TestMethod]
    public void TotalCount_CountsAllThreads()
    {
        using var tensor = ones(1);
        Assert.IsGreaterThan(0, Tensor.TotalCount);
        Assert.IsGreaterThanOrEqualTo(Tensor.TotalCount, Tensor.PeakCount);
    }

    [TestMethod]
    public void Parameters_OfALayer_OutliveTheScopeTheyAreMadeIn()
    {
        Linear layer;
        using (NewDisposeScope()) layer = nn.Linear(2, 2);
        Assert.IsFalse(layer.weight.IsInvalid);
        layer.Dispose();
        Assert.IsTrue(layer.weight.IsInvalid);
    }

    [TestMethod]
    public void TrainingStep_InAScope_LeavesNothingBehind()
    {
        using var network = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1));
        using var optimizer = optim.Adam(network.parameters());
        using var scope = NewDisposeScope();
        var (input, target) = (randn(16, 4), ones(16, 1));
        long? after = null;
        for (var i = 0; i < 3; i++)
        {
            using (NewDisposeScope())
            {
                optimizer.zero_grad();
                nn.functional.binary_cross_entropy_with_logits(network.call(input), target).backward();
                optimizer.step();
            }
            after ??= Live;
            Assert.AreEqual(after, Live);
        }
    }

    [TestMethod]
    public void Sequential_DisposesWhatItPassesOn()
    {
        using var network = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Tanh());
        using var input = ones(1, 2);
        var before = Live;
        using (network.call(input)) Assert.AreEqual(before + 1, Live);
    }

    [TestMethod]
    public void Gradient_IsANewObjectEachTime()
    {
        using var tensor = ones(1).requires_grad_();
        using (var loss = tensor * 2) loss.backward();
        var before = Live;
        using (var first = tensor.grad)
        using (var second = tensor.grad)
        {
            Assert.AreNotSame(first, second);
            Assert.AreEqual(before + 2, Live);
        }
        Assert.AreEqual(before, Live);
    }
}
