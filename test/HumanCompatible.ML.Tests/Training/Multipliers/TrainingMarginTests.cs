using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training.Multipliers;

namespace HumanCompatible.ML.Tests.Training.Multipliers;

[TestClass]
public sealed class TrainingMarginTests
{
    [TestMethod]
    [DataRow(0.05, 0.01, 0.01)]
    [DataRow(0.01, 0.01, 0.005)]
    [DataRow(0, 0.01, 0)]
    [DataRow(0.05, 0, 0)]
    public void For_UpperBound_IsAtMostHalfTheBound(double bound, double wanted, double expected)
        => Assert.AreEqual(expected, TrainingMargin.For(Fairness.DemographicParity("Sex", bound), wanted), 1e-15);

    [TestMethod]
    [DataRow(0.8, 0.01, 0.01)]
    [DataRow(0.99, 0.01, 0.005)]
    [DataRow(1, 0.01, 0)]
    public void For_LowerBound_IsAtMostHalfOfWhatIsLeftToOne(double bound, double wanted, double expected)
        => Assert.AreEqual(expected, TrainingMargin.For(Fairness.DisparateImpact("Sex", bound), wanted), 1e-15);

    [TestMethod]
    [DataRow(0.05, 0.01, 0.01)]
    [DataRow(-0.7, 0.01, 0.01)]
    [DataRow(-0.01, 0.01, 0.005)]
    [DataRow(0, 0.01, 0)]
    public void For_CustomBoundOfAnySign_IsAtMostHalfItsMagnitude(double bound, double wanted, double expected)
        => Assert.AreEqual(expected, TrainingMargin.For(Fairness.Custom("x", [], bound, batch => batch.Mean(batch.Predictions)), wanted),
            1e-15);

    [TestMethod]
    public void For_BoundsWithoutEnd_IsNeverNegative()
    {
        Assert.AreEqual(0.01, TrainingMargin.For(Fairness.RateAtLeast(GroupMetric.MeanLoss, "Sex", 2), 0.01), 1e-15);
        Assert.AreEqual(0.01, TrainingMargin.For(Fairness.RateAtLeast(GroupMetric.MeanPrediction, "Sex", -3), 0.01), 1e-15);
        Assert.AreEqual(0.01, TrainingMargin.For(Fairness.MeanParity("Sex", 3), 0.01), 1e-15);
        Assert.AreEqual(0.005, TrainingMargin.For(Fairness.MeanParity("Sex", 0.01), 0.01), 1e-15);
    }
}
