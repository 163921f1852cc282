using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class InequalityEstimateTests
{
    // Selected are 30 of 60 and 24 of 80.
    private static readonly CountedRates Selected = CountedRows.Of(("a", [30, 0, 30, 0]), ("b", [24, 0, 56, 0]));

    [TestMethod]
    public void Of_ADifferenceOfRates_IsTheTestOfTwoProportions()
    {
        var estimate = First(Fairness.DemographicParity("Group", 0.15), Selected);

        var pooled = 54.5 / 141;
        Assert.AreEqual(0.5 - 0.3 - 0.15, estimate.Violation, 1e-12);
        Assert.AreEqual(Math.Sqrt(pooled * (1 - pooled) * (1 / 60.0 + 1 / 80.0)), estimate.StandardError, 1e-12);
        Assert.AreEqual(0.15, estimate.Room, 1e-12);
    }

    [TestMethod]
    public void Of_ARatioOfRates_ScalesTheFirst()
    {
        var estimate = First(Fairness.DisparateImpact("Group", 0.8), Selected);

        var pooled = 54.5 / 141;
        Assert.AreEqual(0.8 * 0.5 - 0.3, estimate.Violation, 1e-12);
        Assert.AreEqual(Math.Sqrt(pooled * (1 - pooled) * (0.64 / 60 + 1 / 80.0)), estimate.StandardError, 1e-12);
        Assert.AreEqual(0.2 * pooled, estimate.Room, 1e-12);
    }

    [TestMethod]
    public void Of_AGroupAndAllRows_VaryTogether()
    {
        var estimate = First(Fairness.DemographicParity("Group", 0.15) with { Baseline = GroupBaseline.Overall }, Selected);

        var pooled = 84.5 / 201;
        Assert.AreEqual(0.5 - 54 / 140.0 - 0.15, estimate.Violation, 1e-12);
        Assert.AreEqual(Math.Sqrt(pooled * (1 - pooled) * (1 / 60.0 - 1 / 140.0)), estimate.StandardError, 1e-12);
    }

    [TestMethod]
    public void Of_MeanLosses_HasTheirOwnVariances()
    {
        var losses = CountedRows.OfLosses([0.2, 0.9, 0.4, 0.7], [1.9, 0.6, 1.4, 1.2, 2.5]);
        RateEstimate a = losses.Estimate(GroupMetric.MeanLoss, 0), b = losses.Estimate(GroupMetric.MeanLoss, 1),
            all = losses.Estimate(GroupMetric.MeanLoss, IRateEstimates.Overall);
        var parity = Fairness.LossParity("Group", 0.1);

        var estimate = First(parity, losses);
        Assert.AreEqual(a.Value - b.Value - 0.1, estimate.Violation, 1e-12);
        Assert.AreEqual(Math.Sqrt(a.Variance / 4 + b.Variance / 5), estimate.StandardError, 1e-12);
        Assert.AreEqual(0.1, estimate.Room, 1e-12);

        // A ratio leaves (1 - 0.8) of the pooled mean.
        Assert.AreEqual(0.2 * all.Value, First(parity with { Comparison = GroupComparison.Ratio, Bound = 0.8 }, losses).Room, 1e-12);

        // Of a group and all rows: less by what the rows of the group share of both.
        var together = 1 / 4.0 + 1 / 9.0;
        Assert.AreEqual(Math.Sqrt((a.Variance / 4 + all.Variance / 9) * (together - 2 / 9.0) / together),
            First(parity with { Baseline = GroupBaseline.Overall }, losses).StandardError, 1e-12);
    }

    [TestMethod]
    public void Of_ABoundedRate_HasRoomToTheEndOfItsRange()
    {
        var pooled = 30.5 / 61;
        var most = First(Fairness.RateAtMost(GroupMetric.SelectionRate, "Group", 0.4), Selected);
        Assert.AreEqual((0.1, 0.4), (Math.Round(most.Violation, 12), most.Room));
        Assert.AreEqual(Math.Sqrt(pooled * (1 - pooled) / 60), most.StandardError, 1e-12);
        var least = First(Fairness.RateAtLeast(GroupMetric.SelectionRate, "Group", 0.7), Selected);
        Assert.AreEqual((0.2, 0.3), (Math.Round(least.Violation, 12), Math.Round(least.Room, 12)));
        Assert.AreEqual(0.6, First(Fairness.BoundedGroupLoss("Group", 0.6), CountedRows.OfLosses([1, 2], [3, 4])).Room);
    }

    [TestMethod]
    public void Of_AGroupWithoutRows_IsNotDefined()
    {
        var estimate = First(Fairness.DemographicParity("Group", 0.15), CountedRows.Of(("a", [30, 0, 30, 0]), ("b", [0, 0, 0, 0])));
        Assert.IsFalse(estimate.IsDefined);
        Assert.AreEqual(double.PositiveInfinity, estimate.StandardError);
        Assert.IsFalse(estimate.IsMeasurable(1.6));
        Assert.IsFalse(estimate.IsBroken(1.6));
        Assert.IsTrue(First(Fairness.DemographicParity("Group", 0.15), Selected).IsDefined);
    }

    [TestMethod]
    public void Of_AHeldRateOfPredictedRows_GainsNothingByFewPredictions()
    {
        // Precision: 2 of 5 predicted positive and 3 of 4, where 40 and 20 are positive.
        var rates = CountedRows.Of(("a", [2, 3, 50, 38]), ("b", [3, 1, 50, 17]));
        var parity = Fairness.PredictiveParity("Group", 0.1);

        double measured = (2 + 3 + 0.5) / 10, held = (0.4 * 40 + 0.75 * 20 + 0.5) / 61;
        Assert.AreEqual(Math.Sqrt(measured * (1 - measured) * (1 / 5.0 + 1 / 4.0)), First(parity, rates).StandardError, 1e-12);
        Assert.AreEqual(Math.Sqrt(held * (1 - held) * (1 / 40.0 + 1 / 20.0)), First(parity, rates, isHeld: true).StandardError, 1e-12);
        var overall = parity with { Baseline = GroupBaseline.Overall };
        var pooled = (0.4 * 40 + 5 / 9.0 * 60 + 0.5) / 101;
        Assert.AreEqual(Math.Sqrt(pooled * (1 - pooled) * (1 / 40.0 - 1 / 60.0)), First(overall, rates, isHeld: true).StandardError, 1e-12);

        // More predicted than positive: those that there are.
        var many = CountedRows.Of(("a", [2, 38, 50, 3]), ("b", [3, 17, 50, 1]));
        Assert.AreEqual(First(parity, many), First(parity, many, isHeld: true));
    }

    [TestMethod]
    public void Margin_IsZStandardErrorsOrOneFromParity()
    {
        var estimate = new InequalityEstimate(Violation: -0.01, StandardError: 0.02, Room: 0.1);
        Assert.AreEqual(0.04, estimate.Margin(2), 1e-12);
        Assert.AreEqual(0.08, estimate.Margin(5), 1e-12);
        Assert.AreEqual(-0.01, new InequalityEstimate(0, 0.06, 0.05).Margin(2), 1e-12);
    }

    [TestMethod]
    public void IsMeasurableAndIsBroken_AreBoundedByZStandardErrors()
    {
        var estimate = new InequalityEstimate(Violation: 0.5, StandardError: 0.25, Room: 0.5);
        Assert.AreEqual((true, false), (estimate.IsMeasurable(2), estimate.IsBroken(2)));
        Assert.AreEqual((false, false), (estimate.IsMeasurable(2.01), estimate.IsBroken(2.01)));
        Assert.AreEqual((true, true), (estimate.IsMeasurable(1.99), estimate.IsBroken(1.99)));
    }

    [TestMethod]
    [DataRow(1, 1.644853626951473)]
    [DataRow(2, 1.644853626951473)]
    [DataRow(3, 1.959963984540054)]
    [DataRow(6, 2.326347874040841)]
    public void StandardErrors_OfComparedGroups_AreThoseOfOneComparisonFewer(int groups, double z)
    {
        Assert.AreEqual(z, HoldingRule.StandardErrors(Fairness.DemographicParity("Group", 0.1), groups), 1e-9);
        Assert.AreEqual(z, HoldingRule.StandardErrors(Fairness.BoundedGroupLoss("Group", 0.1), groups - 1), 1e-9);
    }

    [TestMethod]
    public void Estimates_OfAConstraint_AreThoseOfItsInequalitiesInOrder()
    {
        var parity = Fairness.DemographicParity("Group", 0.15);
        var estimates = HoldingRule.Estimates(parity, Selected, isHeld: false);
        Assert.HasCount(2, estimates);
        Assert.AreEqual(First(parity, Selected), estimates[0]);
        Assert.AreEqual(0.3 - 0.5 - 0.15, estimates[1].Violation, 1e-12);
    }

    private static InequalityEstimate First(FairnessConstraint constraint, IRateEstimates rates, bool isHeld = false)
        => InequalityEstimate.Of(constraint, constraint.Inequalities(rates.GroupNames).First(), rates, isHeld);
}
