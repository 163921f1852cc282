using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Auditing;

[TestClass]
public sealed class BinaryPredictionReaderTests
{
    private static readonly MLContext ML = new(1);

    private sealed class Row
    {
        public bool Label { get; set; }
        public float Number { get; set; }
        public double Wide { get; set; }
        public string Text { get; set; } = "";
        public float Score { get; set; }
        public bool PredictedLabel { get; set; }
        public float Probability { get; set; } = 0.5f;
        public float Weight { get; set; } = 1;
        public string Sex { get; set; } = "";
        public int Race { get; set; }
        [VectorType(2)] public float[] Vector { get; set; } = [0, 0];
    }

    private static Row[] Rows =>
    [
        new() { Label = true, Number = 1, Wide = 1, Text = "yes", Score = 1, PredictedLabel = true, Probability = 0.8f, Sex = "F",
            Race = 1 },
        new() { Label = false, Number = 0, Wide = 0, Text = "no", Score = -1, PredictedLabel = false, Probability = 0.2f, Sex = "F",
            Race = 2 },
        new() { Label = true, Number = 1, Wide = 1, Text = "yes", Score = 2, PredictedLabel = true, Probability = 0.9f, Sex = "M",
            Race = 1, Weight = 3 },
        new() { Label = false, Number = 0, Wide = 0, Text = "no", Score = 0.5f, PredictedLabel = true, Probability = 0.6f, Sex = "M",
            Race = 1 },
    ];

    private static IDataView View(params Row[] rows) => ML.Data.LoadFromEnumerable(rows);

    private static FairnessAudit Evaluate(IDataView data, string label = "Label", string predicted = "PredictedLabel",
        string? probability = "Probability", string? weight = null, params string[] groups) =>
        ML.Constrained().Audit.BinaryClassification(data, groups.Length == 0 ? ["Sex"] : groups, label, "Score", predicted, probability,
            weight);

    [TestMethod]
    public void EvaluateBinary_ScoredData_GivesEachColumnAndTheIntersection()
    {
        var audit = Evaluate(View(Rows), groups: ["Sex", "Race"]);

        Assert.AreEqual(0.5, audit.Of("Sex").DemographicParityDifference);
        Assert.AreEqual(1, audit.Of("Race").DemographicParityDifference);
        CollectionAssert.AreEqual(new[] { "F, 1", "F, 2", "M, 1" }, audit.Intersection.Groups.Select(g => g.Name).ToArray());
        Assert.AreEqual(-(Math.Log(0.8) + Math.Log(0.8)) / 2, audit.Of("Sex")["F"][GroupMetric.MeanLoss], 1e-6);
        Assert.AreEqual(0.75, audit.Overall[GroupMetric.Accuracy]);
    }

    [TestMethod]
    public void EvaluateBinary_ExampleWeights_WeighTheRates()
    {
        var audit = Evaluate(View(Rows), weight: "Weight");

        Assert.AreEqual(0.75, audit.Of("Sex")["M"][GroupMetric.Accuracy]);
        Assert.AreEqual(4, audit.Of("Sex")["M"].Weight);
        Assert.AreEqual(2, audit.Of("Sex")["M"].RowCount);
    }

    [TestMethod]
    public void EvaluateBinary_LabelOfEveryAcceptedType_GivesTheSameAudit()
    {
        var data = View(Rows);
        var keyed = ML.Transforms.Conversion.MapValueToKey("Key", "Text",
            keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);
        var expected = Evaluate(data).ToString();

        foreach (var label in new[] { "Number", "Wide", "Key" }) Assert.AreEqual(expected, Evaluate(keyed, label).ToString(), label);
    }

    [TestMethod]
    public void EvaluateBinary_NoPredictedLabel_TakesTheSignOfTheScore() =>
        Assert.AreEqual(Evaluate(View(Rows)).ToString(),
            Evaluate(ML.Transforms.DropColumns("PredictedLabel").Fit(View(Rows)).Transform(View(Rows))).ToString());

