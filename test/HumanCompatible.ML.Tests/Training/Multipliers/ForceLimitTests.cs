using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training.Multipliers;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training.Multipliers;

[TestClass]
public sealed class ForceLimitTests
{
    // a has 60 rows of 100, b 30 and c 10; every other row is positive.
    private static readonly int[] Groups = [.. Enumerable.Range(0, 100).Select(row => row < 60 ? 0 : row < 90 ? 1 : 2)];

    [TestMethod]
    public void Limit_OfForcesThatFit_ChangesNothing()
    {
        double[] weights = [1.7, 0, 0, 0, 0, 0];

        Assert.IsTrue(Limit(weights, Fairness.DemographicParity("G", 0.1)), "b is pushed with more than 3 x 0.3");
        weights = [0.7, 0, 0.2, 0, 0, 0.1];
        Assert.IsFalse(Limit(weights, Fairness.DemographicParity("G", 0.1)));
        CollectionAssert.AreEqual(new[] { 0.7, 0, 0.2, 0, 0, 0.1 }, weights);
    }

    [TestMethod]
    public void Limit_OfAPair_IsThatOfItsSmallerGroup()
    {
        // a - b, b - a, a - c, c - a, b - c, c - b
        double[] weights = [0.2, 0, 1.2, 0, 0, 0];

        Limit(weights, Fairness.DemographicParity("G", 0.1));

        Assert.AreEqual(0.2, weights[0], 1e-12, "a is pushed with 1.4 of 1.8, b with 0.2 of 0.9");
        Assert.AreEqual(0.3, weights[2], 1e-12, "c would be pushed with 1.2 of 0.3");
    }

    [TestMethod]
    public void Limit_OfAGroupInManyPairs_CountsWhatIsLeftOfItsForces()
    {
        double[] opposed = [0, 0, 0.5, 0, 0, 0.5], together = [0, 0, 0.5, 0, 0.5, 0];

        Limit(opposed, Fairness.DemographicParity("G", 0.1));
        Limit(together, Fairness.DemographicParity("G", 0.1));

        CollectionAssert.AreEqual(new[] { 0, 0, 0.5, 0, 0, 0.5 }, opposed, "c is pushed down by a and up by b");
        Assert.AreEqual(0.5 * 0.3 / 1, together[2], 1e-12);
        Assert.AreEqual(0.5 * 0.3 / 1, together[4], 1e-12);
    }

    [TestMethod]
    public void Limit_BesideMultipliers_LeavesTheseTheirForce()
    {
        using var constraints = Compile(out var rows, Fairness.DemographicParity("G", 0.1));
        double[] weights = [0, 0, 1.2, 0, 0, 0], multipliers = [0, 0, 0.5, 0, 0, 0];

        new ForceLimit(constraints, rows).Limit(weights, multipliers);

        Assert.AreEqual(0.3 + 0.5, weights[2], 1e-12);
    }

    [TestMethod]
    public void Limit_OfEachBatch_IsOfItsOwnForces()
    {
        using var constraints = Compile(out var rows, Fairness.DemographicParity("G", 0.1));
        var limit = new ForceLimit(constraints, rows);
        double[] first = [0, 0, 0.2, 0, 0, 0], second = [0, 0, 0.2, 0, 0, 0];

        Assert.IsFalse(limit.Limit(first, [0, 0, 0.5, 0, 0, 0]));
        Assert.IsFalse(limit.Limit(second, new double[6]), "0.2 of 0.3");
        Assert.IsTrue(limit.Limit([0, 0, 0.4, 0, 0, 0], new double[6]), "the multipliers of before are gone");
    }

    [TestMethod]
    public void Limit_OfWeightedRows_IsOfTheirShareByWeight()
    {
        using var constraints = Compile(out var rows, Fairness.DemographicParity("G", 0.1));
        // c has 10 rows of weight 4, the others weight 1.
        var weighted = new TrainingRows([], 0, rows.Labels, [.. Groups.Select(group => group == 2 ? 4f : 1)], rows.Partitions);
        double[] weights = [0, 0, 2, 0, 0, 0];

        new ForceLimit(constraints, weighted).Limit(weights, new double[6]);

        Assert.AreEqual(3 * 40 / 130.0, weights[2], 1e-12);
    }

    [TestMethod]
    public void Limit_OfTheDifferenceOfTwoGroups_ThereIsNone()
    {
        double[] weights = [9, 0];

        Assert.IsFalse(LimitOfTwo(weights, Fairness.DemographicParity("G", 0.1)));
        Assert.AreEqual(9, weights[0]);
    }

    [TestMethod]
    public void Limit_OfRatesOfSomeRows_IsOfTheShareOfThese()
    {
        double[] weights = [0, 0, 1, 0, 0, 0];

        Limit(weights, Fairness.EqualOpportunity("G", 0.1));

        Assert.AreEqual(3 * 0.05, weights[2], 1e-12, "c has 5 positive rows");
    }

    [TestMethod]
    public void Limit_OfSeveralConstraints_CountsEachForItself()
    {
        double[] weights = [0, 0, 0.3, 0, 0, 0, 0.3, 9];

        Limit(weights, Fairness.DemographicParity("G", 0.1),
            Fairness.Custom("mine", ["G"], 0.1, batch => torch.cat([batch.Mean(batch.Predictions), batch.Mean(batch.Predictions)])));

        CollectionAssert.AreEqual(new[] { 0, 0, 0.3, 0, 0, 0, 0.3, 9 }, weights, "of a custom statistic nothing is known");
    }

