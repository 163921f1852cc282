using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Torch;

[TestClass]
public sealed class HostMemoryTests
{
    [TestMethod]
    public void Of_AContiguousFloatTensor_IsItsMemory()
    {
        using var tensor = torch.tensor(new float[] { 1, 2, 3, 4 }, [2, 2]);

        HostMemory.Of(tensor)[3] = 9;

        Assert.IsTrue(HostMemory.Has(tensor));
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 9 }, tensor.data<float>().ToArray());
    }

    [TestMethod]
    public void Of_AnyOtherTensor_Throws()
    {
        using var scope = torch.NewDisposeScope();
        var floats = torch.ones(2, 3);
        foreach (var tensor in new[] { floats.t(), torch.ones(2, dtype: torch.ScalarType.Float64) })
        {
            Assert.IsFalse(HostMemory.Has(floats, tensor));
            Assert.ThrowsExactly<ArgumentException>(() => HostMemory.Of(tensor).Clear());
        }
    }
}