    [TestMethod]
    public void EvaluateBinary_NoProbability_LeavesLossesUndefined()
    {
        var without = ML.Transforms.DropColumns("Probability").Fit(View(Rows)).Transform(View(Rows));

        Assert.IsTrue(double.IsNaN(Evaluate(without).Overall[GroupMetric.MeanLoss]));
        Assert.IsTrue(double.IsNaN(Evaluate(View(Rows), probability: null).Overall[GroupMetric.MeanLoss]));
    }

    [TestMethod]
    public void EvaluateBinary_CertainWrongAnswer_HasAFiniteLoss()
    {
        var audit = Evaluate(View(new Row { Label = false, Probability = 1, Sex = "F" }));
        Assert.AreEqual(-Math.Log(1e-15), audit.Overall[GroupMetric.MeanLoss], 1e-9);
    }

    [TestMethod]
    public void EvaluateBinary_WrongColumns_AreNamedWithRoleAndTypes()
    {
        void Is(string expected, Func<FairnessAudit> act)
            => Assert.AreEqual(expected, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => act()).Message);
        var data = View(Rows);
        const string others = "'Label', 'Number', 'Wide', 'Text'", last = "'Probability', 'Weight', 'Sex', 'Race', 'Vector'",
            columns = $"{others}, 'Score', 'PredictedLabel', {last}";

