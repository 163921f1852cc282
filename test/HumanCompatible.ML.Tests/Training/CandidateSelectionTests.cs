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
        select Of(error / 100.0, loss, margin / 100.0, violations);

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
    public void Best_AnyCandidates_IsBeatenByNone()
        => Prop.ForAll(AnyCandidate.NonEmptyListOf().ToArbitrary(), candidates =>
        {
            var list = candidates.ToList();
            var best = list[Best(list)];
            return list.TrueForAll(other => !CandidateSelection.IsBetter(other, best));
        }).CheckSeeded();

    [TestMethod]
    public void IsBetter_AnyThreeCandidates_IsAnOrder()
        => Prop.ForAll(AnyCandidate.Three().ToArbitrary(), three =>
        {
            var (a, b, c) = three;
            var isAntisymmetric = !(CandidateSelection.IsBetter(a, b) && CandidateSelection.IsBetter(b, a));
            var isTransitive = !(CandidateSelection.IsBetter(a, b) && CandidateSelection.IsBetter(b, c))
                || CandidateSelection.IsBetter(a, c);
            return isAntisymmetric && isTransitive && !CandidateSelection.IsBetter(a, a);
        }).CheckSeeded();

    // Constant predictions have an excess of 0: every group has the same rates.
    [TestMethod]
    public void IsBetter_AConstant_NeverBeatsAModelThatIsBetterByMoreThanItsExcess()
        => Prop.ForAll(AnyCandidate.Two().ToArbitrary(), pair =>
        {
            var (model, (_, error)) = (pair.Item1, (0, 1 - pair.Item2.Accuracy));
            var constant = Of(error, 0, 0, -0.05, -0.05);
            var gain = model.Accuracy - constant.Accuracy;
            return model.UndefinedCount > 0 || !(gain > model.Excess + 1e-12) || !CandidateSelection.IsBetter(constant, model);
        }).CheckSeeded();

    [TestMethod]
    public void IsBetter_FewerUndefined_DecidesWhateverTheRestIs()
        => Prop.ForAll(AnyCandidate.Two().ToArbitrary(), pair => pair.Item1.UndefinedCount >= pair.Item2.UndefinedCount
            || (CandidateSelection.IsBetter(pair.Item1, pair.Item2) && !CandidateSelection.IsBetter(pair.Item2, pair.Item1)))
            .CheckSeeded();

    internal static Evaluation Of(double errorRate, double loss, double margin, params double[] violations)
        => new(loss, 1 - errorRate, [], [.. violations.Select(violation => new InequalityEstimate(violation, 0.01, 0.05))],
            [.. violations.Select(_ => margin)]);

    // As the training loop does: each later candidate challenges the best so far.
    private static int Best(IReadOnlyList<Evaluation> candidates)
        => Enumerable.Range(1, candidates.Count - 1)
            .Aggregate(0, (best, index) => CandidateSelection.IsBetter(candidates[index], candidates[best]) ? index : best);
}
