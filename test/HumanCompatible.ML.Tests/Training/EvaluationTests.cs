using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class EvaluationTests
{
    [TestMethod]
    public void Excess_IsThatOfTheWorstInequalityWithItsOwnMargin()
    {
        Assert.AreEqual(0.03, Of(0.8, (-0.01, 0.04), (0.02, 0), (-0.5, 0.3)).Excess, 1e-12);
        Assert.AreEqual(0.01, Of(0.8, (-0.01, 0.01), (0.03, -0.02)).Excess, 1e-12);
    }

    [TestMethod]
    public void Excess_OfWhatIsKeptWithItsMargin_IsZero()
    {
        Assert.AreEqual(0, Of(0.8, (-0.04, 0.04), (-0.2, 0.1)).Excess);
        Assert.AreEqual(0, Of(0.8).Excess, "nothing is constrained");
    }

    [TestMethod]
    public void Excess_OfAnUndefinedInequality_IsThatOfTheOthers()
    {
        Assert.AreEqual(0.02, Of(0.8, (double.NaN, 0), (0.01, 0.01)).Excess, 1e-12);
        Assert.AreEqual(0, Of(0.8, (double.NaN, 0)).Excess);
        Assert.AreEqual(0, Of(0.8, (0.3, double.NegativeInfinity)).Excess, "nothing is held");
    }

    [TestMethod]
    public void Excess_IsWithoutWhatIsByChance()
        => Assert.AreEqual(0.02, (Of(0.8, (0.03, 0.04), (0.01, 0.01)) with { ByChance = [0.06, 0] }).Excess, 1e-12);

    [TestMethod]
    public void Excess_OfManyClasses_IsHalfTheSumOfThem_WhereThatIsMore()
    {
        static double Excess(params (int Class, double Violation)[] classes) => new Evaluation(0.5, 0.8, [],
            [.. classes.Select(one => new InequalityEstimate(one.Violation, 0.01, 0.05) { Class = one.Class })],
            [.. classes.Select(_ => 0.01)]).Excess;

        Assert.AreEqual(0.09, Excess((0, 0.05), (0, 0.02), (1, 0.05), (2, 0.05), (3, -0.02)), 1e-12);
        Assert.AreEqual(0.06, Excess((0, 0.05), (1, 0.02)), 1e-12, "the worst alone");
        Assert.AreEqual(0.06, Excess((0, 0.05), (1, double.NaN)), 1e-12);
    }

    [TestMethod]
    public void Objective_IsTheErrorRateAndTheExcess()
    {
        Assert.AreEqual(0.2 + 0.05, Of(0.8, (0.04, 0.01), (-0.3, 0.01)).Objective, 1e-12);
        Assert.AreEqual(0.2, Of(0.8, (-0.04, 0.01)).Objective, 1e-12);
    }

    [TestMethod]
    public void UndefinedCount_CountsInequalitiesWithoutAValue()
        => Assert.AreEqual(2, Of(0.8, (double.NaN, 0), (0.1, 0), (double.NaN, 0.1)).UndefinedCount);

    [TestMethod]
    public void IsUseful_NeedsEveryInequalityWithItsMarginAndBothPredictions()
    {
        var kept = Of(0.8, (-0.04, 0.02), (-0.2, 0.1)) with { Variety = 0.01 };

        Assert.IsTrue(kept.IsUseful);
        Assert.IsFalse((kept with { Variety = 0.0099 }).IsUseful, "nearly constant");
        Assert.IsFalse((kept with { Margins = [0.05, 0.1] }).IsUseful, "kept without its margin");
        Assert.IsFalse((Of(0.8, (-0.04, 0.02), (double.NaN, 0)) with { Variety = 0.4 }).IsUseful, "a group is lost");
        Assert.IsTrue(Of(0.8).IsUseful, "nothing is constrained");
    }

    private static Evaluation Of(double accuracy, params (double Violation, double Margin)[] inequalities)
        => new(0.5, accuracy, [], [.. inequalities.Select(one => new InequalityEstimate(one.Violation, 0.01, 0.05))],
            [.. inequalities.Select(one => one.Margin)]);
}
