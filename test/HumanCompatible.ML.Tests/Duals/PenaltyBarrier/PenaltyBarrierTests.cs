using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

[TestClass]
public sealed class PenaltyBarrierTests
{
    [TestMethod]
    [DataRow(BarrierFunction.QuadraticLogarithmic, -.5)]
    [DataRow(BarrierFunction.QuadraticReciprocal, -1 / 3.0)]
    public void BarrierFunction_IsSmoothAcrossItsBorderWithTheTorchSlope(BarrierFunction function, double border)
    {
        using var scope = NewDisposeScope();
        double[] points = [-4, -1, border - 1e-6, border, border + 1e-6, -.1, 0, .5, 1, 3];
        var t = tensor(points).requires_grad_();
        var value = BarrierFunctions.Value(function, t);
        value.sum().backward();
        double[] values = value.detach().data<double>().ToArray(), slopes = t.grad!.data<double>().ToArray();
        for (var i = 0; i < points.Length; i++)
            Assert.AreEqual(BarrierFunctions.Derivative(function, points[i]), slopes[i], 1e-14, $"slope at {points[i]}");
        Assert.AreEqual((values[2] + values[4]) / 2, values[3], 1e-11);
        Assert.AreEqual(slopes[2], slopes[4], 1e-5);
        Assert.AreEqual((0.0, 1.0), (values[6], slopes[6]));
        Assert.AreEqual(.625, values[7], 1e-15);
        Assert.AreEqual(function == BarrierFunction.QuadraticLogarithmic ? -.25 * Math.Log(2) - .375 : 32.0 / 54 - 7.0 / 6, values[1],
            1e-14);
    }

    [TestMethod]
    [DataRow(BarrierPenaltyUpdate.Constant, .8, .8)]
    [DataRow(BarrierPenaltyUpdate.Diminishing, .4, .4)]
    [DataRow(BarrierPenaltyUpdate.DiminishingByDual, .5 * .8 * (.25 + .25 * 1.5), .5 * .8 * (.25 + .25 * .75))]
    [DataRow(BarrierPenaltyUpdate.DiminishingAdaptive, .4 + .4 / (2 * 1.4 + 1e-8), .4 + .4 / (.8 + 1e-8))]
    [DataRow(BarrierPenaltyUpdate.AdditiveIncreaseMultiplicativeDecrease, .4, .9)]
    [DataRow(BarrierPenaltyUpdate.AugmentedLagrangian, 3 * (.25 + .25 * 1.5), 3 * (.25 + .25 * .75))]
    public void Update_EveryPenaltyRule_FollowsItsFormula(BarrierPenaltyUpdate rule, double violated, double satisfied)
    {
        using var scope = NewDisposeScope();
        using var dual = new PenaltyBarrier(
            2, penaltyMultiplier: .5, gamma: .5, delta: 2, penaltyUpdate: rule, initialDuals: [.5], initialPenalty: .8,
                penaltyRange: (.01, 5),
            gammaAnnealing: false, penaltyAnnealing: false, rho: 3);
        // c/p is .5 and -.25: phi' is 1.5 and .75, so the duals become .25 + .25 phi'.
        dual.Update(tensor(new[] { .4, -.2 }));
        Assert.AreEqual(.25 + .25 * 1.5, dual.DualValues[0], 1e-14);
        Assert.AreEqual(.25 + .25 * .75, dual.DualValues[1], 1e-14);
        Assert.AreEqual(violated, dual.Groups[0].Penalties[0], 1e-14);
        Assert.AreEqual(satisfied, dual.Groups[0].Penalties[1], 1e-14);
    }

    [TestMethod]
    public void Update_PenaltiesStayInTheirRange()
    {
        using var scope = NewDisposeScope();
        using var dual = new PenaltyBarrier(2, penaltyUpdate: BarrierPenaltyUpdate.AdditiveIncreaseMultiplicativeDecrease,
            penaltyRange: (.2, .9));
        for (var step = 0; step < 20; step++)
            dual.Update(tensor(new[] { .4, -.2 }));
        CollectionAssert.AreEqual(new[] { .2, .9 }, dual.Groups[0].Penalties.ToArray());
    }

    [TestMethod]
    public void Update_Annealing_FollowsEndEpochOrTheEpochLength()
    {
        using var scope = NewDisposeScope();
        using var byEpoch = new PenaltyBarrier(1, initialDuals: [.5], penaltyUpdate: BarrierPenaltyUpdate.Constant,
            dtype: ScalarType.Float64);
        using var byLength = new PenaltyBarrier(1, initialDuals: [.5], penaltyUpdate: BarrierPenaltyUpdate.Constant, epochLength: 2,
            dtype: ScalarType.Float64);
        var expected = .5;
        for (var step = 0; step < 6; step++)
        {
            var gamma = 1 - 1 / (Math.Sqrt(step / 2) + 1 / .9);
            expected = gamma * expected + (1 - gamma) * expected * 1.3;
            byEpoch.Update(tensor(new[] { .3 }));
            byLength.Update(tensor(new[] { .3 }));
            Assert.AreEqual(expected, byEpoch.DualValues[0], 1e-13);
            Assert.AreEqual(expected, byLength.DualValues[0], 1e-13);
            if (step % 2 == 1)
                byEpoch.EndEpoch();
        }
    }

    [TestMethod]
    public void Forward_GroupsOfBothBarriers_IsTheSumOfBoth()
    {
        using var scope = NewDisposeScope();
        using var dual = new PenaltyBarrier(1, initialDuals: [.5], initialPenalty: .5);
        dual.AddConstraintGroup(1, barrier: BarrierFunction.QuadraticReciprocal, initialDuals: [.25]);
        var expected = 1 + .5 * .5 * (-.25 * Math.Log(4) - .375) + .25 * (32.0 / 27 / 3 - 7.0 / 6);
        Assert.AreEqual(expected, dual.Forward(tensor(1.0), tensor(new[] { -1.0, -2.0 })).item<double>(), 1e-14);
    }
}
