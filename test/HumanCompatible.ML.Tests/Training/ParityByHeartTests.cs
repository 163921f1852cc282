using HumanCompatible.ML.Constraints;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Training;

/// <summary>Where parity is dear, a network can learn it by heart, on the rows it is trained on only.</summary>
[TestClass]
public sealed class ParityByHeartTests
{
    private const double Bound = 0.05;

    [TestMethod]
    public void Fit_WhereParityIsDear_HasAnIntervalWithTheTruth()
    {
        var ml = new MLContext(1);
        var fresh = ml.Data.LoadFromEnumerable(Rows(60_000, 99));
        (double Upper, double Truth)[] told = [.. Enumerable.Range(1, 6).Select(seed =>
        {
            var trainer = ml.Constrained().Trainers.BinaryClassification(
                new() { Constraints = [Fairness.DemographicParity("Group", Bound)], Seed = seed });
            var model = trainer.Fit(ml.Data.LoadFromEnumerable(Rows(2000, seed)));
            return (model.Model.Summary.Constraints[0].Interval.Upper,
                ml.Constrained().Audit.BinaryClassification(model.Transform(fresh), ["Group"]).Judge(model.Model)[0].Value);
        })];

        Assert.IsLessThanOrEqualTo(1, told.Count(one => one.Truth > one.Upper), string.Join(", ", told));
    }

    // Two features have the group in them, a product and a category need many weights.
    private static List<Row> Rows(int count, int seed)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var group = random.Next(2);
            double a = Normal() + (0.5 * group), b = Normal(), c = Normal() - (0.3 * group), d = random.Next(4);
            var logit = -0.8 + a + (0.7 * b * c) + (d == 1 ? 0.8 : 0) + (0.4 * group);
            return new Row
            {
                Features = [(float)a, (float)b, (float)c, d == 0 ? 1 : 0, d == 1 ? 1 : 0, d == 2 ? 1 : 0, d == 3 ? 1 : 0],
                Group = group == 0 ? "a" : "b",
                Label = random.NextDouble() < 1 / (1 + Math.Exp(-logit)),
            };
        })];
    }

    private sealed class Row
    {
        [VectorType(7)]
        public float[] Features { get; set; } = [];

        public string Group { get; set; } = "";

        public bool Label { get; set; }
    }
}
