using TorchSharp;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class CreationTests
{
    private DisposeScope scope = null!;

    [TestInitialize]
    public void OpenScope() => scope = NewDisposeScope();

    [TestCleanup]
    public void CloseScope() => scope.Dispose();

    [TestMethod]
    public void Zeros_Ones_Full_HaveShapeValueAndDefaultType()
    {
        TensorAssert.AreEqual([2, 3], new double[6], zeros(2, 3));
        TensorAssert.AreEqual([3], [1, 1, 1], ones([3]));
        TensorAssert.AreEqual([1, 2, 2], [2.5, 2.5, 2.5, 2.5], full(1, 2, 2, 2.5));
        Assert.AreEqual(ScalarType.Float32, zeros(1).dtype);
        Assert.AreEqual(ScalarType.Float64, ones(1, dtype: float64).dtype);
        CollectionAssert.AreEqual(new long[] { 4, 5 }, empty(4, 5).shape);
    }

    [TestMethod]
    public void Full_WithoutType_TakesInt64OfIntegersAndDefaultOfFloats()
    {
        Assert.AreEqual(ScalarType.Int64, full([1], 3).dtype);
        Assert.AreEqual(ScalarType.Float32, full([1], 3.0).dtype);
        Assert.AreEqual(ScalarType.Float64, full([1], 3, dtype: float64).dtype);
    }

    [TestMethod]
    public void Arange_CountsFromStartBelowStop()
    {
        TensorAssert.AreEqual([4], [0, 1, 2, 3], arange(4));
        TensorAssert.AreEqual([3], [2, 4, 6], arange(2, 8, 2));
        Assert.AreEqual(ScalarType.Int64, arange(4).dtype);
        Assert.AreEqual(ScalarType.Float32, arange(4.0).dtype);
        TensorAssert.AreEqual([3], [0, 0.5, 1], linspace(0, 1, 3));
        TensorAssert.AreEqual([2, 2], [1, 0, 0, 1], eye(2));
    }

    [TestMethod]
    public void Tensor_OfArrays_TakesTypeAndShapeOfTheArray()
    {
        TensorAssert.AreEqual([2], [1.5, 2.5], tensor(new[] { 1.5f, 2.5f }));
        Assert.AreEqual(ScalarType.Float32, tensor(new[] { 1f }).dtype);
        Assert.AreEqual(ScalarType.Float64, tensor(new[] { 1d }).dtype);
        Assert.AreEqual(ScalarType.Int64, tensor(new[] { 1L }).dtype);
        Assert.AreEqual(ScalarType.Int32, tensor(new[] { 1 }).dtype);
        Assert.AreEqual(ScalarType.Bool, tensor(new[] { true }).dtype);
        TensorAssert.AreEqual([2, 2], [1, 2, 3, 4], tensor(new double[,] { { 1, 2 }, { 3, 4 } }));
        TensorAssert.AreEqual([2, 2], [1, 2, 3, 4], tensor(new double[] { 1, 2, 3, 4 }, [2, 2]));
        TensorAssert.AreEqual([2, 2], [1, 2, 3, 4], tensor((IList<float>)[1, 2, 3, 4], 2, 2));
        TensorAssert.AreEqual([3], [1, 2, 3], tensor(new[] { 1.9f, 2.9f, 3.9f }, dtype: int64));
    }

    [TestMethod]
    public void Tensor_OfScalars_HasNoDimensions()
    {
        Assert.AreEqual(0, tensor(1.5).ndim);
        Assert.AreEqual(ScalarType.Float64, tensor(1.5).dtype);
        Assert.AreEqual(ScalarType.Float32, tensor(1.5f).dtype);
        Assert.AreEqual(ScalarType.Int64, tensor(1L).dtype);
        Assert.AreEqual(ScalarType.Int32, tensor(1).dtype);
        Assert.AreEqual(ScalarType.Float32, tensor(1.5, dtype: float32).dtype);
        Assert.IsTrue(tensor(1.5, requires_grad: true).requires_grad);
    }

    [TestMethod]
    public void Tensor_OfFloatArray_CopiesTheArray()
    {
        var array = new[] { 1f, 2f };
        var copy = tensor(array);
        array[0] = 9;
        Assert.AreEqual(1f, copy[0].item<float>());
    }

    [TestMethod]
    public void Tensor_OfInt64Array_AndFromArray_ShareTheArray()
    {
        var numbers = new[] { 1L, 2L };
        var shared = tensor(numbers);
        numbers[0] = 9;
        Assert.AreEqual(9L, shared[0].item<long>());
        var floats = new[] { 1f, 2f };
        var alias = from_array(floats);
        floats[1] = 7;
        Assert.AreEqual(7f, alias[1].item<float>());
    }

    [TestMethod]
    public void Tensor_WithMoreElementsThanTheArray_Throws() =>
        Assert.ThrowsExactly<ArgumentException>(() => tensor(new[] { 1f, 2f }, [3]));

    [TestMethod]
    public void Like_TakesShapeTypeAndDevice()
    {
        var source = tensor(new double[,] { { 1, 2 } });
        TensorAssert.AreEqual([1, 2], [0, 0], zeros_like(source));
        TensorAssert.AreEqual([1, 2], [1, 1], ones_like(source));
        TensorAssert.AreEqual([1, 2], [3, 3], full_like(source, 3));
        Assert.AreEqual(ScalarType.Float64, zeros_like(source).dtype);
        Assert.AreEqual(ScalarType.Int64, zeros_like(source, dtype: int64).dtype);
        Assert.IsFalse(ones_like(source.requires_grad_()).requires_grad);
    }

    [TestMethod]
    public void DefaultType_AppliesToFactoriesOnly()
    {
        var previous = get_default_dtype();
        try
        {
            set_default_dtype(float64);
            Assert.AreEqual(ScalarType.Float64, zeros(1).dtype);
            Assert.AreEqual(ScalarType.Float64, rand(1).dtype);
            Assert.AreEqual(ScalarType.Float32, tensor(new[] { 1f }).dtype);
        }
        finally
        {
            set_default_dtype(previous);
        }
        Assert.ThrowsExactly<ArgumentException>(() => set_default_dtype(int64));
    }

    [TestMethod]
    public void ImplicitConversions_MakeTensorsOfNumbersAndArrays()
    {
        Tensor number = 2.5f;
        Tensor array = new[] { 1L, 2L };
        Assert.AreEqual(ScalarType.Float32, number.dtype);
        Assert.AreEqual(0, number.ndim);
        TensorAssert.AreEqual([2], [1, 2], array);
        Assert.AreEqual(2.5, (double)number);
        Assert.AreEqual(2, (int)array[1]);
    }
}
