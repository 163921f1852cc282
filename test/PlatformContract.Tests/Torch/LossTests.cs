using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class LossTests
{
    private static readonly double[] Logits = [2, -1, 0.5];
    private static readonly double[] Targets = [1, 0, 0.25];
    private static readonly double[] Weights = [1, 2, 4];

    private DisposeScope scope = null!;

    [TestInitialize]
    public void OpenScope() => scope = NewDisposeScope();

    [TestCleanup]
    public void CloseScope() => scope.Dispose();

    private static double[] BinaryCrossEntropy(double positive = 1) =>
        [.. Logits.Zip(Targets, (z, t) => positive * t * Math.Log(1 + Math.Exp(-z)) + (1 - t) * Math.Log(1 + Math.Exp(z)))];

    [TestMethod]
    public void BinaryCrossEntropyWithLogits_ByReduction()
    {
        var (z, t) = (tensor(Logits), tensor(Targets));
        var each = BinaryCrossEntropy();
        TensorAssert.AreEqual([3], each, functional.binary_cross_entropy_with_logits(z, t, reduction: Reduction.None), 1e-14);
        TensorAssert.AreEqual([], [each.Average()], functional.binary_cross_entropy_with_logits(z, t), 1e-14);
        TensorAssert.AreEqual([], [each.Sum()], functional.binary_cross_entropy_with_logits(z, t, reduction: Reduction.Sum), 1e-14);
        TensorAssert.AreEqual([], [each.Average()], BCEWithLogitsLoss().call(z, t), 1e-14);
    }

    [TestMethod]
    public void BinaryCrossEntropyWithLogits_Weighted_DividesByTheCount()
    {
        var each = BinaryCrossEntropy().Zip(Weights, (loss, weight) => loss * weight).ToArray();
        TensorAssert.AreEqual([], [each.Sum() / 3], functional.binary_cross_entropy_with_logits(tensor(Logits), tensor(Targets), tensor(Weights)), 1e-14);
        TensorAssert.AreEqual(BinaryCrossEntropy(3), functional.binary_cross_entropy_with_logits(
            tensor(Logits), tensor(Targets), null, Reduction.None, tensor(3.0)), 1e-14);
    }

    [TestMethod]
    public void BinaryCrossEntropyWithLogits_OfLargeLogits_StaysFinite() =>
        TensorAssert.AreEqual([0, 1000], functional.binary_cross_entropy_with_logits(
            tensor(new[] { 1000.0, 1000.0 }), tensor(new[] { 1.0, 0.0 }), reduction: Reduction.None));

    [TestMethod]
    public void BinaryCrossEntropyWithLogits_OfDifferentShapes_Throws() =>
        Assert.ThrowsExactly<ExternalException>(() => functional.binary_cross_entropy_with_logits(zeros(3, 1), zeros(3)));

    [TestMethod]
    public void BinaryCrossEntropy_OfProbabilities()
    {
        var p = tensor(new[] { 0.8, 0.3 });
        TensorAssert.AreEqual([-Math.Log(0.8), -Math.Log(0.7)], functional.binary_cross_entropy(p, tensor(new[] { 1.0, 0.0 }), reduction: Reduction.None), 1e-14);
    }

    [TestMethod]
    public void CrossEntropy_OfClassNumbers()
    {
        var z = tensor(new double[,] { { 1, 2, 3 }, { 0, 0, 1 } });
        var labels = tensor(new long[] { 2, 0 });
        double[] each =
        [
            Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(3)) - 3,
            Math.Log(2 + Math.Exp(1)),
        ];
        TensorAssert.AreEqual([2], each, functional.cross_entropy(z, labels, reduction: Reduction.None), 1e-14);
        TensorAssert.AreEqual([], [each.Average()], functional.cross_entropy(z, labels), 1e-14);
        TensorAssert.AreEqual([], [each.Average()], CrossEntropyLoss().call(z, labels), 1e-14);
        var weights = tensor(new double[] { 3, 1, 1 });
        TensorAssert.AreEqual([], [(each[0] + 3 * each[1]) / 4], functional.cross_entropy(z, labels, weights), 1e-14);
        TensorAssert.AreEqual([], [each[0]], functional.cross_entropy(z, tensor(new long[] { 2, -100 })), 1e-14);
    }

    [TestMethod]
    public void CrossEntropy_OfProbabilities_AndSmoothing()
    {
        var z = tensor(new double[,] { { 1, 2, 3 } });
        var logs = TensorAssert.Values(z.log_softmax(1));
        TensorAssert.AreEqual([], [-(0.25 * logs[0] + 0.75 * logs[2])], functional.cross_entropy(z, tensor(new double[,] { { 0.25, 0, 0.75 } })), 1e-14);
        var smoothed = -0.9 * logs[2] - 0.1 * logs.Average();
        TensorAssert.AreEqual([], [smoothed], functional.cross_entropy(z, tensor(new long[] { 2 }), label_smoothing: 0.1), 1e-14);
    }

    [TestMethod]
    public void Regression_Losses()
    {
        var (a, b) = (tensor(new double[] { 1, 2, 5 }), tensor(new double[] { 1.5, 2, 2 }));
        TensorAssert.AreEqual([0.25, 0, 9], functional.mse_loss(a, b, Reduction.None));
        TensorAssert.AreEqual([9.25 / 3], functional.mse_loss(a, b), 1e-15);
        TensorAssert.AreEqual([9.25], MSELoss(Reduction.Sum).call(a, b));
        TensorAssert.AreEqual([0.5, 0, 3], functional.l1_loss(a, b, Reduction.None));
        TensorAssert.AreEqual([3.5 / 3], L1Loss().call(a, b), 1e-15);
        TensorAssert.AreEqual([0.125, 0, 2.5], functional.huber_loss(a, b, reduction: Reduction.None));
        TensorAssert.AreEqual([0.125, 0, 2.5], functional.smooth_l1_loss(a, b, Reduction.None));
    }

    [TestMethod]
    public void NegativeLogLikelihood_OfLogProbabilities() =>
        TensorAssert.AreEqual([1.5], functional.nll_loss(tensor(new double[,] { { -1, -2 }, { -1, -3 } }), tensor(new long[] { 1, 0 })));

    [TestMethod]
    public void OneHot_MarksTheClass() =>
        TensorAssert.AreEqual([2, 3], [0, 0, 1, 1, 0, 0], functional.one_hot(tensor(new long[] { 2, 0 }), 3));
}
