using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Tests.Reporting;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Auditing;

/// <summary>What an audit says beside its statistics: constant predictions, decisions that the score contradicts.</summary>
[TestClass]
public sealed class AuditWarningsTests
{
    private static readonly MLContext ML = new(1);

    private sealed class Row
    {
        public bool Label { get; set; }
        public bool PredictedLabel { get; set; }
        public double Chance { get; set; }
        public string Group { get; set; } = "";
    }

    private static FairnessAudit Audit(params (bool Predicted, double Chance)[] rows)
        => ML.Constrained().Audit.BinaryClassification(ML.Data.LoadFromEnumerable(rows.Select((row, index) => new Row
        {
            Label = index % 3 == 0,
            PredictedLabel = row.Predicted,
            Chance = row.Chance,
            Group = index % 2 == 0 ? "a" : "b",
        })), ["Group"], probabilityColumnName: "Chance");

    [TestMethod]
    [DataRow(0, "The predictions are nearly constant: the model predicts negative for 100% of the rows.")]
    [DataRow(3, "The predictions are nearly constant: the model predicts negative for 99.25% of the rows.")]
    [DataRow(4, null)]
    [DataRow(396, null)]
    [DataRow(398, "The predictions are nearly constant: the model predicts positive for 99.5% of the rows.")]
    public void Warnings_NearlyConstantPredictions_SayWhich(int positives, string? expected)
    {
        var audit = Audit([.. Enumerable.Range(0, 400).Select(row => (row < positives, row < positives ? 0.9 : 0.1))]);

        CollectionAssert.AreEqual(expected is null ? [] : new[] { expected }, audit.Warnings.ToArray());
        if (expected is null)
            return;
        StringAssert.EndsWith(audit.ToString(), "Warning: " + expected);
        StringAssert.EndsWith(audit.ToMarkdown(), "Warning: " + expected);
        StringAssert.Contains(audit.ToJson(), expected);
        StringAssert.Contains(ReportSamples.Page(audit), expected);
    }

    [TestMethod]
    public void Warnings_NearlyConstantClassesAndNumbers_SayWhich()
    {
        var rows = Enumerable.Range(0, 300).Select(row => new
        {
            Group = row % 2 == 0 ? "a" : "b",
            Class = row % 3 == 0 ? "x" : "y",
            Said = row == 7 ? "x" : "y",
            Label = (float)row,
            Score = 150f + (row % 2),
        });
        var keys = ML.Transforms.Conversion.MapValueToKey([new InputOutputColumnPair("Truth", "Class"),
            new InputOutputColumnPair("PredictedLabel", "Said")]).Fit(ML.Data.LoadFromEnumerable(rows));
        var view = keys.Transform(ML.Data.LoadFromEnumerable(rows));
        var classes = ML.Transforms.DropColumns("Score").Fit(view).Transform(view);

        StringAssert.StartsWith(ML.Constrained().Audit.MulticlassClassification(classes, ["Group"], "Truth").Warnings.Single(),
            "The predictions are nearly constant: the model predicts 'y' for 99.67% of the rows.");
        StringAssert.StartsWith(ML.Constrained().Audit.Regression(view, ["Group"]).Warnings.Single(),
            "The predictions are nearly constant: the model gives predictions with 0% of the variance of the labels of the rows.");
    }

    [TestMethod]
    public void DecisionThreshold_IsWhatTellsThePredictionsApart()
    {
        Assert.AreEqual(0.5, Audit((false, 0.2), (true, 0.6), (false, 0.49), (true, 0.9)).DecisionThreshold);
        Assert.AreEqual(0.7, Audit((false, 0.2), (true, 0.8), (false, 0.6), (true, 0.9)).DecisionThreshold, 1e-12);
        Assert.AreEqual(double.NaN, Audit((false, 0.2), (true, 0.8), (false, 0.8), (true, 0.9)).DecisionThreshold);
        Assert.AreEqual(0.5, Audit((true, 0.2), (false, 0.9)).AtThreshold(0.3).DecisionThreshold);
        Assert.AreEqual(0.15, Audit((true, 0.2), (false, 0.1)).AtThreshold(0.1).DecisionThreshold, 1e-12);
    }

