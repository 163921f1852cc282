using FsCheck;
using FsCheck.Fluent;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class CandidateSelectionTests
{
    // The excess is what violation and margin of one inequality add up to.
    private static readonly Gen<Evaluation> AnyCandidate =
        from error in Gen.Choose(0, 50)
        from loss in Gen.Choose(0, 3)
        from violations in Gen.ArrayOf(
            Gen.Frequency((6, from violation in Gen.Choose(-30, 30) select violation / 100.0), (1, Gen.Constant(double.NaN))), 2)
        from margin in Gen.Choose(-5, 5)
        from standardError in Gen.Choose(0, 10)
        select Of(error / 100.0, loss, margin / 100.0, violations) with { StandardError = standardError / 100.0 };

    [TestMethod]
    public void Best_AnExcessThatCostsLessThanItIs_IsRemoved()
        => Assert.AreEqual(1, Best([Of(0.2, 0.5, 0, 0.03), Of(0.22, 0.5, 0, 0)]));

    [TestMethod]
    public void Best_AnExcessThatCostsMoreThanItIs_IsKept()
        => Assert.AreEqual(0, Best([Of(0.2, 0.5, 0, 0.03), Of(0.24, 0.5, 0, 0)]));

    [TestMethod]
    public void Best_OneWithinItsMargin_BeatsALessStrictOneOfTheSameAccuracy()
        => Assert.AreEqual(1, Best([Of(0.2, 0.5, 0.02, -0.01), Of(0.2, 0.6, 0.02, -0.02)]));

    [TestMethod]
    public void Best_OfTheSameObjective_TakesTheLowestLoss()
        => Assert.AreEqual(2, Best([Of(0.25, 0.4, 0, 0), Of(0.125, 0.4, 0, 0.125), Of(0.25, 0.3, 0, -0.5)]));

    [TestMethod]
    public void Gap_WithoutACandidate_IsNone() => Assert.AreEqual(0, new CandidateSelection().Gap);

    [TestMethod]
    public void Best_Tie_KeepsTheEarlier()
        => Assert.AreEqual(0, Best([Of(0.1, 0.2, 0, -1), Of(0.1, 0.2, 0, -1)]));

    [TestMethod]
    public void Best_NothingConstrained_TakesTheLowestLoss()
        => Assert.AreEqual(1, Best([new(0.9, 0.9, [], [], []), new(0.1, 0.8, [], [], []), new(0.2, 0.95, [], [], [])]));

    [TestMethod]
    public void Best_OneThatLosesAComparedGroup_RanksBelowAllThatDoNot()
        => Assert.AreEqual(1, Best([Of(0.1, 0.1, 0, -1, double.NaN), Of(0.6, 0.9, 0, 0.4, 0.4), Of(0, 0, 0, double.NaN, double.NaN)]));

    [TestMethod]
    public void Best_WhereBoundsAreHeldWhateverTheyCost_TakesTheLeastExcessThenTheLowestError()
    {
        static Evaluation Held(Evaluation candidate) => candidate with { HoldsAll = true };

        Assert.AreEqual(1, Best([Held(Of(0.1, 0.1, 0, 0.001)), Held(Of(0.4, 0.9, 0, 0))]));
        Assert.AreEqual(2, Best([Held(Of(0.3, 0.1, 0, -0.5)), Held(Of(0.1, 0.1, 0, 0.001)), Held(Of(0.2, 0.9, 0, 0))]));
        Assert.AreEqual(1, Best([Held(Of(0.1, 0.1, 0, double.NaN)), Held(Of(0.4, 0.9, 0, 0.3))]));
        Assert.AreEqual(0, Best([Of(0.1, 0.1, 0, 0.001), Of(0.4, 0.9, 0, 0)]), "as long as nothing else is asked for");
    }

    [TestMethod]
    public void Best_WithinOneStandardError_TakesTheLowestLossPlusExcess()
    {
        static Evaluation Told(Evaluation candidate) => candidate with { StandardError = 0.02 };

        Assert.AreEqual(1, Best([Told(Of(0.2, 0.5, 0, 0)), Told(Of(0.215, 0.4, 0, 0))]));
        Assert.AreEqual(0, Best([Told(Of(0.2, 0.5, 0, 0)), Told(Of(0.221, 0.4, 0, 0))]), "it is not within");
        Assert.AreEqual(1, Best([Told(Of(0.222, 0.4, 0, 0)), Told(Of(0.2, 0.5, 0, 0))]), "the former is no longer within");
        Assert.AreEqual(0, Best([Told(Of(0.2, 0.5, 0, 0)), Told(Of(0.2, 0.49, 0, 0.02))]), "what is told better is not worth the excess");
        Assert.AreEqual(1, Best([Told(Of(0.2, 0.5, 0, 0)), Told(Of(0.215, 0.4, 0, 0)), Told(Of(0.23, 0.3, 0, 0))]),
            "within is counted from the smallest, not from the one that was taken");
    }

    [TestMethod]
    public void Best_WithinOneStandardError_TakesANearlyConstantOneOnlyWhereAllAre()
    {
        static Evaluation Told(double error, double loss, double variety)
            => Of(error, loss, 0, 0) with { StandardError = 0.02, Variety = variety };

        Assert.AreEqual(1, Best([Told(0.2, 0.3, 0), Told(0.21, 0.5, 0.3), Told(0.2, 0.3, 0.009)]));
        Assert.AreEqual(1, Best([Told(0.2, 0.4, 0), Told(0.21, 0.3, 0.009), Told(0.23, 0.2, 0.3)]));
    }

    // Its standard error, and not that of others: a later candidate with a smaller objective can push it out.
    [TestMethod]
    public void Best_AnyCandidates_IsWithinItsStandardErrorOfTheSmallest()
        => Prop.ForAll(AnyCandidate.NonEmptyListOf().ToArbitrary(), candidates =>
        {
            var list = candidates.ToList();
            var best = list[Best(list)];
            var rivals = list.Where(other => other.UndefinedCount <= best.UndefinedCount).ToList();
            return rivals.TrueForAll(other => other.UndefinedCount == best.UndefinedCount
                && best.Objective <= other.Objective + best.StandardError + 1e-12);
        }).CheckSeeded();

    [TestMethod]
    public void Best_WithoutStandardErrors_IsTheSmallestObjectiveThenLossPlusExcess()
        => Prop.ForAll(AnyCandidate.NonEmptyListOf().ToArbitrary(), candidates =>
        {
            List<Evaluation> list = [.. candidates.Select(candidate => candidate with { StandardError = 0 })];
            return Best(list) == Enumerable.Range(0, list.Count).MinBy(index => (list[index].UndefinedCount, list[index].Objective,
                list[index].Loss + list[index].Excess));
        }).CheckSeeded();

    [TestMethod]
    public void Best_OfTrainingThatGoesOn_IsThatOfOneTraining()
        => Prop.ForAll(AnyCandidate.NonEmptyListOf().ToArbitrary(), AnyCandidate.ListOf().ToArbitrary(), (before, after) =>
        {
            var first = Selected(before);
            var second = new CandidateSelection(first.Best, first.Gap);
            foreach (var candidate in after)
                second.Takes(candidate);
            var whole = Selected([.. before, .. after]);
            return ReferenceEquals(whole.Best, second.Best) && Math.Abs(whole.Gap - second.Gap) < 1e-12;
        }).CheckSeeded();

    // Constant predictions have an excess of 0: every group has the same rates.
    [TestMethod]
    public void Best_AConstant_IsNoneWhereAModelIsBetterByMoreThanItsExcessAndChance()
        => Prop.ForAll(AnyCandidate.Two().ToArbitrary(), pair =>
        {
            var (model, (_, error)) = (pair.Item1, (0, 1 - pair.Item2.Accuracy));
            var constant = Of(error, 0, 0, -0.05, -0.05) with { StandardError = pair.Item2.StandardError };
            var gain = model.Accuracy - constant.Accuracy;
            return model.UndefinedCount > 0 || !(gain > model.Excess + constant.StandardError + 1e-12) || Best([model, constant]) == 0;
        }).CheckSeeded();

    internal static Evaluation Of(double errorRate, double loss, double margin, params double[] violations)
        => new(loss, 1 - errorRate, [], [.. violations.Select(violation => new InequalityEstimate(violation, 0.01, 0.05))],
            [.. violations.Select(_ => margin)]);

    // As the training loop does: each later candidate challenges the best so far.
    private static int Best(IReadOnlyList<Evaluation> candidates)
        => candidates.Index().First(one => ReferenceEquals(one.Item, Selected(candidates).Best)).Index;

    private static CandidateSelection Selected(IEnumerable<Evaluation> candidates)
    {
        var selection = new CandidateSelection();
        foreach (var candidate in candidates)
            Assert.AreEqual(selection.Takes(candidate), ReferenceEquals(candidate, selection.Best), "whether it is the best now");
        return selection;
    }
}
