using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

/// <summary>Optimizers against their formulas in plain doubles, on one parameter of two elements.</summary>
[TestClass]
public sealed class OptimizerTests
{
    private const int Steps = 8;
    private static readonly double[] Start = [1.5, -0.7];

    private DisposeScope scope = null!;

    [TestInitialize]
    public void OpenScope() => scope = NewDisposeScope();

    [TestCleanup]
    public void CloseScope() => scope.Dispose();

    // The loss sum(p^4/4 + p*k) at step k, whose gradient is p^3 + k.
    private static double Gradient(double p, int step) => p * p * p + step;

    private static double[] Run(Func<Parameter, optim.Optimizer> create)
    {
        using var parameter = new Parameter(tensor(Start));
        using var optimizer = create(parameter);
        for (var step = 0; step < Steps; step++)
        {
            optimizer.zero_grad();
            (parameter.pow(4) / 4 + parameter * step).sum().backward();
            optimizer.step();
        }
        return TensorAssert.Values(parameter);
    }

    private static double[] Expect(Func<Func<double, int, double>> update) =>
        [.. Start.Select(start =>
        {
            var (p, rule) = (start, update());
            for (var step = 0; step < Steps; step++) p = rule(p, step);
            return p;
        })];

    private static void Matches(double[] expected, double[] actual)
    {
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], 1e-12 * (1 + Math.Abs(expected[i])));
    }

    [TestMethod]
    [DataRow(0.0, 0.0, 0.0, false)]
    [DataRow(0.9, 0.0, 0.0, false)]
    [DataRow(0.9, 0.3, 0.0, false)]
    [DataRow(0.9, 0.0, 0.0, true)]
    [DataRow(0.0, 0.0, 0.1, false)]
    [DataRow(0.8, 0.0, 0.1, true)]
    public void Sgd_FollowsItsFormula(double momentum, double dampening, double decay, bool nesterov)
    {
        const double Rate = 0.05;
        var expected = Expect(() =>
        {
            double? buffer = null;
            return (p, step) =>
            {
                var g = Gradient(p, step) + decay * p;
                if (momentum == 0) return p - Rate * g;
                buffer = buffer is double old ? momentum * old + (1 - dampening) * g : g;
                return p - Rate * (nesterov ? g + momentum * buffer.Value : buffer.Value);
            };
        });
        Matches(expected, Run(p => optim.SGD([p], Rate, momentum, dampening, decay, nesterov)));
    }

    [TestMethod]
    [DataRow(0.9, 0.999, 0.0, false)]
    [DataRow(0.5, 0.9, 0.0, false)]
    [DataRow(0.9, 0.999, 0.2, false)]
    [DataRow(0.9, 0.999, 0.0, true)]
    public void Adam_FollowsItsFormula(double beta1, double beta2, double decay, bool amsgrad) =>
        Matches(
            Expect(() => AdamRule(0.1, beta1, beta2, 1e-8, decay, amsgrad, decoupled: false)),
            Run(p => optim.Adam([p], 0.1, beta1, beta2, 1e-8, decay, amsgrad)));

    [TestMethod]
    [DataRow(0.9, 0.999, 0.0, false)]
    [DataRow(0.9, 0.999, 0.2, false)]
    [DataRow(0.8, 0.99, 0.1, true)]
    public void AdamW_FollowsItsFormula(double beta1, double beta2, double decay, bool amsgrad) =>
        Matches(
            Expect(() => AdamRule(0.1, beta1, beta2, 1e-6, decay, amsgrad, decoupled: true)),
            Run(p => optim.AdamW([p], 0.1, beta1, beta2, 1e-6, decay, amsgrad)));

    private static Func<double, int, double> AdamRule(
        double rate, double beta1, double beta2, double eps, double decay, bool amsgrad, bool decoupled)
    {
        var (m, v, largest) = (0.0, 0.0, 0.0);
        return (p, step) =>
        {
            var g = Gradient(p, step);
            if (decoupled) p *= 1 - rate * decay;
            else g += decay * p;
            m = beta1 * m + (1 - beta1) * g;
            v = beta2 * v + (1 - beta2) * g * g;
            largest = Math.Max(largest, v);
            var denominator = Math.Sqrt(amsgrad ? largest : v) / Math.Sqrt(1 - Math.Pow(beta2, step + 1)) + eps;
            return p - rate / (1 - Math.Pow(beta1, step + 1)) * m / denominator;
        };
    }

    [TestMethod]
    public void Defaults_AreThoseOfPyTorch()
    {
        Matches(Expect(() => AdamRule(1e-3, 0.9, 0.999, 1e-8, 0, false, false)), Run(p => optim.Adam([p])));
        Matches(Expect(() => AdamRule(1e-3, 0.9, 0.999, 1e-8, 0, false, true)), Run(p => optim.AdamW([p])));
    }

    [TestMethod]
    public void ParameterWithoutGradient_StaysAsItIs()
    {
        var (used, unused) = (new Parameter(tensor(Start)), new Parameter(tensor(Start)));
        using var optimizer = optim.Adam([used, unused]);
        used.sum().backward();
        optimizer.step();
        TensorAssert.AreEqual(Start, unused);
        Assert.AreNotEqual(Start[0], used[0].item<double>());
    }

    [TestMethod]
    public void ZeroGrad_KeepsZerosInPlace()
    {
        var parameter = new Parameter(tensor(Start));
        using var optimizer = optim.SGD([parameter], 0.1);
        parameter.sum().backward();
        optimizer.zero_grad();
        TensorAssert.AreEqual([0, 0], parameter.grad!);
    }

    [TestMethod]
    public void LearningRate_OfAGroup_TakesEffect()
    {
        var parameter = new Parameter(tensor(Start));
        using var optimizer = optim.SGD([parameter], 0.1);
        foreach (var group in optimizer.ParamGroups) group.LearningRate = 0.5;
        parameter.sum().backward();
        optimizer.step();
        TensorAssert.AreEqual([1.0, -1.2], parameter, 1e-15);
        Assert.AreEqual(0.1, optimizer.ParamGroups.Single().InitialLearningRate);
    }

    [TestMethod]
    public void Groups_HaveOptionsOfTheirOwn()
    {
        var (slow, fast) = (new Parameter(tensor(Start)), new Parameter(tensor(Start)));
        using var optimizer = optim.SGD([new SGD.ParamGroup([slow], lr: 0.1), new SGD.ParamGroup([fast], lr: 1.0)], 0.5);
        (slow + fast).sum().backward();
        optimizer.step();
        TensorAssert.AreEqual([1.4, -0.8], slow, 1e-15);
        TensorAssert.AreEqual([0.5, -1.7], fast, 1e-15);
        Assert.HasCount(2, optimizer.parameters().ToList());
    }

    [TestMethod]
    public void Step_EvaluatesItsClosure_WithGradients()
    {
        var parameter = new Parameter(tensor(Start));
        using var optimizer = optim.SGD([parameter], 0.1);
        var loss = optimizer.step(() =>
        {
            var value = parameter.sum();
            value.backward();
            return value;
        });
        Assert.AreEqual(0.8, loss!.item<double>(), 1e-15);
        TensorAssert.AreEqual([1.4, -0.8], parameter, 1e-15);
    }

    [TestMethod]
    public void InvalidOptions_Throw()
    {
        var parameter = new Parameter(tensor(Start));
        Assert.ThrowsExactly<ArgumentException>(() => optim.Adam([parameter], lr: -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.AdamW([parameter], beta1: 1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.SGD([parameter], 0.1, nesterov: true));
    }

    [TestMethod]
    [DataRow("Adam")]
    [DataRow("AdamW")]
    [DataRow("SGD")]
    public void State_CarriesOver_ToAnotherOptimizer(string kind)
    {
        OptimizerHelper Create(Parameter p, double rate) => kind switch
        {
            "Adam" => optim.Adam([p], rate),
            "AdamW" => optim.AdamW([p], rate),
            _ => optim.SGD([p], rate, momentum: 0.9),
        };
        static void Step(Parameter p, optim.Optimizer optimizer)
        {
            optimizer.zero_grad();
            p.pow(4).sum().backward();
            optimizer.step();
        }

        var first = new Parameter(tensor(Start));
        using var original = Create(first, 0.05);
        for (var i = 0; i < 3; i++) Step(first, original);
        var second = new Parameter(first.detach().clone());
        using var copied = Create(second, 0.9);
        copied.load_state_dict(original.state_dict());
        var third = new Parameter(first.detach().clone());
        using var restored = Create(third, 0.9);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true)) original.save_state_dict(writer);
        stream.Position = 0;
        restored.load_state_dict(new BinaryReader(stream));
        for (var i = 0; i < 3; i++)
        {
            Step(first, original);
            Step(second, copied);
            Step(third, restored);
        }
        TensorAssert.AreEqual(TensorAssert.Values(first), second);
        TensorAssert.AreEqual(TensorAssert.Values(first), third);
        Assert.AreEqual(0.05, copied.ParamGroups.Single().LearningRate);
    }

    [TestMethod]
    public void AdamState_HoldsTheMoments()
    {
        var parameter = new Parameter(tensor(Start));
        using var optimizer = optim.Adam([parameter]);
        (parameter * 3).sum().backward();
        optimizer.step();
        var dictionary = optimizer.state_dict();
        var state = (Adam.State)dictionary.State.Single();
        Assert.AreEqual(1L, state.step);
        TensorAssert.AreEqual([0.3, 0.3], state.exp_avg, 1e-15);
        TensorAssert.AreEqual([0.009, 0.009], state.exp_avg_sq, 1e-15);
        Assert.AreEqual(1e-3, dictionary.Options.Single().LearningRate);
    }
}