    [TestMethod]
    [DataRow(true, 0.75, true, 0.875)]
    [DataRow(false, 0.25, false, 0.125)]
    [DataRow(false, 0.25, true, 0.5)]
    [DataRow(false, 0.5, true, 0.75)]
    public void DecisionThreshold_AsAThreshold_GivesThePredictions(bool first, double firstChance, bool second, double secondChance)
    {
        var audit = Audit((first, firstChance), (second, secondChance));

        Assert.AreEqual(audit.ToJson(), audit.AtThreshold(audit.DecisionThreshold).ToJson());
        var next = Audit((false, 0.25), (true, Math.BitIncrement(0.25)));
        Assert.AreEqual(0.25, next.DecisionThreshold);
    }

    // The score gives the decisions, the probability does not follow from it; and the other way round.
    [TestMethod]
    [DataRow(new[] { -2.0, -1, 1, 2 }, new[] { 0.4, 0.1, 0.9, 0.6 }, "", "a score, here column Margin")]
    [DataRow(new[] { -2.0, 1, -1, 2 }, new[] { 0.1, 0.4, 0.6, 0.9 },
        "No threshold of column 'Margin' gives these predictions: it goes down to -1 where the prediction is positive, and up to 1 where "
        + "it is negative.", "do not follow from column Margin alone")]
    public void Warnings_AScoreBesideAProbability_NameTheColumnThatTheySpeakOf(double[] scores, double[] chances, string warning,
        string sentence)
    {
        var data = ML.Data.LoadFromEnumerable(scores.Select((score, row) => new
        {
            Label = row % 2 == 0,
            PredictedLabel = row >= 2,
            Margin = score,
            Chance = chances[row],
            Group = row % 2 == 0 ? "a" : "b",
        }));

        var audit = ML.Constrained().Audit.BinaryClassification(data, ["Group"], scoreColumnName: "Margin",
            probabilityColumnName: "Chance");

        Assert.AreEqual(warning, string.Join('\n', audit.Warnings));
        StringAssert.Contains(string.Join(' ', ReportSamples.Page(audit).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            sentence);
    }

    [TestMethod]
    public void Warnings_DecisionsThatTheScoreContradicts_SayWhere()
    {
        var audit = Audit((false, 0.25), (true, 0.125), (false, 0.75), (true, 0.875));

        Assert.AreEqual("No threshold of column 'Chance' gives these predictions: it goes down to 0.125 where the prediction is positive, "
            + "and up to 0.75 where it is negative.", audit.Warnings.Single());
        var page = ReportSamples.Page(audit);
        StringAssert.Contains(page, "no threshold of it");
        StringAssert.Contains(page, "column Chance");
        Assert.DoesNotContain("agree with the threshold", page);
        Assert.DoesNotContain("The dashed line is the threshold", page);
    }

    [TestMethod]
    public void Judge_ACustomConstraint_IsNotMeasurableWithTheReason()
    {
        var audit = Audit((false, 0.25), (true, 0.875), (false, 0.25), (true, 0.875));

        var problem = Assert.ThrowsExactly<ArgumentException>(() => audit.Judge(Fairness.Custom("mine", ["Group"], 0.9,
            batch => batch.GroupMeans(batch.Predictions))));

        StringAssert.StartsWith(problem.Message,
            "mine: a custom constraint cannot be computed from scored data; the Summary of the model has its values.");
    }

    [TestMethod]
    public void Judge_ALossWithoutProbabilities_IsNotForFewRows()
    {
        var data = ML.Data.LoadFromEnumerable(Enumerable.Range(0, 4000).Select(row => new
        {
            Label = row % 3 == 0,
            PredictedLabel = row % 4 == 0,
            Group = row % 2 == 0 ? "a" : "b",
        }));
        FairnessConstraint loss = Fairness.BoundedGroupLoss("Group", 0.5), rate = Fairness.DemographicParity("Group", 0.1);

        var audit = ML.Constrained().Audit.BinaryClassification(data, ["Group"]);

        Assert.AreEqual("BoundedGroupLoss(Group): not defined, bound 0.5000: not measurable (these data have no probabilities, which the "
            + "loss follows from)", $"{audit.Judge(loss)}");
        Assert.IsNull(audit.Judge(rate).NotMeasurableReason);
        var page = ReportSamples.Page(audit, new() { Constraints = [loss, rate] });
        StringAssert.Contains(page, "These data have no probabilities, which the loss follows from.");
        Assert.DoesNotContain("Too few people to tell", page);
    }
}
