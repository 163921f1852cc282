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
        var text = audit.Of("Sex").ToString();
        StringAssert.Contains(text, "RMSE");
        var difference = text.Split(Environment.NewLine).Single(line => line.StartsWith("max - min", StringComparison.Ordinal));
        Assert.HasCount(5, difference["max - min".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries), difference);
        Assert.ThrowsExactly<ArgumentException>(() => audit.Judge(Fairness.DemographicParity("Sex", 0.1)));
        Assert.ThrowsExactly<InvalidOperationException>(() => audit.Of("Sex").TheilIndex);
        Assert.ThrowsExactly<InvalidOperationException>(() => audit.AtThreshold(0));
    }

    [TestMethod]
    public void Regression_Means_HaveTheNormalInterval()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 400).Select(row => new
        {
            G = row % 2 == 0 ? "a" : "b",
            Label = (float)(10 * random.NextDouble()),
            Score = (float)(10 * random.NextDouble()),
        }).ToList();
        var group = ML.Constrained().Audit.Regression(ML.Data.LoadFromEnumerable(rows), ["G"]).Of("G")["a"];

        void Check(AuditStatistic statistic, Func<double, double, double> value, Func<double, double>? transform = null)
        {
            double[] values = [.. rows.Where(row => row.G == "a").Select(row => value(row.Label, row.Score))];
            double mean = values.Average(), variance = values.Sum(one => Math.Pow(one - mean, 2)) / (values.Length - 1),
                half = 1.959963984540054 * Math.Sqrt(variance / values.Length);
            transform ??= end => end;
            Assert.AreEqual(transform(mean), group[statistic], 1e-6, $"{statistic}");
            Assert.AreEqual(transform(mean - half), group.Interval(statistic).Lower, 0.02, $"{statistic}");
            Assert.AreEqual(transform(mean + half), group.Interval(statistic).Upper, 0.02, $"{statistic}");
        }

        Check(AuditStatistic.MeanLabel, (label, _) => label);
        Check(AuditStatistic.MeanResidual, (label, score) => label - score);
        Check(AuditStatistic.MeanAbsoluteError, (label, score) => Math.Abs(label - score));
        Check(AuditStatistic.RootMeanSquaredError, (label, score) => Math.Pow(label - score, 2), Math.Sqrt);
        Assert.AreEqual(double.NaN, group.Interval(AuditStatistic.RSquared).Lower);
    }

    [TestMethod]
    public void ResidualQuantile_IsTheSmallestThatTheShareDoesNotExceed()
    {
        // Residuals 0 to 9 of "a" with weight 1, and one of 100 with weight 10 of "b".
        var rows = Enumerable.Range(0, 10).Select(row => new { G = "a", Label = (float)row, Score = 0f, Weight = 1f })
            .Append(new { G = "b", Label = 100f, Score = 0f, Weight = 10f });
        var audit = ML.Constrained().Audit.Regression(ML.Data.LoadFromEnumerable(rows), ["G"], exampleWeightColumnName: "Weight");

        var group = audit.Of("G")["a"];
        CollectionAssert.AreEqual(new[] { 0.0, 0, 4, 5, 9 },
            new[] { 0, 0.1, 0.5, 0.51, 1 }.Select(group.ResidualQuantile).ToArray());
        CollectionAssert.AreEqual(new[] { 9.0, 100 }, new[] { 0.5, 0.51 }.Select(audit.Overall.ResidualQuantile).ToArray());
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
