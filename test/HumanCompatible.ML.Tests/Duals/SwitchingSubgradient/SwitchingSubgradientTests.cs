using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

[TestClass]
public sealed class SwitchingSubgradientTests
{
    [TestMethod]
    public void Forward_WithinTolerance_IsTheLoss()
    {
        using var scope = NewDisposeScope();
        var strategy = new SwitchingSubgradient(2, ConstraintKind.Inequality, new() { Tolerance = .1, SwitchOnUpdate = false });
        Assert.AreEqual(3, strategy.Forward(tensor(3.0), tensor(new[] { .1, -5 })).item<double>());
    }

    [TestMethod]
    public void Forward_Violated_IsTheWorstConstraintScaled()
    {
        using var scope = NewDisposeScope();
        var options = new SwitchingSubgradientOptions { Tolerance = .1, ConstraintScale = 4, SwitchOnUpdate = false };
        var strategy = new SwitchingSubgradient(2, ConstraintKind.Inequality, options);
        strategy.AddConstraintGroup("equal", 2, ConstraintKind.Equality, options);
        var c = tensor(new[] { .3, .2, .1, -.5 }).requires_grad_();
        var loss = tensor(3.0).requires_grad_();
        var objective = strategy.Forward(loss, c);
        objective.backward();
        Assert.AreEqual(2, objective.item<double>());
        CollectionAssert.AreEqual(new[] { 0.0, 0, 0, -4 }, c.grad!.data<double>().ToArray());
        Assert.IsNull(loss.grad);
    }

    [TestMethod]
    public void Forward_BlocksOfTheirOwnTolerances_IsTheConstraintMostOverItsTolerance()
    {
        using var scope = NewDisposeScope();
        var strategy = new SwitchingSubgradient(1, ConstraintKind.Inequality, new() { Tolerance = .4, SwitchOnUpdate = false });
        strategy.AddConstraintGroup("strict", 1, ConstraintKind.Inequality, new() { ConstraintScale = 2, SwitchOnUpdate = false });
        Assert.AreEqual(.4, strategy.Forward(tensor(3.0), tensor(new[] { .5, .2 })).item<double>(), 1e-15);
        Assert.AreEqual(.7, strategy.Forward(tensor(3.0), tensor(new[] { .7, .2 })).item<double>(), 1e-15);
    }

    [TestMethod]
    public void Forward_SwitchingOnUpdate_DecidesByTheLastUpdateAndDescendsTheSurrogate()
    {
        using var scope = NewDisposeScope();
        var strategy = new SwitchingSubgradient(2, ConstraintKind.Inequality);
        Assert.AreEqual(3, strategy.Forward(tensor(3.0), tensor(new[] { .9, .2 })).item<double>(),
            "before the first update the loss is descended");
        strategy.Update(tensor(new[] { -1.0, .5 }));
        Assert.AreEqual(.2, strategy.Forward(tensor(3.0), tensor(new[] { .9, .2 })).item<double>());
        strategy.Update(tensor(new[] { -1.0, -.5 }));
        Assert.AreEqual(3, strategy.Forward(tensor(3.0), tensor(new[] { .9, .2 })).item<double>());
    }
}
