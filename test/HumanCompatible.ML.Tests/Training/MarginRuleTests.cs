using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class MarginRuleTests
{
    private const double Z = 1.6448536;

    private static readonly FairnessConstraint Parity = Fairness.DemographicParity("G", 0.05);

    private static readonly FairnessConstraint Custom
        = Fairness.Custom("mine", ["G"], 0.3, batch => torch.cat([batch.Mean(batch.Predictions), batch.Mean(batch.Predictions).mul(0.5)]));

    // TP, FP, TN and FN of the groups a, b, ...
    private static readonly int[][] Two = [[200, 100, 400, 300], [150, 50, 200, 100]];

    [TestMethod]
    public void First_BeforeAnythingIsMeasured_IsAHundredthButAtMostHalfOfWhatTheBoundLeaves()
    {
        AssertFirst(0.01, Parity);
        AssertFirst(0.005, Parity with { Bound = 0.01 });
        AssertFirst(0.01, Fairness.DisparateImpact("G", 0.8));
        AssertFirst(0.002, Fairness.DisparateImpact("G", 0.996), "0.004 is left up to 1");
        AssertFirst(0.0005, Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "G", 0.999));
        AssertFirst(0.01, Custom);
        AssertFirst(0.002, Custom with { Bound = -0.004 }, "half of its size");
        AssertFirst(0, Custom with { Bound = 0 });
    }

    [TestMethod]
    public void First_WithASafetyTest_IsTwiceTheExpectedWidth()
    {
        using var rows = new MarginRows([Parity, Fairness.DisparateImpact("G", 0.5)], Two);

        Assert.AreEqual("0.012, 0.012, 0.25, 0.25", Text(rows.Rule([0.006, 0.9]).First));
        Assert.AreEqual("0.01, 0.01, 0.01, 0.01", Text(rows.Rule([0.004, 0.002]).First));
        Assert.AreEqual("0.025, 0.025, 0.02, 0.02", Text(rows.Rule([0.6, 0.01]).First), "half of the bound");
    }

    [TestMethod]
    public void First_WithoutMargins_IsZero()
    {
        using var rows = new MarginRows([Parity, Custom], Two);

        Assert.AreEqual("0, 0, 0, 0", Text(rows.Rule([0.1, 0.1], share: 0).First));
    }

    [TestMethod]
    public void Evaluate_OfTwoGroups_KeepsTheMarginOfEachStandardError()
    {
        using var rows = new MarginRows([Parity, Fairness.EqualOpportunity("G", 0.1)], Two);

        var evaluation = rows.Evaluate(rows.Rule());

        Assert.AreEqual("0.1, 0.2", Text(evaluation.Values), "selected are 0.3 and 0.4, found 0.4 and 0.6");
        CollectionAssert.AreEqual(
            rows.Constraints.SelectMany((constraint, index) => HoldingRule.Estimates(constraint, rows.Counts, isHeld: true)).ToArray(),
            evaluation.Inequalities.ToArray());
        Assert.AreEqual("-0.15, 0.05, -0.3, 0.1", Text(evaluation.Inequalities.Select(one => one.Violation)));
        CollectionAssert.AreEqual(evaluation.Inequalities.Select(one => Math.Round(one.Margin(Z, 1), 6)).ToArray(),
            evaluation.Margins.Select(margin => Math.Round(margin, 6)).ToArray());
        Assert.IsTrue(evaluation.Margins.All(margin => margin > 0.01));
        Assert.AreEqual(Math.Round(0.1 + evaluation.Margins[2], 6), Math.Round(evaluation.Excess, 6));
    }

    [TestMethod]
    public void Evaluate_TakesErrorAndLossFromValidationRowsAndRatesFromAll()
    {
        using var rows = new MarginRows([Parity], Two);
        using var others = new MarginRows([Parity], [[1, 2, 3, 4], [3, 1, 4, 2]]);

        var evaluation = rows.Rule().Evaluate(rows.Measured, others.Measured, TrainingPush.None);

        Assert.AreEqual(others.Measured.Accuracy, evaluation.Accuracy);
        Assert.AreEqual(others.Measured.Loss, evaluation.Loss);
        Assert.AreEqual(204 / 510.0 - 303 / 1010.0, evaluation.Values[0], 1e-12);
        Assert.AreEqual(507 / 1520.0, evaluation.Variety, 1e-12, "of both");
    }

    [TestMethod]
    public void Evaluate_PredictionsThatAreMostlyPositive_CountsTheOthersAsTheRarer()
    {
        using var rows = new MarginRows([Parity], [[60, 20, 15, 5], [70, 20, 8, 2]]);

        Assert.AreEqual(30 / 200.0, rows.Evaluate(rows.Rule()).Variety, 1e-12);
    }

    [TestMethod]
    public void Evaluate_MoreGroups_KeepsALargerMargin()
    {
        // With a bound so loose that all margins fit below it.
        var loose = Parity with { Bound = 0.3 };
        using var two = new MarginRows([loose], Two);
        using var three = new MarginRows([loose], [.. Two, [150, 50, 200, 100]]);

        var (first, second) = (two.Evaluate(two.Rule()), three.Evaluate(three.Rule()));

        Assert.AreEqual(first.Inequalities[0], second.Inequalities[0], "of the same pair");
        Assert.AreEqual(first.Inequalities[0].Margin(1.959964, 1), second.Margins[0], 1e-6);
        Assert.IsGreaterThan(first.Margins[0], second.Margins[0]);
    }

    [TestMethod]
    public void Evaluate_AGroupThatCannotBeMeasured_HasSlackForTheNumberOfGroups_AndTheOthersTheZOfTwo()
    {
        using var rows = new MarginRows([Parity], [.. Two, [3, 1, 4, 2]]);

        var evaluation = rows.Evaluate(rows.Rule());

        var own = evaluation.Inequalities[2]; // a - c
        Assert.IsGreaterThan(own.Room, own.StandardError);
        Assert.AreEqual(own.Room - (HoldingRule.Slack(Parity, 3) * own.StandardError), evaluation.Margins[2], 1e-9);
        Assert.IsLessThan(0, evaluation.Margins[2]);
        Assert.AreEqual(evaluation.Inequalities[0].Margin(Z, HoldingRule.Slack(Parity, 3)), evaluation.Margins[0], 1e-6);
    }

    [TestMethod]
    public void Evaluate_UnderAnyPolicyOfHolding_HoldsAGroupThatCannotBeMeasuredToTheBound()
    {
        using var rows = new MarginRows([Parity], [.. Two, [3, 1, 4, 2]]);

        var evaluation = rows.Evaluate(rows.Rule(holdsAll: true));

        Assert.IsTrue(evaluation.HoldsAll);
        Assert.IsFalse(rows.Evaluate(rows.Rule()).HoldsAll);
        Assert.AreEqual(0.025, evaluation.Margins[2], 1e-9, "half of what the bound leaves");
        Assert.AreEqual(Math.Min(Z * evaluation.Inequalities[0].StandardError, 0.025), evaluation.Margins[0], 1e-6);
    }

    [TestMethod]
    public void Evaluate_AStandardErrorThatIsNotFinite_HoldsNothing()
    {
        // One row of c: its mean loss has no variance.
        using var rows = new MarginRows([Fairness.BoundedGroupLoss("G", 0.1)], [.. Two, [0, 1, 0, 0]]);

        var evaluation = rows.Evaluate(rows.Rule());

        Assert.IsTrue(evaluation.Inequalities[2].IsDefined);
        Assert.AreEqual(double.NegativeInfinity, evaluation.Margins[2]);
        Assert.AreEqual(evaluation.Inequalities.Zip(evaluation.Margins, (one, margin) => one.Violation + margin).Take(2).Max(),
            evaluation.Excess, 1e-12, "of a and b only");
    }

    [TestMethod]
    public void Evaluate_AGroupThatLosesItsRate_IsUndefinedAndHoldsNothing()
    {
        // Nobody of c is predicted positive.
        using var rows = new MarginRows([Fairness.PredictiveParity("G", 0.1)], [.. Two, [0, 0, 50, 50]]);

        var evaluation = rows.Evaluate(rows.Rule());

        Assert.AreEqual(4, evaluation.UndefinedCount);
        CollectionAssert.AreEqual(new[] { 0, 0, 1, 1, 1, 1 },
            evaluation.Inequalities.Select(one => double.IsNaN(one.Violation) ? 1 : 0).ToArray());
    }

    [TestMethod]
    public void Evaluate_WithASafetyTest_KeepsTwiceItsWidthButStaysOneStandardErrorFromParity()
    {
        using var rows = new MarginRows([Parity], Two);
        var own = rows.Evaluate(rows.Rule()).Inequalities[0];
        double Margin(double width) => rows.Evaluate(rows.Rule([width])).Margins[0];

        var least = own.Margin(Z, 1);
        Assert.AreEqual(least, Margin(0.4 * least), 1e-6);
        using var loose = new MarginRows([Parity with { Bound = 0.4 }], Two);
        Assert.AreEqual(0.12, loose.Evaluate(loose.Rule([0.06])).Margins[0], 1e-9);
        Assert.AreEqual(own.Room - own.StandardError, Margin(0.5), 1e-9);
    }

    [TestMethod]
    public void Evaluate_ACustomConstraint_HasAFixedMarginInItsPlace()
    {
        using var rows = new MarginRows([Parity, Custom, Fairness.EqualOpportunity("G", 0.1)], Two);

        var evaluation = rows.Evaluate(rows.Rule());

        var selected = 500 / 1500.0;
        Assert.AreEqual(Text([0.1, selected, 0.2]), Text(evaluation.Values), "the largest of its values");
        Assert.AreEqual(Text([-0.15, 0.05, selected - 0.3, (selected / 2) - 0.3, -0.3, 0.1]),
            Text(evaluation.Inequalities.Select(one => one.Violation)));
        Assert.AreEqual("0.01, 0.01", Text(evaluation.Margins.Skip(2).Take(2)));
        Assert.AreEqual(evaluation.Inequalities[4].Margin(Z, 1), evaluation.Margins[4], 1e-6);
    }

    [TestMethod]
    public void Evaluate_WithoutMargins_HoldsTheBoundsAsDeclared()
    {
        using var rows = new MarginRows([Parity, Custom], [.. Two, [3, 1, 4, 2]]);

        CollectionAssert.AreEqual(new double[8], rows.Evaluate(rows.Rule([0.1, 0.1], share: 0)).Margins.ToArray());
    }

    [TestMethod]
    public void Evaluate_WhatChanceExplains_IsToldOfEachInequality_ButNotWhereAllIsHeld()
    {
        using var rows = new MarginRows([Custom, Parity], [.. Two, [3, 1, 4, 2]]);

        var evaluation = rows.Evaluate(rows.Rule());

        var expected = ChanceDifferences.Of(Parity, rows.Counts, HoldingRule.Estimates(Parity, rows.Counts, isHeld: true));
        Assert.IsTrue(expected.Any(one => one > 0));
        CollectionAssert.AreEqual(new double[] { 0, 0 }.Concat(expected).ToArray(), evaluation.ByChance.ToArray());
        CollectionAssert.AreEqual(new double[8], rows.Evaluate(rows.Rule(holdsAll: true)).ByChance.ToArray());
    }

    [TestMethod]
    public void Evaluate_WithAShareOfTheMargins_KeepsThatOfThoseAbove0()
    {
        using var rows = new MarginRows([Parity], [.. Two, [3, 1, 4, 2]]);

        var (all, some) = (rows.Evaluate(rows.Rule()).Margins, rows.Evaluate(rows.Rule(share: 0.5)).Margins);

        Assert.IsGreaterThan(0, all[0]);
        Assert.AreEqual(all[0] / 2, some[0], 1e-12);
        Assert.IsLessThan(0, all[2]);
        Assert.AreEqual(all[2], some[2], 1e-12, "slack is not the margin's");
    }

    [TestMethod]
    public void Evaluate_WhereAllIsHeld_KeepsTheMarginThatFits()
    {
        using var rows = new MarginRows([Parity with { Bound = 0.3 }], Two);

        var evaluation = rows.Evaluate(rows.Rule(holdsAll: true));

        Assert.AreEqual(Z * evaluation.Inequalities[0].StandardError, evaluation.Margins[0], 1e-6);
    }

    [TestMethod]
    public void Weights_OfInequalitiesThatAreAllowedMoreThanTheBound_AreSmallerInProportion()
    {
        using var rows = new MarginRows([Parity, Parity with { Bound = 0.2, Name = "loose" }], [.. Two, [3, 1, 4, 2]]);
        string Weights(params double[] margins) => Text(rows.Rule().Weights(margins));
        double[] held = [0.02, 0.02, 0.02, 0.02, 0.02, 0.02];

        // 0.05 + 0.35 and 0.05 + 0.15 are allowed, and 0.2 + 0.2.
        Assert.AreEqual("1, 1, 0.125, 0.125, 0.25, 0.25, 1, 1, 0.5, 1, 1, 1",
            Weights([0.02, 0, -0.35, -0.35, -0.15, -0.15, 0.02, 0.02, -0.2, 0.02, 0.02, 0.02]));
        Assert.AreEqual("1, 1, 0.5, 0.5, 1, 0, 1, 1, 1, 1, 1, 1",
            Weights([-0.05, -0.05, -0.15, -0.15, -0.05, double.NegativeInfinity, .. held]), "where all are slack the narrowest does");
        Assert.AreEqual("0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1",
            Weights([.. Enumerable.Repeat(double.NegativeInfinity, 6), .. held]));
    }

    [TestMethod]
    public void Weights_OfABoundOfZero_StillMoveTheMultipliers()
    {
        using var rows = new MarginRows([Parity with { Bound = 0 }], Two);

        Assert.AreEqual("1, 1", Text(rows.Rule().Weights([-0.01, -0.01])));
    }

    [TestMethod]
    public void AllOfARegression_InOtherUnits_IsTheSame()
    {
        static string[] Told(double unit)
        {
            FairnessConstraint[] constraints =
                [Fairness.ResidualParity("G", 0.2 * unit), Fairness.BoundedGroupLoss("G", 1.5 * unit * unit), Custom];
            using var rows = MarginRows.OfRegression(constraints, [400, 300, 4], unit);
            var (rule, tested) = (rows.Rule(), rows.Rule([0.03 * unit, 0.2 * unit * unit, 0.1]));
            var evaluation = rows.Evaluate(rule);
            Assert.IsGreaterThan(0, evaluation.ByChance.Max());
            Assert.IsLessThan(0, evaluation.Margins.Min());
            return [Text(rule.First), Text(tested.First), Text(evaluation.Inequalities.Select(one => one.Violation).SkipLast(2)),
                Text(evaluation.Margins), Text(rows.Evaluate(tested).Margins), Text(evaluation.ByChance),
                Text(rule.Weights(evaluation.Margins))];
        }

        CollectionAssert.AreEqual(Told(1), Told(8));
    }

    [TestMethod]
    public void Evaluate_WhereTrainingRowsAreFlattered_KeepsThatMuchMoreFromTheBoundOnThem()
    {
        // Selected: .4 of both groups in training; .5 and .3 of held-out rows.
        int[][] own = [[200, 200, 300, 300], [200, 200, 300, 300]], other = [[60, 65, 60, 65], [35, 40, 85, 90]];
        using var training = new MarginRows([Parity, Custom], own);
        using var heldOut = new MarginRows([Parity, Custom], other);

        var seen = training.Rule().Evaluate(training.Measured, heldOut.Measured, Push(0, 0, 0, 0));
        var expected = training.Rule().Evaluate(training.Measured, heldOut.Measured, Push(10, 0, 0, 0));

        Assert.IsLessThan(0.03, seen.TrainingWeights[0][0]);
        Assert.IsLessThan(seen.TrainingWeights[0][0] / 5, expected.TrainingWeights[0][0], "pushed as well");
        CollectionAssert.AreEqual(new double[] { 1, 1 }, seen.TrainingWeights[1].ToArray(), "of a custom one nothing is known");
        foreach (var evaluation in new[] { seen, expected })
        {
            var weight = evaluation.TrainingWeights[0][0];
            double a = ((400 * weight) + 125) / ((1000 * weight) + 250), b = ((400 * weight) + 75) / ((1000 * weight) + 250);
            var shift = evaluation.TrainingShifts[0][0] - evaluation.TrainingShifts[0][1];
            Assert.AreEqual(a - b + shift, evaluation.Values[0], 1e-9);
            Assert.AreEqual(Text([shift + ((1 - weight) * (a - b)), 0, 0, 0]), Text(evaluation.Flattery));
            Assert.AreEqual(Text(evaluation.Margins.Zip(evaluation.Flattery, (margin, flattery) => margin + flattery)),
                Text(evaluation.TrainingMargins));
        }

        var alone = training.Evaluate(training.Rule());
        CollectionAssert.AreEqual(new double[4], alone.Flattery.ToArray());
        Assert.IsEmpty(alone.TrainingWeights);
    }

    [TestMethod]
    public void Evaluate_WhereTrainingRowsCountNearlyInFull_KeepsNearlyNothingMore()
    {
        int[][] own = [[200, 200, 300, 300], [200, 200, 300, 300]], other = [[53, 52, 72, 73], [48, 47, 77, 78]];
        using var training = new MarginRows([Parity], own);
        using var heldOut = new MarginRows([Parity], other);

        var evaluation = training.Rule().Evaluate(training.Measured, heldOut.Measured, Push(0.03, 0));

        Assert.IsInRange(0.99, 0.99999, evaluation.TrainingWeights[0][0]);
        Assert.IsInRange(0.0001, 0.001, evaluation.Flattery[0]);
    }

    // Of a group of 12 rows what is expected is mostly chance.
    [TestMethod]
    public void Evaluate_WhatIsExpectedBeyondTheCounts_IsOfRatesThatCanBeMeasured()
    {
        int[] many = [2000, 2000, 3000, 3000], fewer = [500, 500, 750, 750];
        int[][] own = [many, many, [2, 2, 4, 4]], other = [fewer, fewer, [1, 0, 1, 1]];
        using var training = new MarginRows([Parity], own);
        using var heldOut = new MarginRows([Parity], other);

        var evaluation = training.Rule().Evaluate(training.Measured, heldOut.Measured, Push(1, 0, 1, 0, 0, 0));

        var shifts = evaluation.TrainingShifts[0];
        Assert.IsGreaterThan(0.0005, shifts[0]);
        Assert.IsLessThan(-0.0005, shifts[1]);
        Assert.AreEqual(0, shifts[2]);
        Assert.AreEqual(shifts[0] - shifts[1] - Parity.Bound, evaluation.Inequalities[0].Violation, 1e-9);
    }

    [TestMethod]
    public void Evaluate_WhatChanceExplains_GoesByTheRowsThereAre()
    {
        // 1,250 rows of a group tell a bound of 0.05 as they are; pushed hard, they are hardly more than the 250 held-out ones.
        int[][] own = [[200, 200, 300, 300], [200, 200, 300, 300], [250, 250, 250, 250]],
            other = [[50, 50, 75, 75], [50, 50, 75, 75], [62, 63, 62, 63]];
        using var training = new MarginRows([Parity], own);
        using var heldOut = new MarginRows([Parity], other);

        var evaluation = training.Rule().Evaluate(training.Measured, heldOut.Measured, Push(0, 10, 0, 5, 0, 2));

        Assert.IsLessThan(0.5, evaluation.TrainingWeights[0].Max());
        CollectionAssert.AreEqual(new double[6], evaluation.ByChance.ToArray());
        Assert.IsGreaterThan(0.03, heldOut.Evaluate(heldOut.Rule()).ByChance.Max(), "of 250 rows alone");
    }

    // A difference is held to at most one standard error from parity, whatever that is; the margin of a bound on a rate has no such end.
    [TestMethod]
    public void Evaluate_OfABoundOnARate_KeepsTheMarginOfTheRowsThereAre()
    {
        var most = Fairness.RateAtMost(GroupMetric.SelectionRate, "G", 0.6);
        int[][] own = [[200, 200, 300, 300], [200, 200, 300, 300]], other = [[50, 50, 75, 75], [50, 50, 75, 75]];
        using var training = new MarginRows([most], own);
        using var heldOut = new MarginRows([most], other);

        var evaluation = training.Rule().Evaluate(training.Measured, heldOut.Measured, Push(10, 10));

        Assert.IsLessThan(0.5, evaluation.TrainingWeights[0].Max());
        var z = HoldingRule.StandardErrors(most, 2);
        Assert.AreEqual(z * Math.Sqrt(0.24 / 1250), evaluation.Margins[0], 1e-4);
    }

    [TestMethod]
    public void Evaluate_OfABoundThatSafetyRowsTest_KeepsTheMarginOfTheRowsThereAre()
    {
        int[][] own = [[200, 200, 300, 300], [200, 200, 300, 300]], other = [[50, 50, 75, 75], [50, 50, 75, 75]];
        using var training = new MarginRows([Parity], own);
        using var heldOut = new MarginRows([Parity], other);
        double Margin(double[] widths, params double[] multipliers)
            => training.Rule(widths).Evaluate(training.Measured, heldOut.Measured, Push(multipliers)).Margins[0];

        Assert.AreEqual(Margin([0.03]), Margin([0.03], 10, 0), 1e-12);
        Assert.IsLessThan(Margin([]), Margin([], 10, 0), "else few rows are held to what they can show");
    }

    private static TrainingPush Push(params double[] multipliers) => new(multipliers, 10, 5000, 2000, 0);

    private static void AssertFirst(double expected, FairnessConstraint constraint, string because = "")
    {
        using var rows = new MarginRows([constraint], Two);
        Assert.AreEqual(Text([expected, expected]), Text(rows.Rule().First), $"{constraint.Name} {constraint.Bound} {because}");
    }

    private static string Text(IEnumerable<double> values)
        => string.Join(", ", values.Select(value => FormattableString.Invariant($"{Math.Round(value, 5) + 0}")));
}
