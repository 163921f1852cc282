using System.Globalization;
using System.Text.Json;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Tests.Docs;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Auditing;

/// <summary>
/// The audit against the numbers of scikit-learn, scipy, and the definitions of fairlearn and AIF360: Reference/reference.py makes them,
/// Reference/peers.py compares them with both packages.
/// </summary>
[TestClass]
public sealed class ReferenceTests
{
    private const double Tolerance = 1e-12;

    private static readonly MLContext ML = new(1);
    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "Auditing", "Reference", "reference.json"))).RootElement;

    private sealed record Row(string Group, bool Label, bool PredictedLabel, double Probability, double Weight);

    private static FairnessAudit Audit(IEnumerable<Row> rows)
        => ML.Constrained().Audit.BinaryClassification(ML.Data.LoadFromEnumerable(rows), ["Group"], exampleWeightColumnName: "Weight");

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(Number)];

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String ? double.NaN : value.GetDouble();

    private static void AreEqual(double expected, double actual, string what)
        => Assert.AreEqual(expected, actual, double.IsNaN(expected) ? 0 : Tolerance * Math.Max(1, Math.Abs(expected)), what);

    private static IEnumerable<Row> Table(string name)
    {
        var rows = Reference.GetProperty("tables").GetProperty(name).GetProperty("rows");
        double[] labels = Numbers(rows.GetProperty("y")), predictions = Numbers(rows.GetProperty("p")),
            probabilities = Numbers(rows.GetProperty("q")), weights = Numbers(rows.GetProperty("w"));
        return rows.GetProperty("group").EnumerateArray().Select((group, row)
            => new Row(group.GetString()!, labels[row] == 1, predictions[row] == 1, probabilities[row], weights[row]));
    }

    [TestMethod]
    [DataRow("random1")]
    [DataRow("random2")]
    [DataRow("random3")]
    public void Audit_OfARandomTable_HasTheNumbersOfOthers(string name)
        => Check(Reference.GetProperty("tables").GetProperty(name), Audit(Table(name)), name != "random2");

    [TestMethod]
    public void Audit_OfAdult_HasTheNumbersOfOthers()
    {
        var rows = File.ReadLines(SharedData.File("adult/adult.test")).Skip(1).Where(line => line.Length > 0).Select(line =>
        {
            var cells = line.Split(", ");
            double Cell(int index) => double.Parse(cells[index], CultureInfo.InvariantCulture);
            var probability = Math.Min(1, ((Cell(4) * 5) + Cell(0) + Cell(12)) / 260.0);
            return new Row(cells[9], cells[14].StartsWith('>'), probability > 0.6, probability, 1);
        });

        Check(Reference.GetProperty("adult"), Audit(rows), isUnweighted: true);
    }

    [TestMethod]
    public void Audit_OfCompas_HasThePublishedNumbersAndThoseOfOthers()
    {
        var lines = File.ReadAllLines(SharedData.File("compas/compas_two_years_noid.csv"));
        var header = lines[0].Split(',').ToList();
        var rows = lines.Skip(1).Select(line =>
        {
            var cells = line.Split(',');
            string Cell(string column) => cells[header.IndexOf(column)];
            return new Row(Cell("race"), Cell("two_year_recid") == "1", Cell("score_text") != "Low",
                (int.Parse(Cell("decile_score"), CultureInfo.InvariantCulture) - 0.5) / 10, 1);
        });

        var audit = Audit(rows);

        Check(Reference.GetProperty("compas"), audit, isUnweighted: true);

        // ProPublica, "How we analyzed the COMPAS recidivism algorithm" (2016).
        var race = audit.Of("Group");
        Assert.AreEqual(0.4485, race["African-American"][AuditStatistic.FalsePositiveRate], 5e-5);
        Assert.AreEqual(0.2799, race["African-American"][AuditStatistic.FalseNegativeRate], 5e-5);
        Assert.AreEqual(0.2345, race["Caucasian"][AuditStatistic.FalsePositiveRate], 5e-5);
        Assert.AreEqual(0.4772, race["Caucasian"][AuditStatistic.FalseNegativeRate], 5e-5);
    }

    [TestMethod]
    public void RocCurveAndCalibration_AreScikitLearns()
    {
        var all = Audit(Table("random1")).Overall;
        var roc = Reference.GetProperty("roc");

        var points = all.RocCurve();

        var expected = Numbers(roc.GetProperty("thresholds"));
        CollectionAssert.AreEqual(expected, points.Skip(1).Select(point => point.Threshold).ToArray());
        AreAllEqual(Numbers(roc.GetProperty("truePositiveRates")), points.Select(point => point.TruePositiveRate));
        AreAllEqual(Numbers(roc.GetProperty("falsePositiveRates")), points.Select(point => point.FalsePositiveRate));
        var bins = all.Calibration().Where(bin => bin.Weight > 0).ToList();
        var calibration = Reference.GetProperty("calibration");
        AreAllEqual(Numbers(calibration.GetProperty("positiveShares")), bins.Select(bin => bin.PositiveShare));
        AreAllEqual(Numbers(calibration.GetProperty("meanProbabilities")), bins.Select(bin => bin.MeanProbability));
    }

    [TestMethod]
    public void Regression_HasTheNumbersOfOthers()
    {
        var (table, rows) = (Reference.GetProperty("regression"), Reference.GetProperty("regression").GetProperty("rows"));
        double[] labels = Numbers(rows.GetProperty("y")), scores = Numbers(rows.GetProperty("f")), weights = Numbers(rows.GetProperty("w"));
        var data = ML.Data.LoadFromEnumerable(rows.GetProperty("group").EnumerateArray().Select((group, row)
            => new { Group = group.GetString()!, Label = labels[row], Score = scores[row], Weight = weights[row] }));

        var audit = ML.Constrained().Audit.Regression(data, ["Group"], exampleWeightColumnName: "Weight");

        CheckGroup(table.GetProperty("overall"), audit.Overall, []);
        foreach (var group in table.GetProperty("groups").EnumerateObject())
            CheckGroup(group.Value, audit.Of("Group")[group.Name], []);
    }

    private sealed class ScoredClass
    {
        public string Group { get; set; } = "";
        public string Label { get; set; } = "";
        public string PredictedLabel { get; set; } = "";
        [VectorType(3)] public float[] Score { get; set; } = [];
    }

    [TestMethod]
    public void Multiclass_HasTheNumbersOfOthers()
    {
        var (table, rows) = (Reference.GetProperty("multiclass"), Reference.GetProperty("multiclass").GetProperty("rows"));
        double[] labels = Numbers(rows.GetProperty("y")), predictions = Numbers(rows.GetProperty("p"));
        var scores = rows.GetProperty("scores").EnumerateArray().Select(Numbers).ToList();
        var data = ML.Data.LoadFromEnumerable(rows.GetProperty("group").EnumerateArray().Select((group, row) => new ScoredClass
        {
            Group = group.GetString()!,
            Label = labels[row].ToString(CultureInfo.InvariantCulture),
            PredictedLabel = predictions[row].ToString(CultureInfo.InvariantCulture),
            Score = [.. scores[row].Select(score => (float)score)],
        }));
        var keyed = ML.Transforms.Conversion.MapValueToKey("Label",
                keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(ML.Transforms.Conversion.MapValueToKey("PredictedLabel")).Fit(data).Transform(data);

        var audit = ML.Constrained().Audit.MulticlassClassification(keyed, ["Group"]);

        string[] classes = [.. audit.ClassNames];
        CollectionAssert.AreEqual(new[] { "0", "1", "2" }, classes);
        CheckGroup(table.GetProperty("overall"), audit.Overall, classes);
        foreach (var group in table.GetProperty("groups").EnumerateObject())
            CheckGroup(group.Value, audit.Of("Group")[group.Name], classes);
    }

    [TestMethod]
    public void Bootstrap_OfScipysReplicates_HasScipysInterval()
    {
        var reference = Reference.GetProperty("bootstrap");
        double[] data = Numbers(reference.GetProperty("data")), expected = Numbers(reference.GetProperty("interval"));
        double[] replicates = [.. Numbers(reference.GetProperty("replicates")).Order()];
        var value = Number(reference.GetProperty("value"));
        double[] without = [.. data.Select((_, left) => data.Where((_, row) => row != left).Average())];
        var mean = without.Average();
        var acceleration = without.Sum(one => Math.Pow(mean - one, 3)) / (6 * Math.Pow(without.Sum(one => Math.Pow(mean - one, 2)), 1.5));

        var interval = Bootstrap.BiasCorrected(replicates, value, acceleration, tail: 0.05);

        Assert.IsTrue(reference.GetProperty("checked").GetBoolean(), "The replicates are those that scipy drew.");
        Assert.AreEqual(expected[0], interval.Lower, 1e-10);
        Assert.AreEqual(expected[1], interval.Upper, 1e-10);
    }

    [TestMethod]
    public void Wilson_IsScipys()
    {
        foreach (var row in Reference.GetProperty("wilson").EnumerateArray().Select(Numbers))
        {
            var interval = Intervals.Wilson(row[0] / row[1], row[1], 0.95);
            AreEqual(row[2], interval.Lower, $"{row[0]} of {row[1]}");
            AreEqual(row[3], interval.Upper, $"{row[0]} of {row[1]}");
        }
    }

    [TestMethod]
    public void ChiSquaredTail_IsScipys()
    {
        foreach (var row in Reference.GetProperty("chiSquared").EnumerateArray().Select(Numbers))
        {
            var actual = IndependenceTests.ChiSquaredTail(row[0], (int)row[1]);
            Assert.AreEqual(row[2], actual, 1e-11 * row[2], $"{row[0]} with {row[1]} degrees of freedom");
        }
    }

    private static void Check(JsonElement expected, FairnessAudit audit, bool isUnweighted)
    {
        var groups = audit.Of("Group");
        CheckGroup(expected.GetProperty("overall"), audit.Overall, []);
        foreach (var group in expected.GetProperty("groups").EnumerateObject())
            CheckGroup(group.Value, groups[group.Name], []);
        foreach (var summary in expected.GetProperty("summaries").EnumerateObject())
        {
            var (statistic, values) = (Statistic(summary.Name, []), Numbers(summary.Value));
            AreEqual(values[0], groups.Difference(statistic), $"difference of {summary.Name}");
            AreEqual(values[1], groups.Ratio(statistic), $"ratio of {summary.Name}");
            AreEqual(values[2], groups.DifferenceToOverall(statistic), $"difference to overall of {summary.Name}");
            AreEqual(values[3], groups.RatioToOverall(statistic), $"ratio to overall of {summary.Name}");
        }

        string[] pair = [.. expected.GetProperty("pair").EnumerateArray().Select(name => name.GetString()!)];
        double Expected(string name) => Number(expected.GetProperty(name));
        var parity = Numbers(expected.GetProperty("summaries").GetProperty("SelectionRate"));
        AreEqual(parity[0], groups.DemographicParityDifference, "demographic parity difference");
        AreEqual(parity[1], groups.DemographicParityRatio, "demographic parity ratio");
        AreEqual(Expected("equalizedOddsDifference"), groups.EqualizedOddsDifference, "equalized odds difference");
        AreEqual(Expected("equalizedOddsRatio"), groups.EqualizedOddsRatio, "equalized odds ratio");
        AreEqual(Expected("averageOddsDifference"), groups.AverageOddsDifference(pair[0], pair[1]), "average odds difference");
        AreEqual(Expected("averageOddsError"), groups.AverageOddsError(pair[0], pair[1]), "average odds error");
        AreEqual(Expected("theil"), groups.TheilIndex, "Theil");
        AreEqual(Expected("entropy"), groups.GeneralizedEntropy(), "generalized entropy");
        AreEqual(Expected("betweenGroups"), groups.BetweenGroupEntropy(), "between groups");
        var impact = groups.DisparateImpact(pair[0], pair[1]);
        AreEqual(Expected("fisher"), impact.FisherPValue, "Fisher");
        AreEqual(Expected("g"), impact.GStatistic, "G");
        AreEqual(Expected("gPValue"), impact.GPValue, "p of G");
        AreEqual(Expected("gOfAll"), groups.SelectionGTest(), "p of G of all groups");
        var (own, other) = (groups[pair[0]][AuditStatistic.SelectionRate], groups[pair[1]][AuditStatistic.SelectionRate]);
        AreEqual(other > 0 ? own / other : double.NaN, impact.Ratio, "disparate impact");
        Assert.AreEqual(0, audit.Overall.AucError);
        if (isUnweighted)
            Assert.AreEqual(audit.Overall.RowCount, audit.Overall.Weight);
    }

    private static void CheckGroup(JsonElement expected, GroupStatistics group, string[] classes)
    {
        foreach (var one in expected.EnumerateObject())
        {
            var statistic = Statistic(one.Name, classes);
            AreEqual(Number(one.Value), group[statistic], $"{one.Name} of {group.Name}");
            Assert.AreEqual(one.Value.ValueKind == JsonValueKind.String, group.UndefinedReason(statistic) is not null, one.Name);
        }
    }

    private static AuditStatistic Statistic(string name, string[] classes)
    {
        var parts = name.Split(" of ");
        var statistic = Enum.GetValues<HumanCompatible.ML.Metrics.LearningTask>().SelectMany(AuditStatistic.Of)
            .First(one => one.Name == parts[0]);
        return parts.Length == 1 ? statistic : statistic.OfClass(classes.Single(one => one == parts[1]));
    }

    private static void AreAllEqual(double[] expected, IEnumerable<double> actual)
    {
        double[] values = [.. actual];
        Assert.HasCount(expected.Length, values);
        for (var index = 0; index < values.Length; index++)
            AreEqual(expected[index], values[index], $"number {index}");
    }
}
