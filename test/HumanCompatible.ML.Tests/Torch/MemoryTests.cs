using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Torch;

/// <summary>Which tensors share memory, and what may be done with it.</summary>
[TestClass]
public sealed class MemoryTests
{
    private const int Alignment = 64;

    [TestMethod]
    public void Bytes_AreTheLiveMemoryOfATensor()
    {
        using var tensor = torch.zeros(3);

        MemoryMarshal.Cast<byte, float>(tensor.bytes)[1] = 9;

        CollectionAssert.AreEqual(new float[] { 0, 9, 0 }, tensor.data<float>().ToArray());
    }

    [TestMethod]
    public void Bytes_Written_AreNotSeenByAutograd()
    {
        using var scope = torch.NewDisposeScope();
        var leaf = torch.ones(2, requires_grad: true);
        var saved = leaf.alias();
        using var loss = saved.square().sum();

        saved.bytes.Clear();
        loss.backward();

        // 2x of what is there now: no error about a saved tensor that was changed.
        CollectionAssert.AreEqual(new float[] { 0, 0 }, leaf.grad!.data<float>().ToArray());
    }

    [TestMethod]
    public void Tensor_OfAnArray_DoesNotChangeWithTheArray()
    {
        float[] array = [1, 2];
        using var tensor = torch.tensor(array, [2, 1], device: torch.CPU);

        array[0] = 9;

        Assert.AreEqual(1f, tensor.data<float>()[0]);
    }

    // The last bits of a product depend on the alignment of its operands; memory of the runtime's own lies anywhere.
    [TestMethod]
    public void CloneAndCopy_LieWhereTorchAligns()
    {
        using var scope = torch.NewDisposeScope();
        for (var count = 1; count < 50; count++)
        {
            var tensor = torch.tensor(new float[count], device: torch.CPU);
            Assert.AreEqual(0, Address(tensor.clone()) % Alignment);
            Assert.AreEqual(0, Address(tensor.to(torch.CPU, copy: true)) % Alignment);
        }
    }

    // So each is disposed by itself, and harms no other.
    [TestMethod]
    public void MovesThatChangeNothing_GiveAnotherObjectOfTheSameMemory()
    {
        using var tensor = torch.ones(2);
        foreach (var move in new Func<torch.Tensor, torch.Tensor>[]
        {
            it => it.cpu(), it => it.contiguous(), it => it.to(torch.CPU), it => it.to_type(torch.ScalarType.Float32), it => it.detach(),
        })
        {
            using var moved = move(tensor);
            Assert.AreNotSame(tensor, moved);
            Assert.AreEqual(Address(tensor), Address(moved));
        }

        Assert.AreEqual(1f, tensor.data<float>()[0], "disposing the others leaves it alive");
    }

    // So a chain of them leaves nothing to dispose of.
    [TestMethod]
    public void InPlaceOperations_GiveTheTensorItself_ExceptZero()
    {
        using var tensor = torch.ones(2);
        using var other = torch.ones(2);
        using var one = 1.ToScalar();

        Assert.AreSame(tensor, tensor.mul_(other));
        Assert.AreSame(tensor, tensor.sub_(other));
        Assert.AreSame(tensor, tensor.add_(other, one));
        Assert.AreSame(tensor, tensor.addcdiv_(other, other, one));
        Assert.AreSame(tensor, tensor.copy_(other));
        using var zeroed = tensor.zero_();
        Assert.AreNotSame(tensor, zeroed);
        Assert.AreEqual(Address(tensor), Address(zeroed));
    }

    private static nint Address(torch.Tensor tensor)
        => Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref MemoryMarshal.GetReference(tensor.bytes));
}