        Is($"Could not find group column 'Age' among {columns} (Parameter 'groupColumnNames')", () => Evaluate(data, groups: ["Age"]));
        Is("Schema mismatch for group column 'Vector': expected text, key, Boolean or integer-valued numbers, got Vector<Single, 2> "
            + "(Parameter 'groupColumnNames')", () => Evaluate(data, groups: ["Vector"]));
        Is($"Could not find label column 'Y' among {columns} (Parameter 'labelColumnName')", () => Evaluate(data, "Y"));
        Is("Schema mismatch for label column 'Text': expected Boolean, Single, Double or a key of two values, got String (Parameter "
            + "'labelColumnName')", () => Evaluate(data, "Text"));
        Is("Schema mismatch for predicted label column 'Text': expected Boolean, Single, Double or a key of two values, got String "
            + "(Parameter 'predictedLabelColumnName')", () => Evaluate(data, predicted: "Text"));
        Is($"Could not find probability column 'P' among {columns} (Parameter 'probabilityColumnName')",
            () => Evaluate(data, probability: "P"));
        Is("Schema mismatch for probability column 'Text': expected Single or Double, got String (Parameter 'probabilityColumnName')", ()
            => Evaluate(data, probability: "Text"));
        Is($"Could not find example weight column 'W' among {columns} (Parameter 'exampleWeightColumnName')",
            () => Evaluate(data, weight: "W"));
        Is($"Could not find predicted label or score column 'Score' among {others}, {last} (Parameter 'scoreColumnName')",
            () => Evaluate(ML.Transforms.DropColumns("Score", "PredictedLabel").Fit(data).Transform(data)));
        Is($"Could not find predicted label column 'None' among {columns} (Parameter 'predictedLabelColumnName')",
            () => Evaluate(data, predicted: "None"));
    }

    [TestMethod]
    public void EvaluateBinary_UnusableValues_AreNamedWithColumnAndRow()
    {
        void Is(string expected, Row row, string label = "Label", string? weight = null) =>
            Assert.AreEqual(expected, Assert.ThrowsExactly<InvalidOperationException>(()
                => Evaluate(View(Rows[0], row), label, weight: weight)).Message);

        Is("The label column 'Number' holds 2 in row 1; it must hold 0 or 1.", new() { Number = 2 }, label: "Number");
        Is("The label column 'Number' holds NaN in row 1; it must hold 0 or 1.", new() { Number = float.NaN }, label: "Number");
        Is("The probability column 'Probability' holds 1.5 in row 1; it must hold a number from 0 to 1.", new() { Probability = 1.5f });
        Is("The example weight column 'Weight' holds -1 in row 1; it must hold a finite number of at least 0.", new() { Weight = -1 },
            weight: "Weight");
        Is("The score column 'Score' holds NaN in row 1; it must hold a number.", new() { Score = float.NaN });
    }

    [TestMethod]
    public void EvaluateBinary_MissingGroupValues_AreListedButNotComparedUnlessAskedTo()
    {
        Row[] rows = [.. Rows, new() { Label = true, Number = 1, PredictedLabel = false, Race = 2 }, new() { PredictedLabel = false }];
        FairnessAudit Audit(GroupPolicy policy) => ML.Constrained().Audit.BinaryClassification(View(rows), ["Sex"], missingValues: policy);

        var audit = ML.Constrained().Audit.BinaryClassification(View(rows), ["Sex"]);
        var sex = audit.Of("Sex");

        CollectionAssert.AreEqual(new[] { "F", "M" }, sex.Groups.Select(group => group.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "(missing)" }, sex.ExcludedGroups.Select(group => group.Name).ToArray());
        Assert.AreEqual(2, sex["(missing)"].RowCount);
        Assert.AreEqual(0, sex["(missing)"][GroupMetric.TruePositiveRate]);
        Assert.AreEqual(0.5, sex.DemographicParityDifference, "F 1/2, M 1, (missing) 0");
        Assert.AreEqual(6, audit.Overall.RowCount);
        Assert.AreEqual(0.25, audit.ValueOf(Fairness.DemographicParity("Sex", 0.1) with { Baseline = GroupBaseline.Overall }),
            "of the 4 rows with a value 3/4 are selected");
        Assert.AreEqual(audit.ToString(), Audit(GroupPolicy.Exclude).ToString());

        var included = Audit(GroupPolicy.Include).Of("Sex");
        Assert.IsEmpty(included.ExcludedGroups);
        Assert.AreEqual(1, included.DemographicParityDifference);
        Assert.AreEqual("2 rows of the data without a value in 'Sex': fill it in, or set missingValues to Include or Exclude.",
            Assert.ThrowsExactly<InvalidOperationException>(() => Audit(GroupPolicy.Error)).Message);
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Audit((GroupPolicy)9)).Message,
            "There is no such policy. (Parameter 'missingValues')");
    }

    [TestMethod]
    public void EvaluateBinary_MissingValueInOneOfTwoColumns_IsMissingInTheirIntersectionOnly()
    {
        var audit = Evaluate(View([.. Rows, new() { Label = true, Race = 1 }]), groups: ["Sex", "Race"]);

        CollectionAssert.AreEqual(new[] { "(missing), 1" }, audit.Intersection.ExcludedGroups.Select(group => group.Name).ToArray());
        Assert.HasCount(1, audit.Of("Sex").ExcludedGroups);
        Assert.IsEmpty(audit.Of("Race").ExcludedGroups);
        Assert.AreEqual(4, audit.Of("Race")["1"].RowCount);
    }

    [TestMethod]
    public void EvaluateBinary_ValueThatReadsLikeTheMissingGroup_IsAnotherGroup()
    {
        var audit = Evaluate(View([.. Rows, new() { Sex = "(missing)" }, new() { Sex = "" }, new() { Sex = "" }])).Of("Sex");

        Assert.AreEqual((1, 2), (audit["\"(missing)\""].RowCount, audit["(missing)"].RowCount));
        Assert.HasCount(3, audit.Groups);
    }

    [TestMethod]
    public void EvaluateBinary_NoRowsOrNoGroups_AreErrors()
    {
        Assert.AreEqual("There is no row to audit.", Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(View())).Message);
        Assert.AreEqual("At least one group column must be named. (Parameter 'groupColumnNames')",
            Assert.ThrowsExactly<ArgumentException>(() => ML.Constrained().Audit.BinaryClassification(View(Rows), [])).Message);
        Assert.AreEqual("A group column is named more than once. (Parameter 'groupColumnNames')",
            Assert.ThrowsExactly<ArgumentException>(() => Evaluate(View(Rows), groups: ["Sex", "Sex"])).Message);
    }
}
