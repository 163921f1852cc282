using TorchSharp;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class LayerTests
{
    private DisposeScope scope = null!;

    [TestInitialize]
    public void OpenScope() => scope = NewDisposeScope();

    [TestCleanup]
    public void CloseScope() => scope.Dispose();

    [TestMethod]
    public void Linear_StartsFromTheSeed()
    {
        manual_seed(1);
        using var linear = nn.Linear(4, 3);
        double[] weight =
        [
            0.2576315999031067, -0.22068911790847778, -0.09693074226379395, 0.23468446731567383,
            -0.4707184433937073, 0.29985862970352173, -0.1028626561164856, 0.2543719410896301,
            0.06950849294662476, -0.061222076416015625, 0.13868045806884766, 0.024665892124176025,
        ];
        TensorAssert.AreEqual([3, 4], weight, linear.weight);
        TensorAssert.AreEqual([3], [0.18261408805847168, -0.19485050439834595, -0.03645437955856323], linear.bias!);
    }

    [TestMethod]
    public void Linear_HasUniformStartWithinOneOverRootOfInputs()
    {
        using var linear = nn.Linear(100, 50, dtype: float64);
        Assert.AreEqual(ScalarType.Float64, linear.weight.dtype);
        Assert.IsLessThanOrEqualTo(0.1, linear.weight.abs().max().item<double>());
        Assert.IsGreaterThan(0.09, linear.weight.abs().max().item<double>());
        Assert.IsNull(nn.Linear(2, 2, hasBias: false).bias);
        Assert.AreEqual((100L, 50L), (linear.in_features, linear.out_features));
    }

    [TestMethod]
    public void Init_FillsWithoutGradient()
    {
        var weight = new TorchSharp.Modules.Parameter(empty(200, 100));
        Assert.AreSame(weight, nn.init.kaiming_uniform_(weight));
        Assert.AreEqual(Math.Sqrt(6.0 / 100), weight.abs().max().item<float>(), 1e-3);
        nn.init.xavier_uniform_(weight);
        Assert.AreEqual(Math.Sqrt(6.0 / 300), weight.abs().max().item<float>(), 1e-3);
        nn.init.normal_(weight, 1, 0.1);
        Assert.AreEqual(1, weight.mean().item<float>(), 0.01);
        nn.init.uniform_(weight, 2, 3);
        Assert.IsTrue((weight >= 2).all().item<bool>());
        nn.init.constant_(weight, 4);
        Assert.AreEqual(4f, weight.max().item<float>());
        nn.init.zeros_(weight);
        Assert.AreEqual(0f, weight.max().item<float>());
        Assert.IsTrue(weight.is_leaf && weight.requires_grad);
    }

    [TestMethod]
    public void Activations_AreTheirFunctions()
    {
        var x = tensor(new double[] { -1, 0, 2 });
        TensorAssert.AreEqual([0, 0, 2], nn.ReLU().call(x));
        TensorAssert.AreEqual([Math.Tanh(-1), 0, Math.Tanh(2)], nn.Tanh().call(x), 1e-15);
        TensorAssert.AreEqual([1 / (1 + Math.E), 0.5, 1 / (1 + Math.Exp(-2))], nn.Sigmoid().call(x), 1e-15);
        TensorAssert.AreEqual([Math.Log(1 + Math.Exp(-1)), Math.Log(2), Math.Log(1 + Math.Exp(2))], nn.Softplus().call(x), 1e-15);
        TensorAssert.AreEqual([-1, 0, 2], nn.Identity().call(x));
        nn.ReLU(inplace: true).call(x);
        TensorAssert.AreEqual([0, 0, 2], x);
    }

    [TestMethod]
    public void Dropout_ScalesWhatItKeeps_AndRestsInEvaluation()
    {
        using var dropout = nn.Dropout(0.25);
        var x = ones(10000);
        var kept = TensorAssert.Values(dropout.call(x));
        Assert.IsTrue(kept.All(value => value == 0 || Math.Abs(value - 4.0 / 3) < 1e-6));
        Assert.AreEqual(0.75, kept.Count(value => value != 0) / 10000.0, 0.03);
        dropout.eval();
        TensorAssert.AreEqual(TensorAssert.Values(x), dropout.call(x));
        Assert.ThrowsExactly<System.Runtime.InteropServices.ExternalException>(() => nn.functional.dropout(x, 1.5));
    }

    [TestMethod]
    public void BatchNorm_UsesTheBatchWhileTraining_AndRunningStatisticsAfter()
    {
        using var norm = nn.BatchNorm1d(2, dtype: float64);
        var x = tensor(new double[,] { { 1, 10 }, { 3, 10 }, { 5, 40 } });
        double Scaled(double value, double mean, double variance) => (value - mean) / Math.Sqrt(variance + 1e-5);
        double[] expected = [Scaled(1, 3, 8.0 / 3), Scaled(10, 20, 200), 0, Scaled(10, 20, 200), Scaled(5, 3, 8.0 / 3), Scaled(40, 20, 200)];
        TensorAssert.AreEqual([3, 2], expected, norm.call(x), 1e-12);
        TensorAssert.AreEqual([0.3, 2], norm.running_mean!, 1e-12);
        TensorAssert.AreEqual([0.9 + 0.1 * 4, 0.9 + 0.1 * 300], norm.running_var!, 1e-12);
        Assert.AreEqual(1, (int)norm.num_batches_tracked!);
        norm.eval();
        TensorAssert.AreEqual([Scaled(1, 0.3, 1.3), Scaled(10, 2, 30.9)], norm.call(x)[0], 1e-12);
        Assert.AreEqual(1, (int)norm.num_batches_tracked!);
        Assert.ThrowsExactly<ArgumentException>(() => norm.call(ones(2, dtype: float64)));
        CollectionAssert.AreEquivalent(
            new[] { "weight", "bias", "running_mean", "running_var", "num_batches_tracked" }, norm.state_dict().Keys.ToArray());
    }

    [TestMethod]
    public void LayerNorm_NormalisesRows_InBothModes()
    {
        using var norm = nn.LayerNorm(3, dtype: float64);
        var x = tensor(new double[,] { { 1, 2, 3 }, { 0, 0, 3 } });
        var unit = Math.Sqrt(2.0 / 3 + 1e-5);
        var other = Math.Sqrt(2 + 1e-5);
        double[] expected = [-1 / unit, 0, 1 / unit, -1 / other, -1 / other, 2 / other];
        TensorAssert.AreEqual([2, 3], expected, norm.call(x), 1e-12);
        norm.eval();
        TensorAssert.AreEqual([2, 3], expected, norm.call(x), 1e-12);
    }
}
