using System.Globalization;
using Microsoft.ML;

namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>
/// The command "hold small": what the trainer without constraint is worth on a small table of 20 mixed columns, beside ML.NET's logistic
/// regression on the same columns (one-hot, scaled), both judged on all rows of the population that were not drawn.
/// </summary>
internal static class SmallCommand
{
    private static readonly int[] Sizes = [560, 1_000];

    internal static int Run(HoldOptions options, Populations populations)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var size in Sizes)
        {
            var draws = new (double Network, double Logistic)[options.Draws];
            Parallel.For(0, options.Draws, new ParallelOptions { MaxDegreeOfParallelism = options.Parallel },
                index => draws[index] = Accuracies(populations["mixed"], size, options.First + index));
            double[] differences = [.. draws.Select(draw => draw.Network - draw.Logistic)];
            var mean = differences.Average();
            var error = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / Math.Max(1, draws.Length - 1) / draws.Length);
            rows.Add([size.ToString(CultureInfo.InvariantCulture), draws.Length.ToString(CultureInfo.InvariantCulture),
                .. new[] { draws.Average(draw => draw.Network), draws.Average(draw => draw.Logistic), mean, error }
                    .Select(value => value.ToString("0.0000", CultureInfo.InvariantCulture))]);
        }

        TextTable.Write(Console.Out, ["rows", "draws", "defaults", "logistic regression", "difference", "its standard error"], rows,
            options.IsMarkdown);
        return 0;
    }

    private static (double Network, double Logistic) Accuracies(Population population, int size, int draw)
    {
        var ml = new MLContext(draw);
        var drawn = population.Draw(size, draw);
        var table = ml.Data.Cache(population.Part(ml, drawn, isDrawn: true));
        var features = population.Featurize(ml).Fit(table);
        var rest = features.Transform(population.Part(ml, drawn, isDrawn: false));
        double Accuracy(ITransformer model) => ml.BinaryClassification.Evaluate(model.Transform(rest), Population.Label).Accuracy;

        var trained = features.Transform(table);
        var network = ml.Constrained().Trainers.BinaryClassification(new()
        {
            LabelColumnName = Population.Label,
            FeatureColumnName = Population.Features,
            Seed = draw,
        });
        var logistic = ml.BinaryClassification.Trainers.LbfgsLogisticRegression(Population.Label, Population.Features);
        return (Accuracy(network.Fit(trained)), Accuracy(logistic.Fit(trained)));
    }
}
