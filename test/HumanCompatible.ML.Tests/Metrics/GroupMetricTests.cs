using System.Text.Json;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Constraints.Compiled;
using HumanCompatible.ML.Training.Multipliers;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Metrics;

/// <summary>A row of the table is all that training, audit and confidence know of a metric.</summary>
[TestClass]
public sealed class GroupMetricTests
{
    // What a new row would be: the share of those predicted negative that are negative, TN / (TN + FN).
    private static readonly GroupMetric New = new("NegativePredictiveValue", RowQuantity.TrueNegative, RowQuantity.PredictedNegative);

    // Rows of two groups; every outcome occurs in both, with weights that differ.
    private static readonly ConstraintScenario Table = new(
        [1, -0.5, -2, 3, -1, 0.5, 2, 1.5, -1, 0.25, -3],
        [1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 0],
        [1, 2, 0.5f, 3, 1, 2, 1, 0.5f, 4, 1, 1.5f],
        [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1],
        new int[11]);

    public static IEnumerable<object[]> Metrics
        => GroupMetric.Every.Where(metric => metric.Suits(LearningTask.BinaryClassification)).Append(New)
            .Select(metric => new object[] { metric });

    [TestMethod]
    public void IsOfFit_OfEveryMetric_IsWhetherLabelsAndPredictionsDecideItTogether()
        => CollectionAssert.AreEqual(new[] { "SelectionRate", "MeanPrediction" },
            GroupMetric.Every.Where(metric => !metric.IsOfFit).Select(metric => metric.Name).ToArray());

    [TestMethod]
    [DynamicData(nameof(Metrics))]
    public void Training_OfEveryMetric_ReadsItsDefinition(GroupMetric metric)
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = CompiledConstraints.Compile([Fairness.RateAtMost(metric, "Sex", 0.5)], [Table.BySex],
            dtype: ScalarType.Float64);
        Tensor logits = torch.tensor(Table.Logits), labels = torch.tensor(Table.Labels, dtype: ScalarType.Float64),
            membership = compiled.Membership(Table.Weights);

        var exact = compiled.Violations(compiled.ExactStatistics(logits, labels, membership)).data<double>().ToArray();
        var surrogate = compiled.SurrogateViolations(logits, labels, membership).data<double>().ToArray();

