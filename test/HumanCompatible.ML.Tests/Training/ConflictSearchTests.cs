using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class ConflictSearchTests
{
    private static readonly FairnessConstraint A = Fairness.DemographicParity("Sex", 0.1) with { Name = "A" };
    private static readonly FairnessConstraint B = Fairness.RateAtLeast(GroupMetric.TruePositiveRate, [], 0.9) with { Name = "B" };
    private static readonly FairnessConstraint C = Fairness.EqualOpportunity("Sex", 0.1) with { Name = "C" };
    private static readonly FairnessConstraint D = Fairness.AccuracyParity("Sex", 0.1) with { Name = "D" };

    [TestMethod]
    public void Find_SomeEpochKeepsAll_IsNone()
        => Assert.IsEmpty(Find([A, B], [[0.2, 0.95], [0.05, 0.95], [0.05, 0.8]]));

    [TestMethod]
    public void Find_NoEpoch_IsNone() => Assert.IsEmpty(Find([A, B], []));

    [TestMethod]
    public void Find_TwoKeptInTurn_ConflictWithEachOther()
        => AssertConflicts(
            Find([A, B], [[0.2, 0.95], [0.12, 0.91], [0.05, 0.8]]),
            "A and B: each was kept in some of the 3 epochs, never both in one; nearest in epoch 2, where A is missed by 0.0200 and B is "
                + "kept");

    [TestMethod]
    public void Find_NeverKept_SaysHowNearItCame()
        => AssertConflicts(Find([A, B], [[0.2, 0.95], [0.15, 0.92], [0.17, 0.91]]),
            "A: kept in none of the 3 epochs; nearest in epoch 2: 0.1500, missed by 0.0500");

    [TestMethod]
    public void Find_ALowerBoundNeverKept_SaysHowNearItCame()
        => AssertConflicts(Find([A, B], [[0.02, 0.75], [0.05, 0.82]]),
            "B: kept in none of the 2 epochs; nearest in epoch 2: 0.8200, missed by 0.0800");

    [TestMethod]
    public void Find_ThreeOfWhichTwoGoTogether_ConflictAllThree()
        => AssertConflicts(
            Find([A, B, C], [[0.05, 0.95, 0.15], [0.05, 0.8, 0.05], [0.2, 0.95, 0.05]]),
            "A and B and C: each was kept in some of the 3 epochs, never all 3 in one; nearest in epoch 1, where A is kept and B is kept "
                + "and C is missed by 0.0500");

    [TestMethod]
    public void Find_APairInConflict_NamesNoLargerSet()
        => CollectionAssert.AreEqual(new[] { "A and B" }, Names(Find([A, B, C], [[0.05, 0.8, 0.2], [0.2, 0.95, 0.05], [0.05, 0.8, 0.05]])));

    [TestMethod]
    public void Find_FourOfWhichAnyThreeGoTogether_ConflictAllFour()
        => CollectionAssert.AreEqual(
            new[] { "A and B and C and D" },
            Names(Find([A, B, C, D], [[0.2, 0.95, 0.05, 0.05], [0.05, 0.8, 0.05, 0.05], [0.05, 0.95, 0.2, 0.05],
                [0.05, 0.95, 0.05, 0.2]])));

    [TestMethod]
    public void Find_NeverKept_SaysWhetherItsMultipliersCouldHaveDoneMore()
    {
        double[][] epochs = [.. Enumerable.Range(0, 6).Select(_ => new[] { 0.3, 0.95 })];
        const string Kept = "A: kept in none of the 6 epochs; nearest in epoch 1: 0.3000, missed by 0.2000";
        AssertConflicts(Find([A, B], epochs, epoch => [0, epoch, 0]), Kept + "; its multiplier was still growing in the last 5 epochs");
        AssertConflicts(Find([A, B], epochs, epoch => [0, Math.Min(4, epoch), 0]), Kept);
        AssertConflicts(Find([A, B], epochs, epoch => [0, epoch == 6 ? 100 : epoch, 0]),
            Kept + "; its multiplier is at the upper end of its range, 100");
    }

    [TestMethod]
    public void Find_AnUndefinedValue_KeepsNoBound()
    {
        AssertConflicts(Find([A, B], [.. Enumerable.Range(0, 6).Select(_ => new[] { 0.05, double.NaN })]),
            "B: not defined in any of the 6 epochs");
        AssertConflicts(Find([A, B], [[0.05, double.NaN], [0.14, 0.95]]),
            "A and B: each was kept in some of the 2 epochs, never both in one; nearest in epoch 2, where A is missed by 0.0400 and B is "
                + "kept");
        AssertConflicts(Find([A, B, C], [[0.05, double.NaN, 0.05], [double.NaN, 0.95, 0.05]]),
            "A and B: each was kept in some of the 2 epochs, never both in one; nearest in epoch 1, where A is kept and B is not defined");
    }

    // A has two multipliers and B one.
    private static IReadOnlyList<ConstraintConflict> Find(FairnessConstraint[] constraints, double[][] epochs,
        Func<int, double[]>? duals = null)
    {
        string[] dualConstraints = duals is null ? [] : ["A", "A", "B"];
        var history = epochs.Select((values, index) => new EpochHistory(
            index + 1, 0.5, 0.5, 0.8, values, duals?.Invoke(index + 1) ?? []));
        return ConflictSearch.Find(constraints, [.. history], dualConstraints, new Dictionary<string, double> { ["A"] = 100, ["B"] = 100 });
    }

    private static string[] Names(IReadOnlyList<ConstraintConflict> conflicts)
        => [.. conflicts.Select(conflict => string.Join(" and ", conflict.Constraints))];

    private static void AssertConflicts(IReadOnlyList<ConstraintConflict> conflicts, params string[] expected)
        => CollectionAssert.AreEqual(expected, conflicts.Select(conflict => conflict.ToString()).ToArray());
}
