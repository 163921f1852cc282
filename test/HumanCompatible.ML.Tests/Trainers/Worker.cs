using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>
/// A person of <see cref="Census"/> with a level of three and a wage, which depend on the features and, unfairly, on the group.
/// </summary>
public sealed class Worker
{
    public string Level { get; set; } = "";

    public float Wage { get; set; }

    public double Pay { get; set; }

    [VectorType(Census.FeatureCount)]
    public float[] Features { get; set; } = [];

    /// <summary>The features, of which every fifth row lacks one.</summary>
    [VectorType(Census.FeatureCount)]
    public float[] Gaps { get; set; } = [];

    public string Sex { get; set; } = "";

    public string Region { get; set; } = "";

    public bool Veteran { get; set; }

    public float Weight { get; set; }

    /// <summary>The rows; Label is the key of the level, with its values in the order low, mid, high.</summary>
    /// <param name="context">The context.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Draws them.</param>
    /// <param name="isUnequal">Whether they are of another population, in which the sexes differ by more.</param>
    internal static IDataView View(MLContext context, int count = 600, int seed = 1, bool isUnequal = false)
    {
        var random = new Random(1000 + seed);
        var people = isUnequal ? [.. Census.People(2 * count, seed)
            .Where(person => person.Sex == "Female" || person.Features[0] > -0.3 || person.Household == 1).Take(count)]
            : Census.People(count, seed);
        var rows = context.Data.LoadFromEnumerable(people.Select((person, index) =>
        {
            var value = person.Features[0] + (0.05f * (person.Features[1] - 40)) - (0.8f * person.Features[4])
                + (float)(random.NextDouble() - random.NextDouble());
            return new Worker
            {
                Level = value < -0.7f ? "low" : value < 0.5f ? "mid" : "high",
                Wage = 30_000 + (8_000 * value),
                Pay = 30_000 + (8_000 * value),
                Features = person.Features,
                Gaps = [.. person.Features.Select((feature, slot) => index % 5 == 0 && slot == index % 3 ? float.NaN : feature)],
                Sex = person.Sex,
                Region = person.Region,
                Veteran = person.Veteran,
                Weight = person.Weight,
            };
        }).ToList());
        var levels = context.Data.LoadFromEnumerable(new[] { "low", "mid", "high" }.Select(level => new Worker { Level = level }));
        return context.Transforms.Conversion.MapValueToKey("Label", "Level", keyData: context.Transforms.SelectColumns("Level").Fit(levels)
            .Transform(levels))
            .Append(context.Transforms.Conversion.MapValueToKey("RegionKey", "Region"))
            .Append(context.Transforms.Conversion.MapKeyToVector("RegionSlots", "RegionKey"))
            .Append(context.Transforms.Conversion.ConvertType("VeteranNumber", "Veteran"))
            .Append(context.Transforms.Concatenate("Columns", "Features", "RegionSlots", "VeteranNumber"))
            .Fit(rows).Transform(rows);
    }

    /// <summary>Options that train in a fraction of a second.</summary>
    internal static TOptions Small<TOptions>(TOptions options)
        where TOptions : ConstrainedTrainerOptions
    {
        (options.Network, options.Encoding) = (Network.MultilayerPerceptron(8), new() { MaximumBins = 8, RowsPerBin = 1 });
        (options.NumberOfEpochs, options.BatchSize, options.LearningRate, options.Seed) = (3, 128, 0.02, 1);
        return options;
    }
}
