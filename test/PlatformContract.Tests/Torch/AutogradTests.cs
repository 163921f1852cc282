using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class AutogradTests
{
    private DisposeScope scope = null!;
    private Tensor x = null!;

    [TestInitialize]
    public void OpenScope()
    {
        scope = NewDisposeScope();
        x = tensor(new double[] { 1, 2, 3 }, requires_grad: true);
    }

    [TestCleanup]
    public void CloseScope() => scope.Dispose();

    [TestMethod]
    public void Leaves_AndResults_AreTold()
    {
        var y = x * 2;
        Assert.IsTrue(x.is_leaf);
        Assert.IsFalse(y.is_leaf);
        Assert.IsTrue(y.requires_grad);
        Assert.IsFalse(y.detach().requires_grad);
        Assert.IsTrue(y.detach().is_leaf);
        Assert.IsFalse((x > 1).requires_grad);
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void Backward_AddsUp_UntilTheGradientIsCleared()
    {
        (x * x).sum().backward();
        TensorAssert.AreEqual([2, 4, 6], x.grad!);
        (x * x).sum().backward();
        TensorAssert.AreEqual([4, 8, 12], x.grad!);
        x.grad!.zero_();
        TensorAssert.AreEqual([0, 0, 0], x.grad!);
        x.grad = null;
        Assert.IsNull(x.grad);
        x.grad = ones(3, dtype: float64);
        TensorAssert.AreEqual([1, 1, 1], x.grad!);
    }

    [TestMethod]
    public void Backward_Twice_NeedsRetainGraph()
    {
        var loss = x.exp().sum();
        loss.backward(retain_graph: true);
        loss.backward();
        Assert.ThrowsExactly<ExternalException>(() => loss.backward());
    }

    [TestMethod]
    public void Backward_OfManyElements_NeedsAGradient()
    {
        Assert.ThrowsExactly<ExternalException>(() => (x * 2).backward());
        (x * 2).backward([tensor(new double[] { 1, 0, 3 })]);
        TensorAssert.AreEqual([2, 0, 6], x.grad!);
    }

    [TestMethod]
    public void Backward_WithoutGraph_Throws() =>
        Assert.ThrowsExactly<ExternalException>(() => x.detach().sum().backward());

    [TestMethod]
    public void Grad_ReturnsGradients_AndLeavesTheLeavesAlone()
    {
        var y = tensor(new double[] { 4, 5, 6 }, requires_grad: true);
        var gradients = autograd.grad([(x * y).sum()], [x, y]);
        TensorAssert.AreEqual([4, 5, 6], gradients[0]);
        TensorAssert.AreEqual([1, 2, 3], gradients[1]);
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void Grad_OfAGradient()
    {
        var first = autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0];
        TensorAssert.AreEqual([3, 12, 27], first);
        TensorAssert.AreEqual([6, 12, 18], autograd.grad([first.sum()], [x])[0]);
    }

    [TestMethod]
    public void Grad_WithWeights() =>
        TensorAssert.AreEqual([2, 8, 18], autograd.grad([x * x], [x], [tensor(new double[] { 1, 2, 3 })])[0]);

    [TestMethod]
    public void NoGrad_Nests_AndEndsWithItsScope()
    {
        Assert.IsTrue(is_grad_enabled());
        using (no_grad())
        {
            Assert.IsFalse((x * 2).requires_grad);
            using (enable_grad()) Assert.IsTrue((x * 2).requires_grad);
            using (no_grad()) Assert.IsFalse(is_grad_enabled());
            Assert.IsFalse(is_grad_enabled());
        }
        Assert.IsTrue(is_grad_enabled());
        using (set_grad_enabled(false)) Assert.IsFalse(is_grad_enabled());
    }

    [TestMethod]
    public void InferenceMode_RecordsNothing()
    {
        Assert.IsFalse(is_inference_mode_enabled());
        using (inference_mode())
        {
            Assert.IsTrue(is_inference_mode_enabled());
            Assert.IsFalse((x * 2).requires_grad);
        }
        Assert.IsFalse(is_inference_mode_enabled());
    }

    [TestMethod]
    public void Leaf_ChangesInPlace_OnlyWithoutGrad()
    {
        Assert.ThrowsExactly<ExternalException>(() => x.add_(1));
        using (no_grad()) x.add_(1);
        TensorAssert.AreEqual([2, 3, 4], x);
    }

    [TestMethod]
    public void SavedTensor_ChangedInPlace_MakesBackwardThrow()
    {
        var y = x * 1;
        var loss = y.square().sum();
        using (no_grad()) y.mul_(2);
        Assert.ThrowsExactly<ExternalException>(() => loss.backward());
    }

    [TestMethod]
    public void Views_PassGradients()
    {
        var y = x * 1;
        y[0] = y[1] * 3;
        y.sum().backward();
        TensorAssert.AreEqual([0, 4, 1], x.grad!);
    }

    [TestMethod]
    public void Detach_CutsTheGraph_ButSharesValues()
    {
        (x.detach() * x).sum().backward();
        TensorAssert.AreEqual([1, 2, 3], x.grad!);
    }

    [TestMethod]
    public void RequiresGrad_OfIntegers_Throws() =>
        Assert.ThrowsExactly<ExternalException>(() => arange(3).requires_grad_());

    [TestMethod]
    public void ClipGradNorm_ScalesAllGradientsTogether()
    {
        var first = new TorchSharp.Modules.Parameter(zeros(2));
        var second = new TorchSharp.Modules.Parameter(zeros(1));
        (first * tensor(new[] { 2f, 1f })).sum().backward();
        (second * 2).sum().backward();
        Assert.AreEqual(3.0, nn.utils.clip_grad_norm_([first, second], 1.5), 1e-6);
        TensorAssert.AreEqual([1, 0.5], first.grad!, 1e-6);
        TensorAssert.AreEqual([1], second.grad!, 1e-6);
    }
}
