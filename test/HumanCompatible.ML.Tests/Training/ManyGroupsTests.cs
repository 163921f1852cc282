using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Training;

/// <summary>Groups of very different sizes: the noise of the small ones must not end in a constant classifier.</summary>
[TestClass]
public sealed class ManyGroupsTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Fit_TenGroupsOfOneToAHundred_PredictsMuchBetterThanTheMajorityAndComesNearTheBoundWhereItCanBeTold(int seed)
    {
        var model = Fit(Rows(8000, [.. Enumerable.Range(0, 10).Select(group => Math.Pow(100, group / 9.0))], seed), seed);

        var summary = model.Model.Summary;
        Assert.IsGreaterThan(summary.MajorityAccuracy + 0.1, summary.ValidationAccuracy, $"{summary}");
        Assert.DoesNotContain(warning => warning.StartsWith("The model is nearly constant", StringComparison.Ordinal), summary.Warnings);
        var parity = summary.Constraints[0];
        Assert.AreNotEqual(Verdict.NotMeasurable, parity.Verdict, $"{parity}");
        Assert.IsLessThan(0.15, parity.Value, $"{parity}");
        Assert.IsTrue(parity.UnmeasurableGroups.Count is > 2 and < 9, $"{parity}");
        CollectionAssert.IsSubsetOf(new[] { "g0", "g1", "g2" }, parity.UnmeasurableGroups.Select(group => group.Group).ToArray());
    }

    [TestMethod]
    public void Fit_OneTinyGroup_PredictsMuchBetterThanTheMajority()
    {
        var model = Fit(Rows(2000, [0.003, 0.5, 0.5], seed: 3), 3);

        var summary = model.Model.Summary;
        Assert.IsGreaterThan(summary.MajorityAccuracy + 0.1, summary.ValidationAccuracy, $"{summary}");
        Assert.AreEqual("g0", summary.Constraints[0].UnmeasurableGroups.Single().Group);
        Assert.AreEqual(Verdict.Kept, summary.Constraints[0].Verdict, $"{summary}");
    }

    [TestMethod]
    public void Fit_FiftyGroupsOfAboutThirtyRows_IsNoConstantClassifier()
    {
        var model = Fit(Rows(1500, [.. Enumerable.Repeat(1.0, 50)], seed: 4), 4);

        var summary = model.Model.Summary;
        Assert.IsGreaterThan(summary.MajorityAccuracy + 0.1, summary.ValidationAccuracy, $"{summary}");
        Assert.IsTrue(summary.Constraints[0].UnmeasurableGroups.Count > 40, $"{summary}");
    }

    // The comparisons of every group add up, and some of 66 are broken by chance: training swings, and a constant keeps all of them.
    [TestMethod]
    [DataRow(12, 3000, 1)]
    [DataRow(12, 3000, 2)]
    [DataRow(30, 6000, 3)]
    public void Fit_ManyGroupsOfTwoHundredRowsAndNoisyLabels_IsNoConstantClassifier(int groups, int count, int seed)
    {
        var rows = Rows(count, [.. Enumerable.Repeat(1.0, groups)], seed, shift: 0.6);
        var random = new Random(seed);
        foreach (var row in rows.Where(_ => random.NextDouble() < 0.2))
            row.Label = random.NextDouble() < 0.5;

        var summary = Fit(rows, seed, bound: 0.05).Model.Summary;

        Assert.IsGreaterThan(summary.MajorityAccuracy + 0.03, summary.ValidationAccuracy, $"{summary}");
        Assert.DoesNotContain(warning => warning.StartsWith("The model is nearly constant", StringComparison.Ordinal), summary.Warnings);
    }

    // All groups are pushed the same way, which moves the network faster than what is known of their rates follows, most while it has
    // hardly learned and all scores are near each other, as of labels that follow from products.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Fit_ALeastRateOfManyGroups_PredictsMuchBetterThanTheMajority(int seed)
    {
        var rows = Rows(15_000, [.. Enumerable.Range(0, 8).Select(group => Math.Pow(10, group / 7.0))], seed, shift: 0.2, columns: 8,
            features => (0.8 * features[0] * features[1]) + (0.8 * features[2] * features[3]) + (0.3 * features[0]) - 0.9);

        var summary = Fit(rows, seed, Fairness.RateAtLeast(GroupMetric.SelectionRate, nameof(Row.Group), 0.2)).Model.Summary;

        Assert.IsGreaterThan(summary.MajorityAccuracy + 0.03, summary.ValidationAccuracy, $"{summary}");
        Assert.IsInRange(0.18, 0.32, summary.Constraints[0].Value, $"{summary}");
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(List<Row> rows, int seed, double bound = 0.1)
        => Fit(rows, seed, Fairness.DemographicParity(nameof(Row.Group), bound));

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(List<Row> rows, int seed,
        params FairnessConstraint[] constraints)
    {
        var context = new MLContext(seed);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        return context.Constrained().Trainers.BinaryClassification(new()
        {
            Constraints = constraints,
            Seed = seed,
        }).Fit(context.Data.LoadFromEnumerable(rows, schema));
    }

    // Labels that follow from two numbers where no other logit is given, and rates of the groups that differ.
    private static List<Row> Rows(int count, double[] sizes, int seed, double shift = 0.3, int columns = 3,
        Func<float[], double>? logit = null)
    {
        logit ??= features => (1.6 * features[0]) + (1.2 * features[1]) - 0.5;
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (at, group) = (random.NextDouble() * sizes.Sum(), 0);
            while (group < sizes.Length - 1 && at >= sizes[group])
                at -= sizes[group++];
            float[] features = [(float)(Normal() + (group % 3 * shift)), .. Enumerable.Range(1, columns - 1).Select(_ => (float)Normal())];
            return new Row { Label = random.NextDouble() < 1 / (1 + Math.Exp(-logit(features))), Features = features, Group = $"g{group}" };
        })];
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        public float[] Features { get; set; } = [];

        public string Group { get; set; } = "";
    }
}
