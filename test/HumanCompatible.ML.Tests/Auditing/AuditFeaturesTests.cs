using System.Text.Json;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Auditing;

/// <summary>Strata, bins, thresholds and the forms that an audit is given in.</summary>
[TestClass]
public sealed class AuditFeaturesTests
{
    private static readonly MLContext ML = new(1);

    private sealed class Row
    {
        public bool Label { get; set; }
        public bool PredictedLabel { get; set; }
        public float Score { get; set; }
        public string Sex { get; set; } = "";
        public string Region { get; set; } = "";
        public float Age { get; set; }
        public float Weight { get; set; } = 1;
    }

    private static Row[] Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var score = (float)(random.NextDouble() - 0.5);
            return new Row
            {
                Label = random.NextDouble() < score + 0.5,
                Score = score,
                PredictedLabel = score > 0,
                Sex = random.Next(2) == 0 ? "F" : "M",
                Region = random.Next(2) == 0 ? "North" : "South",
                Age = random.Next(20, 70) + 0.5f,
                Weight = random.Next(1, 4),
            };
        })];
    }

    private static FairnessAudit Audit(IEnumerable<Row> rows, string[]? groups = null, string[]? controls = null, string? weight = null,
        Dictionary<string, IReadOnlyList<double>>? bins = null)
        => ML.Constrained().Audit.BinaryClassification(ML.Data.LoadFromEnumerable(rows), groups ?? ["Sex"],
            exampleWeightColumnName: weight, controlColumnNames: controls, groupBins: bins);

    [TestMethod]
    public void Strata_AreTheAuditsOfTheirRows()
    {
        var rows = Rows(200);

        var audit = Audit(rows, controls: ["Region"]);

        CollectionAssert.AreEqual(new[] { "Sex" }, audit.GroupColumnNames.ToArray());
        CollectionAssert.AreEqual(new[] { "North", "South" }, audit.Strata.Select(stratum => stratum.Name).ToArray());
        Assert.AreEqual(Audit(rows).Of("Sex").ToString(), audit.Of("Sex").ToString());
        foreach (var stratum in audit.Strata)
            Assert.AreEqual(Audit(rows.Where(row => row.Region == stratum.Name)).ToString(), stratum.Audit.ToString());
        StringAssert.Contains(audit.ToString(), "South");
        StringAssert.StartsWith(Assert.ThrowsExactly<InvalidOperationException>(() => audit.Strata[0].Audit.Bootstrap(one
            => one.Overall.BaseRate)).Message, "The rows of a stratum cannot be had by themselves");
        Assert.IsEmpty(Audit(rows).Strata);
    }

    [TestMethod]
    public void GroupBins_DivideANumberAtTheirEdges()
    {
        Row[] rows = [new() { Age = 24.9f }, new() { Age = 25 }, new() { Age = 44 }, new() { Age = 45 }, new() { Age = float.NaN }];
        Dictionary<string, IReadOnlyList<double>> bins = new() { ["Age"] = [25, 45] };

        var age = Audit(rows, ["Age"], bins: bins).Of("Age");

        CollectionAssert.AreEqual(new[] { "< 25", "25 to < 45", ">= 45" }, age.Groups.Select(group => group.Name).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2, 1 }, age.Groups.Select(group => group.RowCount).ToArray());
        Assert.AreEqual("(missing)", age.ExcludedGroups.Single().Name);
        string Error(string[] groups, string column, params double[] edges) => Assert.Throws<ArgumentException>(
            () => Audit(rows, groups, bins: new() { [column] = edges })).Message;
        Assert.AreEqual("The bins of 'Age' must be divided by at least one edge, all finite and ascending, got [2, 1]. "
            + "(Parameter 'groupBins')", Error(["Age"], "Age", 2, 1));
        Assert.AreEqual("'Age' has bins, but is no group or control column. (Parameter 'groupBins')", Error(["Sex"], "Age", 1));
        Assert.AreEqual("Schema mismatch for group column 'Sex': expected a number, for it has bins, got String "
            + "(Parameter 'groupColumnNames')", Error(["Sex"], "Sex", 1));
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("Weight")]
    public void AtThreshold_IsTheAuditOfThosePredictions(string? weight)
    {
        var rows = Rows(300);
        var audit = Audit(rows, weight: weight);

        foreach (var threshold in new[] { -0.2f, 0.1f, rows[7].Score, 3 })
        {
            Row[] other = [.. rows.Select(row => new Row
            {
                Label = row.Label,
                Score = row.Score,
                PredictedLabel = row.Score > threshold,
                Sex = row.Sex,
                Weight = row.Weight,
            })];
            Assert.AreEqual(Audit(other, weight: weight).ToJson(), audit.AtThreshold(threshold).ToJson(), $"{threshold}");
        }

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => audit.AtThreshold(double.NaN));
        var options = new BootstrapOptions { Replicates = 100 };
        Assert.AreEqual(audit.AtThreshold(0.1).Overall[AuditStatistic.SelectionRate],
            audit.AtThreshold(0.1).Bootstrap(one => one.Overall[AuditStatistic.SelectionRate], options).Value);
    }

    [TestMethod]
    public void Records_HaveEveryStatisticOfEveryGroup_WithIntervalAndReason()
    {
        var audit = Audit([.. Rows(100), new() { Sex = "X", Label = false }]);

        var records = audit.ToRecords();

        var record = records.Single(one => one is { Group: "F", Statistic: "TruePositiveRate", Columns: "Sex" });
        var group = audit.Of("Sex")["F"];
        Assert.AreEqual(group[GroupMetric.TruePositiveRate], record.Value);
        Assert.AreEqual(group.Interval(GroupMetric.TruePositiveRate).Upper, record.Upper);
        Assert.AreEqual(group.RowCount, record.Rows);
        var undefined = records.Single(one => one is { Group: "X", Statistic: "AreaUnderRocCurve" });
        Assert.AreEqual((double.NaN, "no positive rows"), (undefined.Value, undefined.UndefinedReason));
        Assert.AreEqual("no probabilities in the data", records.First(one => one.Statistic == "BrierScore").UndefinedReason);
        Assert.AreEqual(audit.Of("Sex").Difference(AuditStatistic.Accuracy),
            records.Single(one => one is { Group: "max - min", Statistic: "Accuracy" }).Value);
    }

    [TestMethod]
    public void ToDataView_HasTheRecords()
    {
        var audit = Audit(Rows(50));

        var data = audit.ToDataView(ML);

        CollectionAssert.AreEquivalent(new[] { "Columns", "Group", "Statistic", "ClassName", "Value", "Lower", "Upper", "Rows",
            "UndefinedReason", "IsLeftOut" }, data.Schema.Select(column => column.Name).ToArray());
        double[] expected = [.. audit.ToRecords().Select(record => record.Value)];
        double[] actual = [.. data.GetColumn<double>("Value")];
        CollectionAssert.AreEqual(expected, actual);
        CollectionAssert.AreEqual(audit.ToRecords().Select(record => record.Group).ToArray(), data.GetColumn<string>("Group").ToArray());
    }

    [TestMethod]
    public void ToJson_IsReadAsJson_WithWhatIsNotANumber()
    {
        var audit = Audit([.. Rows(50), new() { Sex = "\"X\"" }], controls: ["Region"]);

        var json = JsonDocument.Parse(audit.ToJson()).RootElement;

        Assert.AreEqual("binaryClassification", json.GetProperty("task").GetString());
        Assert.AreEqual(51, json.GetProperty("rows").GetInt32());
        var records = json.GetProperty("records").EnumerateArray().ToList();
        Assert.HasCount(audit.ToRecords().Count, records);
        var undefined = records.First(one => one.GetProperty("group").GetString() == "\"X\""
            && one.GetProperty("statistic").GetString() == "TruePositiveRate");
        Assert.AreEqual("NaN", undefined.GetProperty("value").GetString());
        Assert.IsTrue(json.GetProperty("strata").TryGetProperty("North", out _));
    }

    [TestMethod]
    public void ToMarkdown_IsATable_WhoseNamesAreText()
    {
        var text = Audit([new() { Sex = "a|b\n<i>", Label = true }, new() { Sex = "M", PredictedLabel = true, Score = 1 }]).ToMarkdown();

        var lines = text.Split(Environment.NewLine);
        StringAssert.StartsWith(lines[0], @"| Sex | M | a\|b \<i\> | \(all\) | max - min | min / max |");
        Assert.AreEqual("| --- | ---: | ---: | ---: | ---: | ---: |", lines[1]);
        Assert.AreEqual("| Rows | 1 | 1 | 2 |  |  |", lines[2]);
        StringAssert.StartsWith(lines.Single(line => line.StartsWith("| SelectionRate")),
            "| SelectionRate | 1.0000 [0.2065, 1.0000] | 0.0000 [0.0000, 0.7935] | 0.5000 [");
        Assert.IsTrue(lines.Skip(2).All(line => line.Count(character => character == '|') == 7), text);
    }

    [TestMethod]
    public void Statistic_OfAnotherTaskOrClass_IsRefusedByName()
    {
        var all = Audit(Rows(10)).Overall;

        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => all[AuditStatistic.RSquared]).Message,
            "A statistic of regression, not of binary classification.");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => all[AuditStatistic.TruePositiveRate.OfClass("a")]).Message,
            "There is no class 'a'; only an audit of multiclass classification has classes.");
    }

    [TestMethod]
    public void CellIndex_NumbersCombinationsInTheOrderOfAppearance()
    {
        var index = new CellIndex(2);

        int[] cells = [index.CellOf([3, 1]), index.CellOf([0, 0]), index.CellOf([3, 1]), index.CellOf([3, 999]), index.CellOf([0, 1])];

        CollectionAssert.AreEqual(new[] { 0, 1, 0, 2, 3 }, cells);
        CollectionAssert.AreEqual(new[] { 3, 999 }, index.CodesOf(2));
    }
}
