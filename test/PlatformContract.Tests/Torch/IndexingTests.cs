using TorchSharp;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class IndexingTests
{
    private DisposeScope scope = null!;
    private Tensor table = null!;

    [TestInitialize]
    public void OpenScope()
    {
        scope = NewDisposeScope();
        table = arange(12, dtype: float64).reshape(3, 4);
    }

    [TestCleanup]
    public void CloseScope() => scope.Dispose();

    public static IEnumerable<(string, Func<Tensor, Tensor>, long[], double[])> Reads =>
    [
        ("row", t => t[1], [4], [4, 5, 6, 7]),
        ("last row", t => t[-1], [4], [8, 9, 10, 11]),
        ("element", t => t[1, 2], [], [6]),
        ("colon", t => t[TensorIndex.Colon, TensorIndex.Single(1)], [3], [1, 5, 9]),
        ("slice", t => t[TensorIndex.Slice(1, 3), TensorIndex.Slice(0, 4, 2)], [2, 2], [4, 6, 8, 10]),
        ("open slice", t => t[TensorIndex.Slice(2)], [1, 4], [8, 9, 10, 11]),
        ("range", t => t[1.., ..2], [2, 2], [4, 5, 8, 9]),
        ("ellipsis", t => t[TensorIndex.Ellipsis, TensorIndex.Single(0)], [3], [0, 4, 8]),
        ("null", t => t[TensorIndex.Null, TensorIndex.Single(0)], [1, 4], [0, 1, 2, 3]),
        ("null at the end", t => t[TensorIndex.Colon, TensorIndex.Single(0), TensorIndex.Null], [3, 1], [0, 4, 8]),
        ("mask", t => t[t > 8], [3], [9, 10, 11]),
        ("row mask", t => t[tensor(new[] { true, false, true })], [2, 4], [0, 1, 2, 3, 8, 9, 10, 11]),
        ("rows", t => t[tensor(new long[] { 2, 0 })], [2, 4], [8, 9, 10, 11, 0, 1, 2, 3]),
        ("columns", t => t[TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 3, 0 }))], [3, 2], [3, 0, 7, 4, 11, 8]),
        ("points", t => t[tensor(new long[] { 0, 2 }), tensor(new long[] { 1, 3 })], [2], [1, 11]),
        ("row of columns", t => t[TensorIndex.Single(1), TensorIndex.Tensor(tensor(new long[] { 3, 0 }))], [2], [7, 4]),
    ];

    [TestMethod, DynamicData(nameof(Reads))]
    public void Index_Reads(string name, Func<Tensor, Tensor> read, long[] shape, double[] values)
    {
        Assert.IsNotNull(name);
        TensorAssert.AreEqual(shape, values, read(table));
    }

    public static IEnumerable<(string, Action<Tensor>, double[])> Writes =>
    [
        ("row of a number", t => t[0] = 1.5, [1.5, 1.5, 1.5, 1.5, 4, 5, 6, 7, 8, 9, 10, 11]),
        ("row of a tensor", t => t[0] = t[2], [8, 9, 10, 11, 4, 5, 6, 7, 8, 9, 10, 11]),
        ("element", t => t[2, 3] = 0.0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0]),
        ("column", t => t[TensorIndex.Colon, TensorIndex.Single(0)] = tensor(new double[] { -1, -2, -3 }), [-1, 1, 2, 3, -2, 5, 6, 7, -3, 9, 10, 11]),
        ("block", t => t[1.., 2..] = zeros(2, 2, dtype: float64), [0, 1, 2, 3, 4, 5, 0, 0, 8, 9, 0, 0]),
        ("mask", t => t[t > 3] = 0.0, [0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("rows", t => t[tensor(new long[] { 2, 0 })] = zeros(2, 4, dtype: float64), [0, 0, 0, 0, 4, 5, 6, 7, 0, 0, 0, 0]),
        ("scalar at slices", t => t.index_put_((Scalar)7, TensorIndex.Slice(0, 1)), [7, 7, 7, 7, 4, 5, 6, 7, 8, 9, 10, 11]),
    ];

    [TestMethod, DynamicData(nameof(Writes))]
    public void Index_Writes(string name, Action<Tensor> write, double[] values)
    {
        Assert.IsNotNull(name);
        write(table);
        TensorAssert.AreEqual([3, 4], values, table);
    }

    [TestMethod]
    public void IndexPut_Accumulates()
    {
        table.index_put_(ones(3, dtype: float64), [TensorIndex.Tensor(tensor(new long[] { 0, 0, 1 })), TensorIndex.Tensor(tensor(new long[] { 0, 0, 0 }))], true);
        TensorAssert.AreEqual([2, 5, 8], table[TensorIndex.Colon, TensorIndex.Single(0)]);
    }

    [TestMethod]
    public void Index_OfIntegersAndSlices_IsAView()
    {
        table[1].fill_(0);
        table[TensorIndex.Slice(0, 1)].fill_(1);
        TensorAssert.AreEqual([1, 1, 1, 1, 0, 0, 0, 0, 8, 9, 10, 11], table);
    }

    [TestMethod]
    public void Index_OutOfRange_Throws() =>
        Assert.ThrowsExactly<System.Runtime.InteropServices.ExternalException>(() => _ = table[3]);
}
