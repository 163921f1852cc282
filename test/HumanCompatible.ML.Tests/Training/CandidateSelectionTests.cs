using FsCheck.Fluent;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class CandidateSelectionTests
{
    [TestMethod]
    public void Best_Feasible_BeatsInfeasibleOfLowerError()
        => Assert.AreEqual(0, Best([Of(0.2, 0.5, 0), Of(0.1, 0.2, 0.001)]));

    [TestMethod]
    public void Best_NoneFeasible_TakesTheLeastViolation()
        => Assert.AreEqual(2, Best([Of(0.1, 0.2, 0.3), Of(0.1, 0.2, 0.2), Of(0.4, 0.9, 0.1)]));

    [TestMethod]
    public void Best_SeveralFeasible_TakesTheLowestErrorThenTheLowestLoss()
        => Assert.AreEqual(2, Best([Of(0.2, 0.1, -0.03), Of(0.1, 0.5, -0.02), Of(0.1, 0.4, -0.02)]));

    [TestMethod]
    public void Best_SeveralFeasible_TakesTheOneThatKeepsMoreWidthsOfTheLimits()
        => Assert.AreEqual(1, Best([Of(0.1, 0.1, -0.01, 1), Of(0.3, 0.9, -0.02, 2), Of(0.2, 0.5, -0.03, 1)]));

    [TestMethod]
    public void Best_WidthsOfAnInfeasibleCandidate_DoNotCount()
        => Assert.AreEqual(0, Best([Of(0.3, 0.5, 0.01, 0), Of(0.2, 0.5, 0.02, 2)]));

    [TestMethod]
    public void Best_EqualWidths_TakesTheLowestError()
        => Assert.AreEqual(1, Best([Of(0.2, 0.1, -0.03, 1), Of(0.1, 0.5, -0.02, 1)]));

    [TestMethod]
    public void Best_Tie_KeepsTheEarlier()
        => Assert.AreEqual(0, Best([Of(0.1, 0.2, -1), Of(0.1, 0.2, -1)]));

    [TestMethod]
    public void Best_NothingConstrained_TakesTheLowestError()
        => Assert.AreEqual(1, Best([Of(0.2, 0.1, null), Of(0.1, 0.9, null)]));

    [TestMethod]
    public void Best_AnyCandidates_IsBeatenByNone()
    {
        var candidate = from error in Gen.Choose(0, 5)
                        from loss in Gen.Choose(0, 3)
                        from violation in Gen.Choose(-3, 3)
                        from widths in Gen.Choose(0, 2)
                        select Of(error / 10.0, loss, violation / 100.0, widths);
        Prop.ForAll(candidate.NonEmptyListOf().ToArbitrary(), candidates =>
        {
            var list = candidates.ToList();
            var best = list[Best(list)];
            return list.TrueForAll(other => !CandidateSelection.IsBetter(other, best));
        }).CheckSeeded();
    }

    private static readonly FairnessConstraint Zero = Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0);

    // Without a violation nothing is constrained.
    private static Evaluation Of(double errorRate, double loss, double? violation, int margin = 0)
        => new(loss, 1 - errorRate, violation is { } value ? [new AuditedConstraint(Zero, value, [])] : []) { MarginInWidths = margin };

    // As the training loop does: each later candidate challenges the best so far.
    private static int Best(IReadOnlyList<Evaluation> candidates)
        => Enumerable.Range(1, candidates.Count - 1)
            .Aggregate(0, (best, index) => CandidateSelection.IsBetter(candidates[index], candidates[best]) ? index : best);
}
