using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class SchedulerTests
{
    private static double[] Rates(Func<Optimizer, lr_scheduler.LRScheduler> create, int steps)
    {
        using var scope = NewDisposeScope();
        using var optimizer = SGD([new Parameter(zeros(1))], 0.8);
        var scheduler = create(optimizer);
        var rates = new List<double> { optimizer.ParamGroups.Single().LearningRate };
        for (var i = 0; i < steps; i++)
        {
            scheduler.step();
            rates.Add(optimizer.ParamGroups.Single().LearningRate);
            Assert.AreEqual(rates[^1], scheduler.get_last_lr().Single());
        }
        return [.. rates];
    }

    private static void Matches(Func<int, double> expected, double[] actual)
    {
        for (var i = 0; i < actual.Length; i++) Assert.AreEqual(expected(i), actual[i], 1e-14, $"step {i}");
    }

    [TestMethod]
    public void StepLR_MultipliesEveryFewSteps() =>
        Matches(i => 0.8 * Math.Pow(0.5, i / 3), Rates(o => lr_scheduler.StepLR(o, 3, 0.5), 10));

    [TestMethod]
    public void ExponentialLR_MultipliesEveryStep() =>
        Matches(i => 0.8 * Math.Pow(0.9, i), Rates(o => lr_scheduler.ExponentialLR(o, 0.9), 5));

    [TestMethod]
    public void LambdaLR_MultipliesTheInitialRate() =>
        Matches(i => 0.8 / (1 + i), Rates(o => lr_scheduler.LambdaLR(o, i => 1.0 / (1 + i)), 5));

    [TestMethod]
    public void CosineAnnealingLR_FallsAlongACosine() =>
        Matches(i => 0.1 + 0.7 * (1 + Math.Cos(Math.PI * i / 6)) / 2, Rates(o => lr_scheduler.CosineAnnealingLR(o, 6, 0.1), 6));

    [TestMethod]
    public void Step_ToAnEpoch_UsesTheClosedForm()
    {
        using var scope = NewDisposeScope();
        using var optimizer = SGD([new Parameter(zeros(1))], 0.8);
        var scheduler = lr_scheduler.StepLR(optimizer, 2, 0.5);
        scheduler.step((int?)5);
        Assert.AreEqual(0.2, optimizer.ParamGroups.Single().LearningRate, 1e-15);
    }
}
