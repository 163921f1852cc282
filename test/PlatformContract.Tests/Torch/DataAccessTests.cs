using TorchSharp;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class DataAccessTests
{
    private DisposeScope scope = null!;

    [TestInitialize]
    public void OpenScope() => scope = NewDisposeScope();

    [TestCleanup]
    public void CloseScope() => scope.Dispose();

    [TestMethod]
    public void Properties_DescribeTheTensor()
    {
        var tensor = zeros(2, 3, dtype: float64);
        CollectionAssert.AreEqual(new long[] { 2, 3 }, tensor.shape);
        CollectionAssert.AreEqual(new long[] { 2, 3 }, tensor.size());
        CollectionAssert.AreEqual(new long[] { 3, 1 }, tensor.stride());
        Assert.AreEqual(3, tensor.size(-1));
        Assert.AreEqual(2, tensor.ndim);
        Assert.AreEqual(2, tensor.dim());
        Assert.AreEqual(6, tensor.numel());
        Assert.AreEqual(6, tensor.NumberOfElements);
        Assert.AreEqual(8, tensor.ElementSize);
        Assert.AreEqual(DeviceType.CPU, tensor.device_type);
        Assert.AreEqual("cpu", tensor.device.ToString());
        Assert.IsTrue(tensor.is_floating_point());
        Assert.IsFalse(tensor.is_integral());
        Assert.IsTrue(tensor.is_contiguous());
        Assert.AreEqual("[2x3], type = Float64, device = cpu", tensor.ToString());
    }

    [TestMethod]
    public void Data_ReadsAnyStrides()
    {
        var turned = arange(6, dtype: float32).reshape(2, 3).t();
        Assert.IsFalse(turned.is_contiguous());
        CollectionAssert.AreEqual(new float[] { 0, 3, 1, 4, 2, 5 }, turned.data<float>().ToArray());
        Assert.AreEqual(4f, turned.data<float>()[1, 1]);
        Assert.AreEqual(6, turned.data<float>().Count);
        var target = new float[7];
        turned.data<float>().CopyTo(target, 1);
        CollectionAssert.AreEqual(new float[] { 0, 0, 3, 1, 4, 2, 5 }, target);
        CollectionAssert.AreEqual(new float[] { 0, 3, 1, 4, 2, 5 }, turned.data<float>().ToList());
    }

    [TestMethod]
    public void Data_CopyToSpan_TakesWhatFits()
    {
        Span<float> target = stackalloc float[2];
        arange(4, dtype: float32).data<float>().CopyTo(target);
        Assert.AreEqual(1f, target[1]);
    }

    [TestMethod]
    public void Data_WritesIntoTheTensor()
    {
        var tensor = zeros(2, 2);
        var data = tensor.data<float>();
        data[1, 0] = 5;
        data[3] = 7;
        TensorAssert.AreEqual([0, 0, 5, 7], tensor);
        data.CopyFrom([1f, 2f, 3f, 4f]);
        TensorAssert.AreEqual([1, 2, 3, 4], tensor);
    }

    [TestMethod]
    public void Data_OfAnotherType_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(() => zeros(1).data<double>());
        Assert.ThrowsExactly<ArgumentException>(() => zeros(1).item<long>());
        Assert.ThrowsExactly<ArgumentException>(() => zeros(2).item<float>());
    }

    [TestMethod]
    public void Item_And_Conversions_ReadOneElement()
    {
        Assert.AreEqual(2.5f, full([1, 1], 2.5).item<float>());
        Assert.IsTrue(tensor(true).item<bool>());
        Assert.AreEqual(3L, tensor(3L).ToInt64());
        Assert.AreEqual(2.5, tensor(2.5f).ToDouble());
        Assert.AreEqual(2.5f, tensor(2.5).ToSingle());
        Assert.AreEqual(2, tensor(2.5).ToInt32());
        Assert.AreEqual(2.5, tensor(2.5).ToScalar().ToDouble());
    }

    [TestMethod]
    public void Bytes_AreTheMemoryOfTheTensor()
    {
        var tensor = torch.tensor(new[] { 1f, 2f });
        var bytes = tensor.bytes;
        Assert.AreEqual(8, bytes.Length);
        BitConverter.TryWriteBytes(bytes[4..], 9f);
        Assert.AreEqual(9f, tensor[1].item<float>());
        tensor.bytes = BitConverter.GetBytes(3f).Concat(BitConverter.GetBytes(4f)).ToArray();
        TensorAssert.AreEqual([3, 4], tensor);
        Assert.ThrowsExactly<InvalidOperationException>(() => _ = zeros(2, 3).t().bytes.Length);
    }

    [TestMethod]
    public void Moves_ConvertTypes_AndKeepTheTensorWhereNothingChanges()
    {
        var source = tensor(new[] { 1.7f, -1.7f, 0f });
        TensorAssert.AreEqual([1, -1, 0], source.to(int64));
        TensorAssert.AreEqual([1, 1, 0], source.to(ScalarType.Bool));
        Assert.AreEqual(ScalarType.Float64, source.@double().dtype);
        Assert.AreEqual(ScalarType.Int64, source.@long().dtype);
        Assert.AreEqual(ScalarType.Float32, source.to(float64).type_as(source).dtype);
        Assert.AreEqual(ScalarType.Float64, source.to(float64, CPU).dtype);
        var same = source.to(float32);
        same[0] = 5f;
        Assert.AreEqual(5f, source[0].item<float>());
        var copy = source.to(float32, copy: true);
        copy[0] = 6f;
        Assert.AreEqual(5f, source[0].item<float>());
        var there = source.to(CPU);
        there[0] = 7f;
        Assert.AreEqual(7f, source.cpu()[0].item<float>());
    }
}
