using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

/// <summary>
/// How many rows verdicts say would be needed: as many are enough, clearly fewer are not. Numbers that are stated were solved apart from
/// the code: v(n) a^2 / n + v(m) b^2 / m = (room / z)^2 with v(n) = r (1 - r), r = (p n + 2) / (n + 4), rounded up to two digits.
/// </summary>
[TestClass]
public sealed class RowsNeededTests
{
    private static readonly ParityConstraint Parity = Fairness.DemographicParity("G", 0.1);

    [TestMethod]
    [DataRow(15, 50, 21, 70, 120L)] // 115.4 each; a would need 337 beside 70 rows of b that stay
    [DataRow(2, 5, 1, 3, 130L)] // 129.0
    public void RowsNeeded_OfAPairThatIsTooSmall_AreThoseOfBothTogether(int selected, int rows, int others, int otherRows, long expected)
        => CollectionAssert.AreEqual(new long?[] { expected, expected }, Needed(Parity, ("a", selected, rows), ("b", others, otherRows)));

    [TestMethod]
    public void RowsNeeded_OfARatio_CountTheFirstByTheSquareOfTheBound()
        => CollectionAssert.AreEqual(new long?[] { 260, 260 }, // 257.9 for 0.64 + 1; 314 for 1 + 1
            Needed(Fairness.DisparateImpact("G", 0.8), ("a", 15, 50), ("b", 15, 50)));

    [TestMethod]
    public void RowsNeeded_BesideAGroupThatOnlyAPairCanBeToldOf_AreForBothToGrow()
        => CollectionAssert.AreEqual(new long?[] { 290 }, // 285.5 of c and b; beside 100 rows of b no number would do
            Needed(Parity, ("a", 3000, 10000), ("b", 31, 100), ("c", 6, 20)));

    [TestMethod]
    [DataRow(119, "a, b")]
    [DataRow(120, "b")]
    public void Of_AGroupWithAsManyRowsAsAreNeeded_NamesOnlyTheOther(int rows, string expected)
        => Assert.AreEqual(expected, string.Join(", ", Judged(Parity, ("a", 36, rows), ("b", 1, 3)).UnmeasurableGroups
            .Select(group => group.Group)));

    [TestMethod]
    [DataRow(new[] { 0.5 }, 19L)] // a single loss has no variance: by that of the others, 17.7
    [DataRow(new[] { 0.1, 0.9 }, 91L)] // by its own, 0.32: 90.4
    public void RowsNeeded_OfFewLosses_AreByTheirVariance(double[] few, long expected)
    {
        // Losses of 1/2 +- 1/4, beside 400 of which w z^2 / (room^2 - v z^2 / 400) of variance w are needed, with v = 1/16 and z = 1.645.
        double[] many = [.. Enumerable.Range(0, 400).Select(row => row % 2 == 0 ? 0.25 : 0.75)];

        var group = VerdictRule.Of(Fairness.LossParity("G", 0.1), CountedRows.OfLosses(many, few), null).UnmeasurableGroups.Single();

        Assert.AreEqual(("1", few.Length, expected), (group.Group, group.Rows, group.RowsNeeded));
    }

    // Rates that stay and rows that grow: with as many as it says the group counts, and with a third fewer it does not.
    [TestMethod]
    [DataRow(0.05, 100)]
    [DataRow(0.1, 100)]
    [DataRow(0.1, 3)] // b is itself only just large enough
    public void RowsNeeded_OfAGroupTooSmall_MakeItMeasurable(double bound, int hundreds)
    {
        var constraint = Parity with { Bound = bound };
        IRateEstimates Of(double rows) => new Sized(constraint,
            Rates(("a", 3000, 10000), ("b", 31 * hundreds, 100 * hundreds), ("c", 18, 60)), group => group == 2 ? rows / 60 : 1);
        var few = VerdictRule.Of(constraint, Of(60), null);

        var needed = few.UnmeasurableGroups.Single().RowsNeeded!.Value;

        Assert.IsEmpty(VerdictRule.Of(constraint, Of(needed), null).UnmeasurableGroups, $"{needed} rows");
        Assert.HasCount(1, VerdictRule.Of(constraint, Of(needed * 2 / 3.0), null).UnmeasurableGroups, $"two thirds of {needed} rows");
    }

