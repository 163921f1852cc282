using TorchSharp;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class ReductionTests
{
    private DisposeScope scope = null!;
    private Tensor table = null!;

    [TestInitialize]
    public void OpenScope()
    {
        scope = NewDisposeScope();
        table = tensor(new double[,] { { 3, -1, 2 }, { 0, 5, 4 } });
    }

    [TestCleanup]
    public void CloseScope() => scope.Dispose();

    public static IEnumerable<(string, Func<Tensor, Tensor>, long[], double[])> Reductions =>
    [
        ("sum", t => t.sum(), [], [13]),
        ("sum of rows", t => t.sum(dim: 1), [2], [4, 9]),
        ("sum of columns", t => t.sum(dim: 0), [3], [3, 4, 6]),
        ("sum with keepdim", t => t.sum(1, keepdim: true), [2, 1], [4, 9]),
        ("sum of dimensions", t => t.sum([0, 1]), [], [13]),
        ("sum of two", t => t.sum(0, 1), [], [13]),
        ("mean", t => t.mean(), [], [13.0 / 6]),
        ("mean of rows", t => t.mean([1]), [2], [4.0 / 3, 3]),
        ("mean with keepdim", t => t.mean([0], keepdim: true), [1, 3], [1.5, 2, 3]),
        ("max", t => t.max(), [], [5]),
        ("max of rows", t => t.max(1).values, [2], [3, 5]),
        ("places of max", t => t.max(1).indexes, [2], [0, 1]),
        ("min", t => t.min(), [], [-1]),
        ("min of columns", t => t.min(0).values, [3], [0, -1, 2]),
        ("amax", t => t.amax([1]), [2], [3, 5]),
        ("amax with keepdim", t => t.amax([0], true), [1, 3], [3, 5, 4]),
        ("amin", t => t.amin([1]), [2], [-1, 0]),
        ("argmax", t => t.argmax(), [], [4]),
        ("argmax of rows", t => t.argmax(1), [2], [0, 1]),
        ("argmin", t => t.argmin(0), [3], [1, 0, 0]),
        ("norm", t => t.norm(), [], [Math.Sqrt(55)]),
        ("norm 1", t => t.norm(1f), [], [15]),
        ("norm of rows", t => t.norm(1, false, 2f), [2], [Math.Sqrt(14), Math.Sqrt(41)]),
        ("std", t => t.std(), [], [Math.Sqrt((55 - 169.0 / 6) / 5)]),
        ("std of all", t => t.std(unbiased: false), [], [Math.Sqrt((55 - 169.0 / 6) / 6)]),
        ("var of columns", t => t.var(0), [3], [4.5, 18, 2]),
        ("var of all columns", t => t.var(0, unbiased: false), [3], [2.25, 9, 1]),
        ("prod", t => t.prod(1), [2], [-6, 0]),
        ("cumsum", t => t.cumsum(1), [2, 3], [3, 2, 4, 0, 5, 9]),
        ("cumsum down", t => t.cumsum(0), [2, 3], [3, -1, 2, 3, 4, 6]),
        ("logsumexp", t => t.logsumexp(1), [2], [Math.Log(Math.Exp(3) + Math.Exp(-1) + Math.Exp(2)), Math.Log(1 + Math.Exp(5) + Math.Exp(4))]),
        ("all", t => (t > 0).all(), [], [0]),
        ("all of columns", t => (t > 0).all(0), [3], [0, 0, 1]),
        ("any", t => (t > 4).any(), [], [1]),
        ("any of rows", t => (t > 4).any(1), [2], [0, 1]),
        ("count_nonzero", t => t.count_nonzero(), [], [5]),
        ("sort", t => t.sort(1).Values, [2, 3], [-1, 2, 3, 0, 4, 5]),
        ("sort descending", t => t.sort(1, descending: true).Indices, [2, 3], [0, 2, 1, 1, 2, 0]),
        ("argsort", t => t.argsort(1), [2, 3], [1, 2, 0, 0, 2, 1]),
        ("topk", t => t.topk(2, 1).values, [2, 2], [3, 2, 5, 4]),
        ("median", t => t.median(), [], [2]),
        ("bincount", t => tensor(new long[] { 0, 2, 2 }).bincount(null, 4), [4], [1, 0, 2, 0]),
    ];

    [TestMethod, DynamicData(nameof(Reductions))]
    public void Reduction_IsThatOfTheElements(string name, Func<Tensor, Tensor> reduction, long[] shape, double[] values)
    {
        Assert.IsNotNull(name);
        TensorAssert.AreEqual(shape, values, reduction(table), 1e-14);
    }

    [TestMethod]
    public void Sum_OfAPositionalInteger_IsTakenForADimension_ButNotZero()
    {
        CollectionAssert.AreEqual(new long[] { 2 }, table.sum(1).shape);
        // The literal 0 converts to the enum ScalarType, which is the better match: the sum of all, as bytes.
        Assert.AreEqual(ScalarType.Byte, ones(2, 2).sum(0).dtype);
    }

    [TestMethod]
    public void Sum_CanWidenItsType()
    {
        Assert.AreEqual(ScalarType.Float64, ones(2).sum(float64).dtype);
        Assert.AreEqual(ScalarType.Int64, tensor(new[] { 1, 2 }).sum().dtype);
    }

    [TestMethod]
    public void Empty_SumsToZero_AndHasNoExtremes()
    {
        var none = zeros([0]);
        Assert.AreEqual(0f, none.sum().item<float>());
        Assert.IsTrue(float.IsNaN(none.mean().item<float>()));
        Assert.ThrowsExactly<System.Runtime.InteropServices.ExternalException>(() => none.max());
    }

    [TestMethod]
    public void Softmax_SumsToOne()
    {
        var softmax = table.softmax(1);
        TensorAssert.AreEqual([1, 1], softmax.sum(dim: 1), 1e-15);
        TensorAssert.AreEqual(TensorAssert.Values(softmax.log()), nn.functional.log_softmax(table, 1), 1e-14);
        TensorAssert.AreEqual(TensorAssert.Values(softmax), nn.functional.softmax(table, 1), 0);
        var whole = Math.Exp(3) + Math.Exp(-1) + Math.Exp(2);
        TensorAssert.AreEqual([Math.Exp(3) / whole, Math.Exp(-1) / whole, Math.Exp(2) / whole], softmax[0], 1e-14);
    }
}
