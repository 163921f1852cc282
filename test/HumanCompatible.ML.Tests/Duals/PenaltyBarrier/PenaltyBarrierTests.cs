using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

[TestClass]
public sealed class PenaltyBarrierTests
{
    [TestMethod]
    [DataRow(false, -.5)]
    [DataRow(true, -1 / 3.0)]
    public void Barrier_IsSmoothAcrossItsBorderWithTheTorchSlope(bool reciprocal, double border)
    {
        var barrier = reciprocal ? BarrierFunction.QuadraticReciprocal : BarrierFunction.QuadraticLogarithmic;
        using var scope = NewDisposeScope();
        double[] points = [-4, -1, border - 1e-6, border, border + 1e-6, -.1, 0, .5, 1, 3];
        var t = tensor(points).requires_grad_();
        var value = barrier.Value(t);
        value.sum().backward();
        double[] values = value.detach().data<double>().ToArray(), slopes = t.grad!.data<double>().ToArray();
        for (var i = 0; i < points.Length; i++)
            Assert.AreEqual(barrier.Derivative(points[i]), slopes[i], 1e-14, $"slope at {points[i]}");
        Assert.AreEqual((values[2] + values[4]) / 2, values[3], 1e-11);
        Assert.AreEqual(slopes[2], slopes[4], 1e-5);
        Assert.AreEqual((0.0, 1.0), (values[6], slopes[6]));
        Assert.AreEqual(.625, values[7], 1e-15);
        Assert.AreEqual(barrier == BarrierFunction.QuadraticLogarithmic ? -.25 * Math.Log(2) - .375 : 32.0 / 54 - 7.0 / 6, values[1],
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
        var dual = new PenaltyBarrier(2, ConstraintKind.Inequality, new()
        {
            PenaltyMultiplier = .5,
            Gamma = .5,
            Delta = 2,
            PenaltyUpdate = rule,
            InitialDuals = [.5],
            InitialPenalties = [.8],
            PenaltyLowerBound = .01,
            PenaltyUpperBound = 5,
            GammaAnnealing = false,
            PenaltyAnnealing = false,
            Rho = 3,
        });
        // c/p is .5 and -.25: phi' is 1.5 and .75, so the duals become .25 + .25 phi'.
        dual.Update(tensor(new[] { .4, -.2 }));
        Assert.AreEqual(.25 + .25 * 1.5, dual.DualValues[0], 1e-14);
        Assert.AreEqual(.25 + .25 * .75, dual.DualValues[1], 1e-14);
        Assert.AreEqual(violated, Penalties(dual)[0], 1e-14);
        Assert.AreEqual(satisfied, Penalties(dual)[1], 1e-14);
    }

    [TestMethod]
    public void Update_PenaltiesStayInTheirRange()
    {
        using var scope = NewDisposeScope();
        var dual = new PenaltyBarrier(2, ConstraintKind.Inequality, new()
        {
            PenaltyUpdate = BarrierPenaltyUpdate.AdditiveIncreaseMultiplicativeDecrease,
            PenaltyLowerBound = .2,
            PenaltyUpperBound = .9,
        });
        for (var step = 0; step < 20; step++)
            dual.Update(tensor(new[] { .4, -.2 }));
        CollectionAssert.AreEqual(new[] { .2, .9 }, Penalties(dual));
    }

    [TestMethod]
    public void Update_Annealing_FollowsEndEpochOrTheEpochLength()
    {
        using var scope = NewDisposeScope();
        var options = new PenaltyBarrierOptions { InitialDuals = [.5], PenaltyUpdate = BarrierPenaltyUpdate.Constant };
        var byEpoch = new PenaltyBarrier(1, ConstraintKind.Inequality, options, ScalarType.Float64);
        var byLength = new PenaltyBarrier(1, ConstraintKind.Inequality, options with { EpochLength = 2 }, ScalarType.Float64);
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
    public void Update_PenaltyMultiplierOfOne_KeepsThePenaltiesInEveryEpoch()
    {
        using var scope = NewDisposeScope();
        var options = new PenaltyBarrierOptions { PenaltyMultiplier = 1, InitialPenalties = [.3, .7], InitialDuals = [.5] };
        var adaptive = new PenaltyBarrier(2, ConstraintKind.Inequality, options);
        var diminishing = new PenaltyBarrier(2, ConstraintKind.Inequality,
            options with { PenaltyUpdate = BarrierPenaltyUpdate.Diminishing });
        for (var step = 0; step < 4; step++)
        {
            foreach (var dual in new[] { adaptive, diminishing })
            {
                dual.Update(tensor(new[] { .4, -.2 }));
                dual.EndEpoch();
                CollectionAssert.AreEqual(new[] { .3, .7 }, Penalties(dual));
            }
        }
    }

    [TestMethod]
    public void Forward_AnInitialPenaltyForEachConstraint_UsesThem()
    {
        using var scope = NewDisposeScope();
        var dual = new PenaltyBarrier(2, ConstraintKind.Inequality, new() { InitialDuals = [.5, .25], InitialPenalties = [.2, .8] });
        // t = c/p is 1 and -.25, both in the quadratic branch t + t²/2.
        var expected = 1 + .5 * .2 * 1.5 + .25 * .8 * (-.25 + .03125);
        Assert.AreEqual(expected, dual.Forward(tensor(1.0), tensor(new[] { .2, -.2 })).item<double>(), 1e-14);
    }

    [TestMethod]
    public void Forward_BlocksOfBothBarriers_IsTheSumOfBoth()
    {
        using var scope = NewDisposeScope();
        var dual = new PenaltyBarrier(1, ConstraintKind.Inequality, new() { InitialDuals = [.5], InitialPenalties = [.5] });
        dual.AddConstraintGroup("reciprocal", 1, ConstraintKind.Inequality,
            new() { ReciprocalBarrier = true, InitialDuals = [.25] });
        var expected = 1 + .5 * .5 * (-.25 * Math.Log(4) - .375) + .25 * (32.0 / 27 / 3 - 7.0 / 6);
        Assert.AreEqual(expected, dual.Forward(tensor(1.0), tensor(new[] { -1.0, -2.0 })).item<double>(), 1e-14);
    }

    [TestMethod]
    public void GetWarnings_PenaltyRangeThatCutsTheAugmentedLagrangianRule_SaysFromWhichMultiplier()
    {
        var options = new PenaltyBarrierOptions { PenaltyUpdate = BarrierPenaltyUpdate.AugmentedLagrangian, PenaltyUpperBound = 10 };
        CollectionAssert.AreEqual(
            new[]
            {
                "PenaltyUpdate is AugmentedLagrangian, but PenaltyUpperBound 10 cuts the penalty Rho·λ of every multiplier above 5, and "
                + "DualUpperBound is 100. Raise PenaltyUpperBound to 200, or lower DualUpperBound.",
            },
            options.GetWarnings().ToArray());
        Assert.IsEmpty((options with { PenaltyUpperBound = 200 }).GetWarnings());
        Assert.IsEmpty((options with { DualUpperBound = 5 }).GetWarnings());
        Assert.IsEmpty(new PenaltyBarrierOptions().GetWarnings());
    }

    [TestMethod]
    public void Fit_OptionsWithAWarning_LogsIt()
    {
        var context = new MLContext(1);
        var warnings = new List<string>();
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
                warnings.Add(message.RawMessage);
        };
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
        options.DualOptimizer = new PenaltyBarrierOptions { PenaltyUpdate = BarrierPenaltyUpdate.AugmentedLagrangian };

        context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 300));

        CollectionAssert.Contains(warnings, options.DualOptimizer.GetWarnings().Single());
    }

    private static double[] Penalties(DualOptimizer dual) => [.. dual.StateOf<PenaltyBarrierBlockState>().Penalties];
}
