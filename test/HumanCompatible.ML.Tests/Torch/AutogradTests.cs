using System.Runtime.InteropServices;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Torch;

/// <summary>Gradients: whose they are, and where they are recorded.</summary>
[TestClass]
public sealed class AutogradTests
{
    private DisposeScope _scope = null!;

    [TestInitialize]
    public void OpenScope() => _scope = torch.NewDisposeScope();

    [TestCleanup]
    public void CloseScope() => _scope.Dispose();

    // So it is disposed after each use, and written through any of them.
    [TestMethod]
    public void Gradient_IsANewObjectOfTheSameMemoryEachTime()
    {
        var leaf = Leaf();
        leaf.sum().backward();

        var (first, second) = (leaf.grad!, leaf.grad!);
        first.bytes.Clear();

        Assert.AreNotSame(first, second);
        first.Dispose();
        CollectionAssert.AreEqual(new float[2], second.data<float>().ToArray());
    }

    [TestMethod]
    public void Gradient_Set_OutlivesTheObjectThatWasSet_AndIsAddedTo()
    {
        var leaf = Leaf();
        Assert.IsNull(leaf.grad);
        using (var start = torch.tensor(new float[] { 5, 6 }))
            leaf.grad = start;

        leaf.sum().backward();

        CollectionAssert.AreEqual(new float[] { 6, 7 }, leaf.grad!.data<float>().ToArray());
    }

    [TestMethod]
    public void NoGradAndInferenceMode_HoldForTheirThreadOnly()
    {
        Assert.IsTrue(torch.is_grad_enabled());
        using (torch.no_grad())
        {
            Assert.IsFalse(torch.is_grad_enabled());
            Assert.IsTrue(OnAnotherThread(torch.is_grad_enabled));
        }

        using (torch.inference_mode())
        {
            Assert.IsFalse(torch.is_grad_enabled());
            Assert.IsTrue(OnAnotherThread(torch.is_grad_enabled));
        }

        Assert.IsTrue(torch.is_grad_enabled());
    }

    [TestMethod]
    public void InferenceMode_TensorsMadeInIt_CannotBeTrainedOn()
    {
        torch.Tensor made;
        using (torch.inference_mode())
            made = torch.ones(2);

        Assert.ThrowsExactly<ExternalException>(() => Leaf().mul(made));
    }

    [TestMethod]
    public void Sum_OfALiteralZero_IsOverEverythingAsBytes_OfADimensionByName()
    {
        var table = torch.ones(2, 3);

        Assert.AreEqual((torch.ScalarType.Byte, 0L), (table.sum(0).dtype, table.sum(0).ndim));
        CollectionAssert.AreEqual(new long[] { 3 }, table.sum(dim: 0).shape);
    }

    private static torch.Tensor Leaf() => torch.ones(2, requires_grad: true);

    private static bool OnAnotherThread(Func<bool> question)
    {
        var answer = false;
        var thread = new Thread(() => answer = question());
        thread.Start();
        thread.Join();
        return answer;
    }
}