    [TestMethod]
    public void RowsNeeded_OfARatioOrAMeanLoss_MakeTheGroupMeasurable()
    {
        foreach (var (constraint, rates) in new (FairnessConstraint, IRateEstimates)[]
        {
            (Fairness.DisparateImpact("G", 0.8), Rates(("a", 3000, 10000), ("b", 3100, 10000), ("c", 18, 60))),
            (Fairness.LossParity("G", 0.1), new CountedRates(["a", "b", "c"], [Losses(3000), Losses(2000), Losses(20)])),
            (Fairness.BoundedGroupLoss("G", 0.27), new CountedRates(["a", "b"], [Losses(3000), Losses(5)])),
            (Fairness.RateAtMost(GroupMetric.SelectionRate, "G", 0.35), Rates(("a", 3000, 10000), ("b", 1, 3))),
        })
        {
            var group = VerdictRule.Of(constraint, rates, null).UnmeasurableGroups.Single();
            Sized Of(double rows) => new(constraint, rates,
                index => index == rates.GroupNames.Count - 1 ? rows / group.Rows : 1);

            Assert.IsEmpty(VerdictRule.Of(constraint, Of(group.RowsNeeded!.Value), null).UnmeasurableGroups, $"{constraint.Name}: {group}");
            Assert.HasCount(1, VerdictRule.Of(constraint, Of(group.RowsNeeded!.Value * 0.6), null).UnmeasurableGroups, constraint.Name);
        }

        static GroupCounts Losses(int rows)
        {
            var counts = new GroupCounts();
            for (var row = 0; row < rows; row++)
                counts.Add(true, true, 1, row % 4 == 0 ? 0.8 : 0.1);
            return counts;
        }
    }

    [TestMethod]
    public void RowsNeeded_WhereAllGroupsAreTooSmall_MakeThemMeasurable()
    {
        var rates = Rates(("a", 15, 50), ("b", 16, 50));
        var verdict = VerdictRule.Of(Parity, rates, null);
        double[] needed = [.. verdict.UnmeasurableGroups.Select(group => (double)group.RowsNeeded!.Value)];

        var scaled = VerdictRule.Of(Parity, new Sized(Parity, rates, group => needed[group] / 50), null);

        Assert.IsEmpty(scaled.UnmeasurableGroups, string.Join(", ", needed));
        Assert.AreEqual(Verdict.Kept, scaled.Verdict);
        Assert.HasCount(2, VerdictRule.Of(Parity, new Sized(Parity, rates, group => needed[group] * 0.6 / 50), null).UnmeasurableGroups);
    }

    // Whatever the order in which groups are taken: those that grow may pass others.
    [TestMethod]
    [DataRow(0.05)]
    [DataRow(0.1)]
    public void RowsNeeded_OfSeveralGroupsTooSmall_MakeThemMeasurableTogether(double bound)
    {
        var constraint = Parity with { Bound = bound };
        var rates = Rates(("a", 3000, 10000), ("b", 450, 1500), ("c", 18, 60), ("d", 15, 50), ("e", 6, 20));
        var few = VerdictRule.Of(constraint, rates, null);
        var needed = few.UnmeasurableGroups.ToDictionary(group => group.Group, group => (double)group.RowsNeeded!.Value);
        ConstraintVerdict With(double share) => VerdictRule.Of(constraint, new Sized(constraint, rates, group
            => needed.TryGetValue(rates.GroupNames[group], out var rows)
                ? share * rows / rates.Estimate(GroupMetric.SelectionRate, group).Size : 1), null);

        Assert.IsTrue(new[] { "c", "d", "e" }.All(needed.ContainsKey), string.Join(", ", needed));
        Assert.IsEmpty(With(1).UnmeasurableGroups, string.Join(", ", needed));
        Assert.IsNotEmpty(With(0.8).UnmeasurableGroups, "with a fifth fewer not all of them");
    }

    private static long?[] Needed(FairnessConstraint constraint, params (string Name, int Selected, int Rows)[] groups)
        => [.. Judged(constraint, groups).UnmeasurableGroups.Select(group => group.RowsNeeded)];

    private static ConstraintVerdict Judged(FairnessConstraint constraint, params (string Name, int Selected, int Rows)[] groups)
        => VerdictRule.Of(constraint, Rates(groups), null);

    // Groups of rows of which some are selected.
    private static CountedRates Rates(params (string Name, int Selected, int Rows)[] groups)
        => CountedRows.Of([.. groups.Select(group => (group.Name, new[] { group.Selected, 0, 0, group.Rows - group.Selected }))]);

    // The same rates over other numbers of rows.
    private sealed class Sized(FairnessConstraint constraint, IRateEstimates rates, Func<int, double> factor) : IRateEstimates
    {
        private readonly EstimatedRates _rates = EstimatedRates.Of(constraint, rates);

        public IReadOnlyList<string> GroupNames => rates.GroupNames;

        public RateEstimate Estimate(GroupMetric metric, int group)
            => group == IRateEstimates.Overall ? rates.Estimate(metric, group) : _rates.Scaled(factor(group)).Estimate(metric, group);
    }
}
