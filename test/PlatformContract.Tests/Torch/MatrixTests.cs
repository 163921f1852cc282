using TorchSharp;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class MatrixTests
{
    private DisposeScope scope = null!;
    private Tensor left = null!;
    private Tensor right = null!;
    private Tensor vector = null!;

    [TestInitialize]
    public void OpenScope()
    {
        scope = NewDisposeScope();
        left = tensor(new double[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } });
        right = tensor(new double[,] { { 1, 0, 2 }, { -1, 3, 1 } });
        vector = tensor(new double[] { 2, -1 });
    }

    [TestCleanup]
    public void CloseScope() => scope.Dispose();

    [TestMethod]
    public void Matmul_And_Mm_MultiplyMatrices()
    {
        double[] expected = [-1, 6, 4, -1, 12, 10, -1, 18, 16];
        TensorAssert.AreEqual([3, 3], expected, left.matmul(right));
        TensorAssert.AreEqual([3, 3], expected, matmul(left, right));
        TensorAssert.AreEqual([3, 3], expected, left.mm(right));
        TensorAssert.AreEqual([3, 3], expected, mm(left, right));
    }

    [TestMethod]
    public void Matmul_OfTransposedViews()
    {
        TensorAssert.AreEqual([2, 2], [35, 44, 44, 56], left.t().matmul(left));
        TensorAssert.AreEqual([2, 2], [5, 1, 1, 11], right.matmul(right.t()));
    }

    [TestMethod]
    public void Vectors_Multiply()
    {
        TensorAssert.AreEqual([3], [0, 2, 4], left.mv(vector));
        TensorAssert.AreEqual([3], [0, 2, 4], left.matmul(vector));
        TensorAssert.AreEqual([], [5], vector.dot(vector));
        TensorAssert.AreEqual([2, 2], [4, -2, -2, 1], vector.outer(vector));
    }

    [TestMethod]
    public void Addmm_AddsAProduct()
    {
        var start = ones(3, 3, dtype: float64);
        TensorAssert.AreEqual([0, 7, 5, 0, 13, 11, 0, 19, 17], start.addmm(left, right));
        TensorAssert.AreEqual([0, 14, 10, 0, 26, 22, 0, 38, 34], start.addmm(left, right, beta: 2, alpha: 2));
        TensorAssert.AreEqual([3], [1, 5, 9], ones(3, dtype: float64).addmv(left, vector, beta: 1, alpha: 2));
    }

    [TestMethod]
    public void Batches_Multiply() =>
        TensorAssert.AreEqual([2, 3, 3], [-1, 6, 4, -1, 12, 10, -1, 18, 16, -1, 6, 4, -1, 12, 10, -1, 18, 16],
            stack([left, left]).bmm(stack([right, right])));

    [TestMethod]
    public void Linear_IsProductWithTransposedWeightPlusBias()
    {
        var weight = tensor(new double[,] { { 1, 1 }, { 0, 2 } });
        var bias = tensor(new double[] { 10, 20 });
        TensorAssert.AreEqual([3, 2], [13, 24, 17, 28, 21, 32], nn.functional.linear(left, weight, bias));
        TensorAssert.AreEqual([3, 2], [3, 4, 7, 8, 11, 12], nn.functional.linear(left, weight));
    }

    [TestMethod]
    public void Diag_TakesOrMakesADiagonal()
    {
        TensorAssert.AreEqual([2], [1, 3], right.diag());
        TensorAssert.AreEqual([2, 2], [2, 0, 0, -1], vector.diag());
    }
}