    [TestMethod]
    public void Limit_ComparedWithAllRows_IsThatOfTheGroup()
    {
        // a, b and c, each above and below.
        double[] weights = [0.5, 0, 0, 0, 0, 1];

        Limit(weights, Fairness.DemographicParity("G", 0.1) with { Baseline = GroupBaseline.Overall });

        Assert.AreEqual(0.5, weights[0], 1e-12);
        Assert.AreEqual(0.3, weights[5], 1e-12);
    }

    // Of all rows .3, of the positive ones, half of them, .15.
    [TestMethod]
    [DataRow(false, 0.3)]
    [DataRow(true, 0.15)]
    public void Limit_OfBoundsOfAllGroups_IsOfTheirPushTogether(bool ofPositives, double most)
    {
        var metric = ofPositives ? GroupMetric.TruePositiveRate : GroupMetric.SelectionRate;
        double[] much = [0.2, 0.2, 0.2], little = [0.1, 0.04, 0];

        Assert.IsTrue(Limit(much, Fairness.RateAtLeast(metric, "G", 0.1)));
        Assert.IsFalse(Limit(little, Fairness.RateAtMost(metric, "G", 0.1)));

        foreach (var weight in much)
            Assert.AreEqual(most / 3, weight, 1e-12, $"three times 0.2 of {most}");
        CollectionAssert.AreEqual(new[] { 0.1, 0.04, 0 }, little);
    }

    [TestMethod]
    public void Limit_OfBoundsOfAllGroups_LeavesMultipliersTheirForce()
    {
        using var constraints = Compile(out var rows, Fairness.RateAtLeast(GroupMetric.SelectionRate, "G", 0.1));
        double[] weights = [0.6, 0.2, 0.2];

        new ForceLimit(constraints, rows).Limit(weights, [0.2, 0, 0]);

        Assert.AreEqual(0.6 * (0.3 + 0.2), weights[0], 1e-12);
        Assert.AreEqual(0.2 * (0.3 + 0.2), weights[1], 1e-12);
    }

    // An error can be mended from both sides, and of a precision the rows change with the predictions: no push of all one way.
    [TestMethod]
    public void Limit_OfWhatNoPushOneWayMoves_IsThatOfEachGroup()
    {
        FairnessConstraint[] bounds = [Fairness.RateAtMost(GroupMetric.ErrorRate, "G", 0.1),
            Fairness.BoundedGroupLoss("G", 0.1), Fairness.RateAtLeast(GroupMetric.PositivePredictiveValue, "G", 0.1)];

        foreach (var bound in bounds)
            Assert.IsFalse(Limit([0.4, 0.1, 0.1], bound), bound.Name);
    }

    // lower - 0.8 upper of a and b: 0.2 of every weight pushes both up, or down.
    [TestMethod]
    public void Limit_OfARatio_IsOfWhatItPushesOneWay()
    {
        double[] weights = [2, 0], few = [1, 0];

        Assert.IsTrue(LimitOfTwo(weights, Fairness.DisparateImpact("G", 0.8)));
        Assert.IsFalse(LimitOfTwo(few, Fairness.DisparateImpact("G", 0.8)));
        Assert.AreEqual(0.3 / 0.2, weights[0], 1e-12);
    }

    [TestMethod]
    public void On_LeavesValuesAndLimitsTheGradient()
    {
        using var scope = torch.NewDisposeScope();
        using var constraints = Compile(out var rows, Fairness.DemographicParity("G", 0.1));
        var violations = torch.tensor(new[] { 0.1f, 0, 0.2f, 0, 0, 0 }, requires_grad: true);

        var limited = new ForceLimit(constraints, rows).On(violations, [0, 0, 0.5, 0, 0, 0]);
        limited.mul(torch.tensor(new[] { 0.2f, 0, 1.2f, 0, 0, 0 })).sum().backward();

        CollectionAssert.AreEqual(violations.data<float>().ToArray(), limited.data<float>().ToArray());
        CollectionAssert.AreEqual(new[] { 0.2f, 0, 0.8f, 0, 0, 0 },
            violations.grad!.data<float>().ToArray().Select(one => MathF.Round(one, 6)).ToArray());
    }

    private static bool LimitOfTwo(double[] weights, FairnessConstraint declaration)
    {
        var partition = new GroupPartition(["G"], [.. Enumerable.Range(0, 100).Select(row => row < 95 ? 0 : 1)], ["a", "b"], [95, 5]);
        var rows = new TrainingRows([], 0, new float[100], null, [partition]);
        using var constraints = CompiledConstraints.Compile([declaration], rows.Partitions);
        return new ForceLimit(constraints, rows).Limit(weights, new double[weights.Length]);
    }

    private static bool Limit(double[] weights, params FairnessConstraint[] declarations)
    {
        using var constraints = Compile(out var rows, declarations);
        return new ForceLimit(constraints, rows).Limit(weights, new double[weights.Length]);
    }

    private static CompiledConstraints Compile(out TrainingRows rows, params FairnessConstraint[] declarations)
    {
        rows = new TrainingRows([], 0, [.. Enumerable.Range(0, 100).Select(row => row % 2 == 0 ? 1f : 0)], null,
            [.. declarations.Select(_ => new GroupPartition(["G"], Groups, ["a", "b", "c"], [60, 30, 10]))]);
        return CompiledConstraints.Compile(declarations, rows.Partitions, probe: new ProbeRows(rows.Labels, null));
    }
}
