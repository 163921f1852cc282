using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Constraints.Compiled;

[TestClass]
public sealed class ConflictingBoundsTests
{
    private static readonly List<(FairnessConstraint First, FairnessConstraint Second, string? Problem)> Table =
    [
        (Least(GroupMetric.SelectionRate, 0.6), Most(GroupMetric.SelectionRate, 0.4),
            "SelectionRateAtLeast and SelectionRateAtMost cannot both hold: SelectionRate would have to be at least 0.6 and at most 0.4."),
        (Least(GroupMetric.SelectionRate, 0.6, "Sex", "Race"), Most(GroupMetric.SelectionRate, 0.4, "Race", "Sex"),
            "SelectionRateAtLeast(Sex, Race) and SelectionRateAtMost(Race, Sex) cannot both hold: SelectionRate would have to be at least "
            + "0.6 and at most 0.4."),
        (Least(GroupMetric.TruePositiveRate, 0.9), Least(GroupMetric.FalseNegativeRate, 0.2),
            "TruePositiveRateAtLeast and FalseNegativeRateAtLeast cannot both hold: TruePositiveRate would have to be at least 0.9 and at "
            + "most 0.8."),
        (Fairness.BoundedGroupLoss("Sex", 0.3), Least(GroupMetric.MeanLoss, 0.5, "Sex"),
            "MeanLossAtLeast(Sex) and BoundedGroupLoss(Sex) cannot both hold: MeanLoss would have to be at least 0.5 and at most 0.3."),
        (Least(GroupMetric.SelectionRate, 0.4), Most(GroupMetric.SelectionRate, 0.4), null),
        (Least(GroupMetric.SelectionRate, 0.4), Most(GroupMetric.SelectionRate, 0.6), null),
        (Least(GroupMetric.SelectionRate, 0.6, "Sex"), Most(GroupMetric.SelectionRate, 0.4, "Race"), null),
        (Least(GroupMetric.TruePositiveRate, 0.6), Most(GroupMetric.FalsePositiveRate, 0.4), null),
        (Least(GroupMetric.SelectionRate, 0.6), Least(GroupMetric.SelectionRate, 0.4, "Sex"), null),
    ];

    public static IEnumerable<object[]> Cases => Table.Select((_, index) => new object[] { index });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Validate_TwoBounds_TellsThoseThatExcludeEachOther(int index)
    {
        var (first, second, problem) = Table[index];
        foreach (var order in new[] { new[] { first, second }, [second, first] })
        {
            var problems = new List<string>();
            ConflictingBounds.Validate(order, problems);
            CollectionAssert.AreEqual(problem is null ? Array.Empty<string>() : [problem], problems);
        }
    }

    [TestMethod]
    [DataRow(new string[0], new[] { "Sex" })]
    [DataRow(new[] { "Sex" }, new[] { "Race", "Sex" })]
    public void Validate_GroupsThatDivideOthers_ConflictUnlessRowsAreLeftOut(string[] larger, string[] smaller)
    {
        FairnessConstraint[][] both = [[Least(GroupMetric.Accuracy, 0.9, larger), Most(GroupMetric.Accuracy, 0.8, smaller)],
            [Least(GroupMetric.Accuracy, 0.9, smaller), Most(GroupMetric.Accuracy, 0.8, larger)]];
        foreach (var constraints in both)
        {
            List<string> all = [], leftOut = [];
            ConflictingBounds.Validate(constraints, all);
            ConflictingBounds.Validate(constraints, leftOut, everyRowHasItsGroup: false);
            Assert.HasCount(1, all);
            Assert.IsEmpty(leftOut);
        }
    }

    private static FairnessConstraint Least(GroupMetric metric, double bound, params string[] columns)
        => Fairness.RateAtLeast(metric, columns, bound);

    private static FairnessConstraint Most(GroupMetric metric, double bound, params string[] columns)
        => Fairness.RateAtMost(metric, columns, bound);
}
