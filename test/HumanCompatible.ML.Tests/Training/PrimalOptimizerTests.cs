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
        using var optimizer = new PrimalOptimizer([ours], 0.05, weightDecay, null);
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
        using var optimizer = new PrimalOptimizer([weights], 0.25, 0, null);
        using var objective = Objective(weights);
        optimizer.Step(objective);
        CollectionAssert.AreEqual(new[] { 3.75f, -3.75f }, weights.data<float>().ToArray());
    }

    [TestMethod]
    public void Step_ParameterWithoutGradient_StaysAsItIs()
    {
        using var used = new Parameter(torch.ones(1));
        using var unused = new Parameter(torch.ones(1));
        using var optimizer = new PrimalOptimizer([used, unused], 0.1, 0.5, null);
        using var objective = Objective(used);
        optimizer.Step(objective);
        Assert.AreNotEqual(1f, used.item<float>());
        Assert.AreEqual(1f, unused.item<float>());
    }

    [TestMethod]
    public void Load_OfAnotherNetwork_Throws()
    {
        using var weights = new Parameter(torch.ones(2));
        using var optimizer = new PrimalOptimizer([weights], 0.1, 0, null);
        Assert.ThrowsExactly<ArgumentException>(() => optimizer.Load([new PrimalState(1, [1f], [1f], null)]));
    }

    private static torch.Tensor Objective(torch.Tensor weights)
    {
        using var scope = torch.NewDisposeScope();
        return weights.pow(2).sum().MoveToOuterDisposeScope();
    }
}
