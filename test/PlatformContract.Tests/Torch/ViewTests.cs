using TorchSharp;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class ViewTests
{
    private DisposeScope scope = null!;
    private Tensor table = null!;

    [TestInitialize]
    public void OpenScope()
    {
        scope = NewDisposeScope();
        table = arange(6, dtype: float64).reshape(2, 3);
    }

    [TestCleanup]
    public void CloseScope() => scope.Dispose();

    public static IEnumerable<(string, Func<Tensor, Tensor>, long[], double[])> Views =>
    [
        ("view", t => t.view(3, 2), [3, 2], [0, 1, 2, 3, 4, 5]),
        ("view with -1", t => t.view(-1), [6], [0, 1, 2, 3, 4, 5]),
        ("reshape", t => t.reshape(1, 6), [1, 6], [0, 1, 2, 3, 4, 5]),
        ("flatten", t => t.flatten(), [6], [0, 1, 2, 3, 4, 5]),
        ("t", t => t.t(), [3, 2], [0, 3, 1, 4, 2, 5]),
        ("T", t => t.T, [3, 2], [0, 3, 1, 4, 2, 5]),
        ("transpose", t => t.transpose(0, 1), [3, 2], [0, 3, 1, 4, 2, 5]),
        ("permute", t => t.permute(1, 0), [3, 2], [0, 3, 1, 4, 2, 5]),
        ("unsqueeze", t => t.unsqueeze(1), [2, 1, 3], [0, 1, 2, 3, 4, 5]),
        ("squeeze", t => t.unsqueeze(0).squeeze(0), [2, 3], [0, 1, 2, 3, 4, 5]),
        ("squeeze of all", t => t.view(1, 2, 1, 3).squeeze(), [2, 3], [0, 1, 2, 3, 4, 5]),
        ("narrow", t => t.narrow(1, 1, 2), [2, 2], [1, 2, 4, 5]),
        ("select", t => t.select(1, 0), [2], [0, 3]),
        ("slice", t => t.slice(1, 0, 3, 2), [2, 2], [0, 2, 3, 5]),
        ("detach", t => t.detach(), [2, 3], [0, 1, 2, 3, 4, 5]),
        ("alias", t => t.alias(), [2, 3], [0, 1, 2, 3, 4, 5]),
        ("expand", t => t.narrow(0, 0, 1).expand(2, 3), [2, 3], [0, 1, 2, 0, 1, 2]),
        ("contiguous", t => t.contiguous(), [2, 3], [0, 1, 2, 3, 4, 5]),
        ("unbind", t => t.unbind(0)[0], [3], [0, 1, 2]),
        ("chunk", t => t.chunk(3, 1)[0], [2, 1], [0, 3]),
        ("split", t => t.split(2, 1)[0], [2, 2], [0, 1, 3, 4]),
        ("diagonal", t => t.diagonal(), [2], [0, 4]),
    ];

    [TestMethod, DynamicData(nameof(Views))]
    public void View_SharesMemoryWithItsBase(string name, Func<Tensor, Tensor> view, long[] shape, double[] values)
    {
        var result = view(table);
        TensorAssert.AreEqual(shape, values, result);
        result.select(0, 0).fill_(42);
        Assert.IsTrue(TensorAssert.Values(table).Contains(42), $"{name} does not share memory");
    }

    public static IEnumerable<(string, Func<Tensor, Tensor>, long[], double[])> Copies =>
    [
        ("clone", t => t.clone(), [2, 3], [0, 1, 2, 3, 4, 5]),
        ("contiguous of transposed", t => t.t().contiguous(), [3, 2], [0, 3, 1, 4, 2, 5]),
        ("index_select", t => t.index_select(1, tensor(new long[] { 2, 0 })), [2, 2], [2, 0, 5, 3]),
        ("gather", t => t.gather(1, tensor(new long[,] { { 2 }, { 0 } })), [2, 1], [2, 3]),
        ("repeat", t => t.narrow(1, 0, 1).repeat(1, 2), [2, 2], [0, 0, 3, 3]),
        ("flip", t => t.flip(1), [2, 3], [2, 1, 0, 5, 4, 3]),
        ("masked_select", t => t.masked_select(t > 3), [2], [4, 5]),
        ("cat", t => cat([t, t], 0), [4, 3], [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]),
        ("cat of columns", t => cat([t, t.narrow(1, 0, 1)], 1), [2, 4], [0, 1, 2, 0, 3, 4, 5, 3]),
        ("stack", t => stack([t.select(0, 1), t.select(0, 0)]), [2, 3], [3, 4, 5, 0, 1, 2]),
        ("stack of columns", t => stack([t.select(0, 1), t.select(0, 0)], 1), [3, 2], [3, 0, 4, 1, 5, 2]),
        ("scatter_add", t => t.scatter_add(1, zeros(2, 3, dtype: int64), ones(2, 3, dtype: float64)), [2, 3], [3, 1, 2, 6, 4, 5]),
        ("index_add", t => t.index_add(0, tensor(new long[] { 1, 1 }), t, 1), [2, 3], [0, 1, 2, 6, 9, 12]),
        ("masked_fill", t => t.masked_fill(t < 2, -1), [2, 3], [-1, -1, 2, 3, 4, 5]),
        ("nonzero", t => t.nonzero(), [5, 2], [0, 1, 0, 2, 1, 0, 1, 1, 1, 2]),
    ];

    [TestMethod, DynamicData(nameof(Copies))]
    public void Copy_LeavesItsSourceAlone(string name, Func<Tensor, Tensor> copy, long[] shape, double[] values)
    {
        var result = copy(table);
        TensorAssert.AreEqual(shape, values, result);
        result.fill_(42);
        Assert.IsFalse(TensorAssert.Values(table).Contains(42), $"{name} shares memory");
    }

    [TestMethod]
    public void InPlaceShapes_ChangeTheTensorItself()
    {
        Assert.AreSame(table, table.unsqueeze_(0));
        CollectionAssert.AreEqual(new long[] { 1, 2, 3 }, table.shape);
        table.squeeze_(0);
        CollectionAssert.AreEqual(new long[] { 2, 3 }, table.shape);
    }

    [TestMethod]
    public void View_OfIncompatibleStrides_Throws() =>
        Assert.ThrowsExactly<System.Runtime.InteropServices.ExternalException>(() => table.t().view(6));

    [TestMethod]
    public void Split_BySizes_And_Unbind_CoverTheTensor()
    {
        var parts = table.split([1, 2], 1);
        CollectionAssert.AreEqual(new long[] { 2, 2 }, parts[1].shape);
        Assert.HasCount(3, table.unbind(1));
        Assert.HasCount(2, table.chunk(2));
    }
}
