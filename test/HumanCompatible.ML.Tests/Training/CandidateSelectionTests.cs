using FsCheck;
using FsCheck.Fluent;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class CandidateSelectionTests
{
    private const double Margin = 0.01;

    [TestMethod]
    public void Best_SafelyFeasible_BeatsBarelyFeasibleOfLowerError()
        => Assert.AreEqual(1, CandidateSelection.Best([new(0.10, 0.3, -0.005), new(0.12, 0.4, -0.02)], Margin));

    [TestMethod]
    public void Best_BarelyFeasible_BeatsInfeasibleOfLowerError()
        => Assert.AreEqual(0, CandidateSelection.Best([new(0.2, 0.5, 0), new(0.1, 0.2, 0.001)], Margin));

    [TestMethod]
    public void Best_NoneFeasible_TakesTheLeastViolation()
        => Assert.AreEqual(2, CandidateSelection.Best([new(0.1, 0.2, 0.3), new(0.1, 0.2, 0.2), new(0.4, 0.9, 0.1)], Margin));

    [TestMethod]
    public void Best_EquallySafe_TakesTheLowestErrorThenTheLowestLoss()
        => Assert.AreEqual(2, CandidateSelection.Best([new(0.2, 0.1, -0.03), new(0.1, 0.5, -0.02), new(0.1, 0.4, -0.02)], Margin));

    [TestMethod]
    public void Best_Tie_KeepsTheEarlier()
        => Assert.AreEqual(0, CandidateSelection.Best([new(0.1, 0.2, -1), new(0.1, 0.2, -1)], Margin));

    [TestMethod]
    public void Best_NothingConstrained_TakesTheLowestError()
        => Assert.AreEqual(1, CandidateSelection.Best([new(0.2, 0.1, double.NegativeInfinity), new(0.1, 0.9, double.NegativeInfinity)], 0));

    [TestMethod]
    public void Best_NoCandidate_Throws()
        => Assert.ThrowsExactly<ArgumentException>(() => CandidateSelection.Best([], Margin));

    [TestMethod]
    public void Best_AnyCandidates_IsBeatenByNone()
    {
        var candidate = from error in Gen.Choose(0, 5) from loss in Gen.Choose(0, 3) from violation in Gen.Choose(-3, 3) select new Candidate(error / 10.0, loss, violation / 100.0);
        Prop.ForAll(candidate.NonEmptyListOf().ToArbitrary(), candidates =>
        {
            var list = candidates.ToList();
            var best = list[CandidateSelection.Best(list, Margin)];
            return list.TrueForAll(other => !CandidateSelection.IsBetter(other, best, Margin));
        }).QuickCheckThrowOnFailure();
    }
}
