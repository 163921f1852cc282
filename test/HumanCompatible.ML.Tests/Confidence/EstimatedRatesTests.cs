using FsCheck.Fluent;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Constraints.Compiled;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class EstimatedRatesTests
{
    [TestMethod]
    public void Of_AnyRows_IsTheRateByItsDefinition()
    {
        Prop.ForAll(ConstraintScenario.Any, scenario =>
        {
            foreach (var metric in GroupMetric.Every
                .Where(metric => metric.Suits(LearningTask.BinaryClassification)))
            {
                var constraint = Fairness.RateAtMost(metric, "Sex", 0.5);
                var measured = EstimatedRates.Of(constraint, scenario.Counted(scenario.BySex));
                for (var group = 0; group < scenario.BySex.GroupCount; group++)
                {
                    Close(scenario.GroupRate(metric, scenario.BySex, group, scenario.Exact), measured.Estimate(metric, group).Value,
                        $"{metric}, group {group}");
                }

                Close(scenario.Metric(metric, _ => true, scenario.Exact),
                    measured.Estimate(metric, RateTerm.Overall).Value, $"{metric}, overall");
            }

            return true;
        }).CheckSeeded();

        static void Close(double expected, double actual, string what)
            => Assert.IsTrue(expected.Equals(actual) || Math.Abs(expected - actual) < 1e-6, $"{what}: expected {expected}, got {actual}");
    }

    [TestMethod]
    public void Of_Weighted_CountsTheEffectiveNumberOfRows()
    {
        var scenario = ConstraintScenario.Small with { Weights = [1, 1, 1, 5, 2, 2, 2, 2] };
        var measured = EstimatedRates.Of(Fairness.DemographicParity("Sex", 0.1), scenario.Counted(scenario.BySex));

        Assert.AreEqual(RateEstimate.Proportion(1 / 8.0, 64 / 28.0), measured.Estimate(GroupMetric.SelectionRate, 0));
        Assert.AreEqual(RateEstimate.Proportion(3 / 4.0, 4), measured.Estimate(GroupMetric.SelectionRate, 1));
        Assert.AreEqual(256 / 44.0, measured.Estimate(GroupMetric.SelectionRate, RateTerm.Overall).Size, 1e-12);
    }

    [TestMethod]
    public void Of_MeanLoss_HasTheVarianceOfTheRows()
    {
        var scenario = ConstraintScenario.Small;
        var measured = EstimatedRates.Of(Fairness.LossParity("Sex", 0.1), scenario.Counted(scenario.BySex))
            .Estimate(GroupMetric.MeanLoss, 0);

        double[] losses = [.. Enumerable.Range(0, 4).Select(scenario.LogLoss)];
        Assert.AreEqual(losses.Sum(loss => Math.Pow(loss - losses.Average(), 2)) / 3, measured.Variance, 1e-12);
        Assert.AreEqual(4, measured.Size);
    }

    [TestMethod]
    public void Limits_OfALoss_EndAtZero_ThoseOfAResidualDoNot()
    {
        // Of three rows: t = 2.920 standard errors of 1.
        var (mean, rates) = (new RateEstimate(0.5, 3, 3), new StatedRates(new(0.5, 3, 3)));

        var loss = EstimatedRates.Of(Fairness.BoundedGroupLoss("G", 1), rates).Limits(GroupMetric.MeanLoss, 0, 0.05);
        var residual = EstimatedRates.Of(Fairness.ResidualParity("G", 1), rates).Limits(GroupMetric.MeanResidual, 0, 0.05);

        Assert.AreEqual(0, loss.Lower);
        Assert.AreEqual(mean.Value - 2.919986, residual.Lower, 1e-6);
        Assert.AreEqual(loss.Upper, residual.Upper);
    }

    [TestMethod]
    public void Assume_KnowsTheCountsOnly()
    {
        var scenario = ConstraintScenario.Small with { Labels = [1, 0, 0, 0, 1, 1, 1, 0] };

        var assumed = EstimatedRates.Of(Fairness.EqualizedOdds("Sex", 0.1), scenario.Counted(scenario.BySex)).Assume(_ => 0.3);

        Assert.AreEqual(RateEstimate.Proportion(0.3, 1), assumed.Estimate(GroupMetric.TruePositiveRate, 0));
        Assert.AreEqual(RateEstimate.Proportion(0.3, 3), assumed.Estimate(GroupMetric.FalsePositiveRate, 0));
        Assert.AreEqual(RateEstimate.Proportion(0.3, 3), assumed.Estimate(GroupMetric.TruePositiveRate, 1));
        Assert.AreEqual(RateEstimate.Proportion(0.3, 30), assumed.Scaled(10).Estimate(GroupMetric.TruePositiveRate, 1));
    }

    // One group.
    private sealed class StatedRates(RateEstimate estimate) : IRateEstimates
    {
        public IReadOnlyList<string> GroupNames => ["g"];

        public RateEstimate Estimate(GroupMetric metric, int group) => estimate;
    }
}