        for (var group = 0; group < 2; group++)
        {
            Assert.AreEqual(Table.GroupRate(metric, Table.BySex, group, Table.Exact), exact[group] + 0.5, 1e-12);
            Assert.AreEqual(Table.GroupRate(metric, Table.BySex, group, row => Table.Surrogate(row)), surrogate[group] + 0.5, 1e-12);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Metrics))]
    public void Audit_OfEveryMetric_ReadsItsDefinition(GroupMetric metric)
    {
        for (var group = 0; group < 2; group++)
            Assert.AreEqual(Table.GroupRate(metric, Table.BySex, group, Table.Exact), Counts(group).Rate(metric), 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(Metrics))]
    public void Confidence_OfEveryMetric_ReadsItsDefinitionAndTheSameNumberOfRowsAsTheAudit(GroupMetric metric)
    {
        var estimates = EstimatedRates.Of(Fairness.RateAtMost(metric, "Sex", 0.5), Table.Counted(Table.BySex));

        for (var group = 0; group < 2; group++)
        {
            Assert.AreEqual(Table.GroupRate(metric, Table.BySex, group, Table.Exact), estimates.Estimate(metric, group).Value, 1e-12);
            Assert.AreEqual(Counts(group).EffectiveCount(metric), estimates.Estimate(metric, group).Size, 1e-12);
            Assert.AreEqual(metric.IsRate, estimates.Estimate(metric, group).IsProportion);
        }

        Assert.AreEqual(Table.Metric(metric, _ => true, Table.Exact), estimates.Estimate(metric, RateTerm.Overall).Value, 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(Metrics))]
    public void SmoothingWindow_OfEveryMetric_LooksAtItsDenominatorWithLabelsForPredictions(GroupMetric metric)
    {
        var smallest = Enumerable.Range(0, 2).Min(group
            => Table.Sums(metric, row => Table.Sex[row] == group, row => Table.Labels[row]).Denominator) / Table.Weights.Sum();

        Assert.AreEqual(smallest, SmoothingWindow.SmallestShare([Fairness.RateAtMost(metric, "Sex", 0.5)], Rows(Table)), 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(Metrics))]
    public void UndefinedRate_OfEveryMetric_IsFoundWhereNoPredictionCouldDefineIt(GroupMetric metric)
    {
        // Women have no positive and men no negative row.
        var scenario = Table with { Labels = Array.ConvertAll(Table.Sex, sex => (float)sex) };
        int[] expected = [.. Enumerable.Range(0, 2).Where(group => new[] { 0.0, 1 }.All(prediction
            => scenario.Sums(metric, row => scenario.Sex[row] == group, _ => prediction).Denominator == 0))];

        var found = UndefinedRate.Find(scenario.Labels, scenario.Weights, Fairness.RateAtMost(metric, "Sex", 0.5), scenario.BySex).ToList();

        CollectionAssert.AreEqual(expected, found.Select(undefined => undefined.Group).ToArray());
        Assert.IsTrue(found.TrueForAll(undefined => undefined.Lacks == metric.Rows));
    }

    [TestMethod]
    public void OfClass_OfAMetricOfEachClass_KnowsTheClassAndTheMetric()
    {
        var found = GroupMetric.TruePositiveRate.OfClass(2, "late");

        Assert.AreEqual((2, "late", "TruePositiveRate of late", "TruePositiveRate"),
            (found.Class, found.ClassName, $"{found}", $"{GroupMetric.TruePositiveRate}"));
        Assert.AreSame(GroupMetric.TruePositiveRate, found.Unclassed);
        Assert.AreSame(GroupMetric.TruePositiveRate, GroupMetric.TruePositiveRate.Unclassed);
        Assert.AreSame(GroupMetric.Accuracy, GroupMetric.Accuracy.OfClass(2, "late"), "that is of all classes together");
        Assert.AreEqual(new RateRows(RowQuantity.Positive, 2, "late"), found.Rows);
        Assert.AreEqual(new RateRows(RowQuantity.All), GroupMetric.SelectionRate.OfClass(2, "late").Rows, "the rows of all classes");
    }

    [TestMethod]
    public void Rows_OfAClass_AreThoseOfItsLabel()
    {
        RateRows late = new(RowQuantity.Positive, 2, "late"), positive = new(RowQuantity.Positive);

        CollectionAssert.AreEqual(new[] { false, false, true }, Enumerable.Range(0, 3).Select(label => late.CountsAll(label)).ToArray());
        CollectionAssert.AreEqual(new[] { false, true, true }, Enumerable.Range(0, 3).Select(label => positive.CountsAll(label)).ToArray());
        Assert.IsTrue(new RateRows(RowQuantity.PredictedPositive, 2, "late").CountsCorrect(2));
        Assert.IsFalse(new RateRows(RowQuantity.PredictedPositive, 2, "late").CountsCorrect(1));
    }

    [TestMethod]
    public void Complement_OfAMetric_IsOneMinusIt()
    {
        Assert.AreEqual(GroupMetric.TruePositiveRate, GroupMetric.FalseNegativeRate.Complement);
        Assert.AreEqual(GroupMetric.FalsePositiveRate, GroupMetric.TrueNegativeRate.Complement);
        Assert.AreEqual(GroupMetric.Accuracy, GroupMetric.ErrorRate.Complement);
        foreach (var metric in GroupMetric.Every)
        {
            if (metric.Complement is { } complement)
                Assert.AreEqual(1, Counts(0).Rate(metric) + Counts(0).Rate(complement), 1e-12, metric.Name);
        }

        Assert.AreEqual(3, GroupMetric.Every.Count(metric => metric.Complement is not null));
    }

    [TestMethod]
    [DataRow("SelectionRate", true, false, true)]
    [DataRow("TruePositiveRate", true, false, true)]
    [DataRow("FalsePositiveRate", true, false, true)]
    [DataRow("TrueNegativeRate", true, false, true)]
    [DataRow("FalseNegativeRate", true, false, true)]
    [DataRow("PositivePredictiveValue", true, false, true)]
    [DataRow("FalseOmissionRate", true, false, true)]
    [DataRow("Accuracy", true, false, false)]
    [DataRow("ErrorRate", true, false, false)]
    [DataRow("MeanLoss", false, false, false)]
    [DataRow("MeanPrediction", false, true, false)]
    [DataRow("MeanResidual", false, true, false)]
    public void Suits_IsOfRatesForClassesAndOfMeansForNumbers(string name, bool isRate, bool isSigned, bool isPerClass)
    {
        var metric = GroupMetric.Every.Single(metric => metric.ToString() == name);
        Assert.AreEqual((isRate, isSigned, isPerClass), (metric.IsRate, metric.IsSigned, metric.IsPerClass));
        Assert.AreEqual(!isRate, metric.Suits(LearningTask.Regression));
        Assert.AreEqual(!isSigned, metric.Suits(LearningTask.BinaryClassification));
        Assert.AreEqual(!isSigned, metric.Suits(LearningTask.MulticlassClassification));
    }

    [TestMethod]
    public void Json_OfAMetric_IsItsNameInCamelCase()
    {
        foreach (var metric in GroupMetric.Every)
            Assert.AreSame(metric, JsonSerializer.Deserialize<GroupMetric>(JsonSerializer.Serialize(metric)));
        Assert.AreEqual("\"falsePositiveRate\"", JsonSerializer.Serialize(GroupMetric.FalsePositiveRate));
        foreach (var bad in new[] { "\"Accuracy\"", "7" })
        {
            var error = Assert.ThrowsExactly<JsonException>(() => JsonSerializer.Deserialize<GroupMetric>(bad));
            StringAssert.StartsWith(error.Message, "A metric must be one of selectionRate, truePositiveRate, ");
            StringAssert.Contains(error.Message, $", meanPrediction, meanResidual, got '{(bad == "7" ? "" : "Accuracy")}'.");
        }
    }

    [TestMethod]
    public void Every_PublicMetric_IsOnceInTheTableUnderItsOwnName()
    {
        var declared = typeof(GroupMetric).GetProperties().Where(property => property.PropertyType == typeof(GroupMetric)
            && property.GetMethod!.IsStatic).ToDictionary(property => property.Name, property => (GroupMetric)property.GetValue(null)!);

        CollectionAssert.AllItemsAreUnique(GroupMetric.Every.Select(metric => metric.Name).ToArray());
        Assert.HasCount(10, declared);
        foreach (var (name, metric) in declared)
        {
            Assert.AreEqual(name, metric.Name);
            CollectionAssert.Contains(GroupMetric.Every.ToArray(), metric);
        }
    }

    private static GroupCounts Counts(int group)
    {
        var counts = new GroupCounts();
        for (var row = 0; row < Table.RowCount; row++)
        {
            if (Table.Sex[row] == group)
                counts.Add(Table.Labels[row] > 0, Table.Logits[row] > 0, Table.Weights[row], Table.LogLoss(row));
        }

        return counts;
    }

    private static TrainingRows Rows(ConstraintScenario scenario) => new([], 0, scenario.Labels, scenario.Weights, [scenario.BySex]);
}
