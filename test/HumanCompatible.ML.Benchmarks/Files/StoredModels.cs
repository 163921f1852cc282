using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Benchmarks.Files;

/// <summary>A small model of each task, of a table that is the same for ever.</summary>
internal static class StoredModels
{
    private const int Rows = 600;

    /// <summary>The rows.</summary>
    internal static IReadOnlyList<StoredRow> Table { get; } = Generate();

    /// <summary>A model by its name.</summary>
    internal static ITransformer Train(MLContext ml, string name)
    {
        var data = ml.Data.LoadFromEnumerable(Table);
        IEstimator<ITransformer> trainer = name switch
        {
            "binary" => ml.Constrained().Trainers.BinaryClassification(Small(new ConstrainedBinaryClassificationTrainer.Options
            {
                Constraints = [Fairness.DemographicParity("Group", 0.1), Fairness.EqualOpportunity("Group", 0.2)],
                Metadata = new Dictionary<string, string> { ["purpose"] = "to be read for ever" },
                KeepTrainingState = true,
            })),
            "multiclass" => ml.Transforms.Conversion.MapValueToKey("Label", "Level").Append(ml.Constrained().Trainers
                .MulticlassClassification(Small(new ConstrainedMulticlassClassificationTrainer.Options
                {
                    Constraints = [Fairness.DemographicParity("Group", 0.1)],
                    Network = Network.MultilayerPerceptron([6], Activation.Tanh),
                    EncodeMissingValues = true,
                }))),
            _ => ml.Constrained().Trainers.Regression(Small(new ConstrainedRegressionTrainer.Options
            {
                LabelColumnName = "Wage",
                Constraints = [Fairness.MeanParity("Group", 500)],
                Network = Network.Linear(),
                ConfidenceLevel = 0.9,
            })),
        };
        return trainer.Fit(data);
    }

    /// <summary>The scores of rows, one after the other.</summary>
    internal static float[] Scores(MLContext ml, ITransformer model, IEnumerable<StoredRow> rows)
    {
        var scored = model.Transform(ml.Data.LoadFromEnumerable(rows));
        return scored.Schema["Score"].Type is VectorDataViewType
            ? [.. scored.GetColumn<float[]>("Score").SelectMany(row => row)] : [.. scored.GetColumn<float>("Score")];
    }

    private static TOptions Small<TOptions>(TOptions options)
        where TOptions : ConstrainedTrainerOptions
    {
        (options.NumberOfEpochs, options.BatchSize, options.Seed) = (4, 64, 1);
        if (options.Network.Equals(Network.MultilayerPerceptron(64, 64)))
            options.Network = Network.MultilayerPerceptron(8);
        return options;
    }

    private static List<StoredRow> Generate()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Rows).Select(_ =>
        {
            var isFirst = random.NextDouble() < 0.4;
            float[] features = [(float)random.NextDouble(), random.Next(60), isFirst ? 1 : 0, random.Next(3)];
            var value = (2 * features[0]) + (features[1] / 30) - (isFirst ? 0.6f : 0) + random.NextDouble();
            return new StoredRow
            {
                Features = features,
                Label = value > 2.2,
                Level = value < 1.7 ? "low" : value < 2.7 ? "mid" : "high",
                Wage = (float)(20_000 + (9_000 * value)),
                Group = isFirst ? "a" : "b",
            };
        })];
    }
}

/// <summary>A row of the table.</summary>
internal sealed class StoredRow
{
    [VectorType(4)]
    public float[] Features { get; set; } = [];

    public bool Label { get; set; }

    public string Level { get; set; } = "";

    public float Wage { get; set; }

    public string Group { get; set; } = "";
}
