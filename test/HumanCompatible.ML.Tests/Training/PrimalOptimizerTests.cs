using HumanCompatible.ML.Training;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class PrimalOptimizerTests
{
    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.1)]
    public void Step_GivesTheNumbersOfTorchSharpsAdamW(double weightDecay)
    {
        using var scope = torch.NewDisposeScope();
        using var ours = new Parameter(torch.tensor(new[] { 1f, -2f, 3f }));
        using var theirs = new Parameter(torch.tensor(new[] { 1f, -2f, 3f }));
        using var optimizer = new PrimalOptimizer([ours], 0.05, weightDecay, new());
        using var reference = torch.optim.AdamW([theirs], 0.05, weight_decay: weightDecay);
        for (var step = 0; step < 30; step++)
        {
            optimizer.Step(Objective(ours));
            reference.zero_grad();
            Objective(theirs).backward();
            reference.step();
            for (var index = 0; index < 3; index++)
                Assert.AreEqual(theirs[index].item<float>(), ours[index].item<float>(), 1e-6f, $"step {step}, element {index}");
        }

        Assert.IsLessThan(1f, Math.Abs(ours[1].item<float>()));
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.9)]
    public void Step_OfSgd_GivesTheNumbersOfTorchSharps(double momentum)
    {
        using var scope = torch.NewDisposeScope();
        using var ours = new Parameter(torch.tensor(new[] { 1f, -2f, 3f }));
        using var theirs = new Parameter(torch.tensor(new[] { 1f, -2f, 3f }));
        using var optimizer = new PrimalOptimizer([ours], 0.02, 0, new() { Method = PrimalMethod.Sgd, Momentum = momentum });
        using var reference = torch.optim.SGD([theirs], 0.02, momentum);
        for (var step = 0; step < 30; step++)
        {
            optimizer.Step(Objective(ours));
            reference.zero_grad();
            Objective(theirs).backward();
            reference.step();
            for (var index = 0; index < 3; index++)
                Assert.AreEqual(theirs[index].item<float>(), ours[index].item<float>(), 1e-5f, $"step {step}, element {index}");
        }

        Assert.IsLessThan(1f, Math.Abs(ours[1].item<float>()));
    }

    [TestMethod]
    [DataRow(PrimalMethod.AdamW)]
    [DataRow(PrimalMethod.Sgd)]
    public void Step_RateFactor_ScalesStepAndDecay(PrimalMethod method)
    {
        using var full = new Parameter(torch.tensor(new[] { 2f, -3f }));
        using var half = new Parameter(torch.tensor(new[] { 2f, -3f }));
        using var one = new PrimalOptimizer([full], 0.02, 0.5, new() { Method = method });
        using var other = new PrimalOptimizer([half], 0.01, 0.5, new() { Method = method });
        for (var step = 0; step < 3; step++)
        {
            using torch.Tensor first = Objective(full), second = Objective(half);
            one.Step(first, rateFactor: 0.5);
            other.Step(second);
        }

        CollectionAssert.AreEqual(half.data<float>().ToArray(), full.data<float>().ToArray());
        Assert.IsLessThan(2f, full[0].item<float>());
    }

    [TestMethod]
    public void Step_LongGradient_IsScaledDownToTheNormOverAllWeights()
    {
        using var first = new Parameter(torch.tensor(new[] { 3f }));
        using var second = new Parameter(torch.tensor(new[] { 4f }));
        using var optimizer = new PrimalOptimizer([first, second], 1, 0,
            new() { Method = PrimalMethod.Sgd, Momentum = 0, MaximumGradientNorm = 1 });
        using (torch.Tensor one = Objective(first), two = Objective(second), sum = one.add(two))
            optimizer.Step(sum);

        // The gradient is (6, 8), of norm 10.
        Assert.AreEqual(2.4f, first.item<float>(), 1e-6f);
        Assert.AreEqual(3.2f, second.item<float>(), 1e-6f);
        using var gentle = torch.tensor(0.1f);
        using (torch.Tensor one = Objective(first), scaled = one.mul(gentle))
            optimizer.Step(scaled);
        Assert.AreEqual(2.4f - (0.2f * 2.4f), first.item<float>(), 1e-6f, "a short gradient stays");
    }

    [TestMethod]
    public void SaveAndLoad_OfSgd_GoesOnAsIfNothingHadHappened()
    {
        using var weights = new Parameter(torch.tensor(new[] { 1f, -2f }));
        using var copy = new Parameter(torch.tensor(new[] { 1f, -2f }));
        using var optimizer = new PrimalOptimizer([weights], 0.05, 0.1, new() { Method = PrimalMethod.Sgd });
        for (var step = 0; step < 3; step++)
            Take(optimizer, weights);
        using (torch.no_grad())
            copy.copy_(weights);
        using var resumed = new PrimalOptimizer([copy], 0.05, 0.1, new() { Method = PrimalMethod.Sgd });
        using var adam = new PrimalOptimizer([copy], 0.05, 0.1, new());
        var saved = optimizer.Save();
        Assert.IsEmpty(saved[0].SecondMoment);
        adam.Load(saved);
        Assert.AreEqual(0, adam.Save()[0].Step, "the moments of another method");

        resumed.Load(saved);
        Take(optimizer, weights);
        Take(resumed, copy);

        CollectionAssert.AreEqual(weights.data<float>().ToArray(), copy.data<float>().ToArray());

        static void Take(PrimalOptimizer optimizer, torch.Tensor weights)
        {
            using var objective = Objective(weights);
            optimizer.Step(objective);
        }
    }

    [TestMethod]
    public void Apply_OfSgdInHostMemory_GivesTheNumbersOfTheDevice()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(3);
        foreach (var count in new[] { 1, 7, 16, 45 })
        {
            torch.Tensor Draw() => torch.randn(count, generator: generator);
            torch.Tensor weights = Draw(), gradient = Draw(), first = Draw();
            torch.Tensor[] other = [.. new[] { weights, gradient, first }.Select(tensor => tensor.clone())];
            var step = new SgdStep(0.01, 0.1, 0.9);
            step.Apply(weights, gradient, first, null);
            step.ApplyOnDevice(other[0], other[1], other[2], null);
            foreach (var (ours, theirs) in new[] { weights, gradient, first }.Zip(other))
                Assert.IsLessThan(1e-6f, ours.sub(theirs).abs().max().item<float>());
        }
    }

    [TestMethod]
    public void Apply_InHostMemory_GivesTheNumbersOfTheDevice()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(3);
        foreach (var count in new[] { 1, 7, 8, 16, 45 })
        {
            torch.Tensor Draw() => torch.randn(count, generator: generator);
            torch.Tensor weights = Draw(), gradient = Draw(), first = Draw(), second = Draw().square();
            torch.Tensor[] other = [.. new[] { weights, gradient, first, second }.Select(tensor => tensor.clone())];
            var step = new AdamWStep(0.01, 0.1, 5);
            step.Apply(weights, gradient, first, second);
            step.ApplyOnDevice(other[0], other[1], other[2], other[3]);
            foreach (var (ours, theirs) in new[] { weights, gradient, first, second }.Zip(other))
                Assert.IsLessThan(1e-6f, ours.sub(theirs).abs().max().item<float>());
        }
    }

    [TestMethod]
    public void Step_FirstStep_IsTheLearningRateAgainstTheSignOfTheGradient()
    {
        using var weights = new Parameter(torch.tensor(new[] { 4f, -4f }));
        using var optimizer = new PrimalOptimizer([weights], 0.25, 0, new());
        using var objective = Objective(weights);
        optimizer.Step(objective);
        CollectionAssert.AreEqual(new[] { 3.75f, -3.75f }, weights.data<float>().ToArray());
    }

    [TestMethod]
    public void Step_ParameterWithoutGradient_StaysAsItIs()
    {
        using var used = new Parameter(torch.ones(1));
        using var unused = new Parameter(torch.ones(1));
        using var optimizer = new PrimalOptimizer([used, unused], 0.1, 0.5, new());
        using var objective = Objective(used);
        optimizer.Step(objective);
        Assert.AreNotEqual(1f, used.item<float>());
        Assert.AreEqual(1f, unused.item<float>());
    }

    [TestMethod]
    public void Load_OfAnotherNetwork_Throws()
    {
        using var weights = new Parameter(torch.ones(2));
        using var optimizer = new PrimalOptimizer([weights], 0.1, 0, new());
        Assert.ThrowsExactly<ArgumentException>(() => optimizer.Load([new PrimalState(1, [1f], [1f], null)]));
    }

    private static torch.Tensor Objective(torch.Tensor weights)
    {
        using var scope = torch.NewDisposeScope();
        return weights.pow(2).sum().MoveToOuterDisposeScope();
    }
}
