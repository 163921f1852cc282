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
        using var strategy = new SwitchingSubgradient(2, tolerance: .1);
        Assert.AreEqual(3, strategy.Forward(tensor(3.0), tensor(new[] { .1, -5 })).item<double>());
    }

    [TestMethod]
    public void Forward_Violated_IsTheWorstConstraintScaled()
    {
        using var scope = NewDisposeScope();
        using var strategy = new SwitchingSubgradient(2, tolerance: .1, constraintScale: 4);
        strategy.AddConstraintGroup(2, isInequality: false, name: "equal");
        var c = tensor(new[] { .3, .2, .1, -.5 }).requires_grad_();
        var loss = tensor(3.0).requires_grad_();
        var objective = strategy.Forward(loss, c);
        objective.backward();
        Assert.AreEqual(2, objective.item<double>());
        CollectionAssert.AreEqual(new[] { 0.0, 0, 0, -4 }, c.grad!.data<double>().ToArray());
        Assert.IsNull(loss.grad);
    }

    [TestMethod]
    public void Forward_SwitchingOnUpdate_DecidesByTheLastUpdateAndDescendsTheSurrogate()
    {
        using var scope = NewDisposeScope();
        using var strategy = new SwitchingSubgradient(2, switchOnUpdate: true);
        Assert.AreEqual(3, strategy.Forward(tensor(3.0), tensor(new[] { .9, .2 })).item<double>(),
            "before the first update the loss is descended");
        strategy.Update(tensor(new[] { -1.0, .5 }));
        Assert.AreEqual(.2, strategy.Forward(tensor(3.0), tensor(new[] { .9, .2 })).item<double>());
        strategy.Update(tensor(new[] { -1.0, -.5 }));
        Assert.AreEqual(3, strategy.Forward(tensor(3.0), tensor(new[] { .9, .2 })).item<double>());
    }
}
