using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Auditing;

/// <summary>Audits of several classes and of numbers.</summary>
[TestClass]
public sealed class TaskAuditTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Worker.View(ML, 900);

    [TestMethod]
    public void Multiclass_OfAModel_HasTheValuesAndVerdictsOfItsConstraints()
    {
        FairnessConstraint[] constraints =
        [
            Fairness.DemographicParity("Sex", 0.1), Fairness.EqualOpportunity("Region", 0.3) with { ClassName = "mid" },
            Fairness.AccuracyParity("Sex", 0.2), Fairness.BoundedGroupLoss(["Sex"], 2),
        ];
        var options = Worker.Small(new ConstrainedMulticlassClassificationTrainer.Options());
        (options.NumberOfEpochs, options.Constraints) = (3, constraints);
        var model = ML.Constrained().Trainers.MulticlassClassification(options).Fit(Data);
        var scored = model.Transform(Data);

        var audit = ML.Constrained().Audit.MulticlassClassification(scored, ["Sex", "Region"]);

        var rows = ScoredRow.Of(scored, null);
        var verdicts = audit.Judge(model.Model);
        Assert.HasCount(4, verdicts);
        foreach (var (constraint, verdict) in constraints.Zip(verdicts))
        {
            Assert.AreEqual(ScoredRow.ValueOf(constraint, rows), audit.ValueOf(constraint), 1e-6, constraint.Name);
            Assert.AreEqual(constraint.Name, verdict.Name);
            Assert.AreEqual(audit.Judge(constraint).Verdict, verdict.Verdict, constraint.Name);
            Assert.AreEqual(verdict.Verdict is Verdict.Kept or Verdict.Shown, audit.Satisfies(constraint), constraint.Name);
        }

        CollectionAssert.AreEqual(new[] { "low", "mid", "high" }, audit.ClassNames.ToArray());
        var metrics = ML.MulticlassClassification.Evaluate(scored);
        Assert.AreEqual(metrics.MicroAccuracy, audit.Overall[AuditStatistic.Accuracy], 1e-9);
        Assert.AreEqual(metrics.MacroAccuracy, audit.Overall[AuditStatistic.BalancedAccuracy], 1e-9);
        Assert.AreEqual(metrics.LogLoss, audit.Overall[AuditStatistic.MeanLoss], 1e-6);
        var text = audit.ToString();
        StringAssert.Contains(text, "Balanced accuracy");
        StringAssert.Contains(text, "Class mid");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(
            () => audit.Judge(Fairness.DemographicParity("Sex", 0.1) with { ClassName = "none" })).Message,
            "there is no class 'none'; the classes are 'low'; 'mid'; 'high'.");
        Assert.IsNotEmpty(audit.Overall.RocCurve("low"));
        Assert.IsNotEmpty(audit.Overall.Calibration("low"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => audit.Overall.RocCurve());
    }

    [TestMethod]
    public void Multiclass_WithoutPredictions_TakesTheLargestScore()
    {
        var model = ML.MulticlassClassification.Trainers.SdcaMaximumEntropy().Fit(Data);
        var scored = model.Transform(Data);
        var without = ML.Transforms.SelectColumns("Label", "Score", "Sex").Fit(scored).Transform(scored);

        Assert.AreEqual(ML.Constrained().Audit.MulticlassClassification(scored, ["Sex"]).ToString(),
            ML.Constrained().Audit.MulticlassClassification(without, ["Sex"]).ToString());
    }

    [TestMethod]
    public void Regression_OfAModel_HasTheValuesAndVerdictsOfItsConstraints()
    {
        FairnessConstraint[] constraints =
        [
            Fairness.MeanParity("Sex", 3000), Fairness.ResidualParity("Region", 2000), Fairness.BoundedGroupLoss(["Sex"], 1e9),
        ];
        var options = Worker.Small(new ConstrainedRegressionTrainer.Options());
        (options.NumberOfEpochs, options.Constraints, options.LabelColumnName) = (3, constraints, "Wage");
        var model = ML.Constrained().Trainers.Regression(options).Fit(Data);
        var scored = model.Transform(Data);

        var audit = ML.Constrained().Audit.Regression(scored, ["Sex", "Region"], "Wage");

        var rows = ScoredRow.Of(scored, null);
        foreach (var (constraint, verdict) in constraints.Zip(audit.Judge(model.Model)))
        {
            var expected = ScoredRow.ValueOf(constraint, rows);
            Assert.AreEqual(expected, audit.ValueOf(constraint), 1e-6 * expected, constraint.Name);
            Assert.AreEqual(audit.Judge(constraint).Verdict, verdict.Verdict, constraint.Name);
        }

        Assert.AreEqual(Verdict.Shown, audit.Judge(constraints[2]).Verdict);
        var metrics = ML.Regression.Evaluate(scored, "Wage");
        Assert.AreEqual(metrics.RSquared, audit.Overall[AuditStatistic.RSquared], 1e-6);
        Assert.AreEqual(metrics.MeanAbsoluteError, audit.Overall[AuditStatistic.MeanAbsoluteError], 1e-3);
        StringAssert.Contains(audit.ToString(), "RMSE");
        Assert.ThrowsExactly<ArgumentException>(() => audit.Judge(Fairness.DemographicParity("Sex", 0.1)));
        Assert.ThrowsExactly<InvalidOperationException>(() => audit.Of("Sex").TheilIndex);
        Assert.ThrowsExactly<InvalidOperationException>(() => audit.AtThreshold(0));
    }

    [TestMethod]
    public void Regression_OfOneLabel_HasNoRSquaredWithTheReason()
    {
        var data = ML.Data.LoadFromEnumerable(new[] { new { G = "a", Label = 1f, Score = 2f }, new { G = "b", Label = 1f, Score = 1f } });

        var all = ML.Constrained().Audit.Regression(data, ["G"]).Overall;

        Assert.AreEqual((double.NaN, "all labels are the same"),
            (all[AuditStatistic.RSquared], all.UndefinedReason(AuditStatistic.RSquared)));
        Assert.AreEqual((0.5, null), (all[AuditStatistic.MeanAbsoluteError], all.UndefinedReason(AuditStatistic.MeanAbsoluteError)));
    }
}
