using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests;

/// <summary>A row of a small census-like table in which the label depends on the features and, unfairly, on the group.</summary>
public sealed class Person
{
    public bool Label { get; set; }

    public float Number { get; set; }

    [KeyType(2)]
    public uint Key { get; set; }

    [VectorType(Census.FeatureCount)]
    public float[] Features { get; set; } = [];

    public string Sex { get; set; } = "";

    public string Region { get; set; } = "";

    public bool Veteran { get; set; }

    public int Household { get; set; }

    public float District { get; set; }

    public float Weight { get; set; } = 1;
}

/// <summary>Makes the table, the same for the same seed.</summary>
internal static class Census
{
    internal const int FeatureCount = 5;

    internal static List<Person> People(int count, int seed = 1)
    {
        var random = new Random(seed);
        var people = new List<Person>(count);
        for (var index = 0; index < count; index++)
        {
            var female = random.NextDouble() < 0.4;
            var skill = Normal(random);
            var hours = 40 + 8 * Normal(random) - (female ? 3 : 0);
            var age = 20 + 45 * random.NextDouble();
            var married = random.NextDouble() < (female ? 0.4 : 0.6);
            var logit = 1.3 * skill + 0.06 * (hours - 40) + 0.03 * (age - 42) + (married ? 0.7 : 0) - (female ? 1.2 : 0) - 0.3;
            var label = random.NextDouble() < 1 / (1 + Math.Exp(-logit));
            people.Add(new Person
            {
                Label = label,
                Number = label ? 1 : 0,
                Key = label ? 1u : 0u, // counted from 0 in an object, from 1 in the view
                Features = [(float)skill, (float)hours, (float)age, married ? 1 : 0, female ? 1 : 0],
                Sex = female ? "Female" : "Male",
                Region = random.Next(3) switch { 0 => "North", 1 => "South", _ => "West" },
                Veteran = random.NextDouble() < 0.3,
                Household = random.Next(1, 4),
                District = random.Next(2),
                Weight = (float)(0.5 + random.NextDouble()),
            });
        }

        return people;
    }

    internal static IDataView View(MLContext context, int count = 2000, int seed = 1)
        => context.Data.LoadFromEnumerable(People(count, seed));

    /// <summary>Options that train in well under a second.</summary>
    internal static ConstrainedBinaryClassificationTrainer.Options Options(params FairnessConstraint[] constraints) => new()
    {
        Constraints = constraints,
        Network = Network.MultilayerPerceptron(8),
        Encoding = new() { MaximumBins = 8, RowsPerBin = 1 },
        NumberOfEpochs = 4,
        BatchSize = 256,
        LearningRate = 0.01,
        Seed = 1,
    };

    private static double Normal(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
