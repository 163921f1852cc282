using System.Globalization;
using HumanCompatible.ML.Benchmarks.Hold;

namespace HumanCompatible.ML.Benchmarks.Accuracy;

/// <summary>The table of the fits: a line for each data set, the means over the seeds.</summary>
internal static class ComparedFits
{
    internal static void Write(TextWriter to, IReadOnlyList<ComparedFit> fits, bool isMarkdown)
    {
        string[] trainers = [.. fits.Select(fit => fit.Trainer).Distinct()];
        IReadOnlyList<string>[] rows = [.. fits.GroupBy(fit => fit.Table).Select(table => (IReadOnlyList<string>)
        [
            table.Key,
            Value(table.Select(fit => fit.Seed).Distinct().Count(), "0"),
            .. trainers.SelectMany(trainer => Cells([.. table.Where(fit => fit.Trainer == trainer)])),
            .. Differences([.. table]),
        ])];
        TextTable.Write(to,
            [
                "table", "seeds", .. trainers.SelectMany(trainer => new[] { trainer, "log loss", "processor s", "row us" }),
                "accuracy - best", "s.e.", "log loss / LightGbm",
            ], rows, isMarkdown);
    }

    private static IEnumerable<string> Cells(IReadOnlyList<ComparedFit> fits) => fits.Count == 0 ? ["-", "-", "-", "-"] :
    [
        Value(fits.Average(fit => fit.Accuracy), "0.0000"), Value(fits.Average(fit => fit.LogLoss), "0.0000"),
        Value(fits.Average(fit => fit.ProcessorSeconds), "0.00"), Value(fits.Min(fit => fit.RowMicroseconds), "0.00"),
    ];

    // Against the better of ML.NET's trainers by the mean of the seeds.
    private static IEnumerable<string> Differences(IReadOnlyList<ComparedFit> fits)
    {
        var byTrainer = fits.GroupBy(fit => fit.Trainer)
            .ToDictionary(group => group.Key, group => group.OrderBy(fit => fit.Seed).ToArray());
        if (!byTrainer.TryGetValue(ComparedTrainer.Constrained, out var own) || byTrainer.Count < 2)
            return ["-", "-", "-"];
        var best = byTrainer.Where(item => item.Key != ComparedTrainer.Constrained)
            .MaxBy(item => item.Value.Average(fit => fit.Accuracy)).Value;
        double[] differences = [.. own.Zip(best, (fit, other) => fit.Accuracy - other.Accuracy)];
        var mean = differences.Average();
        var error = Math.Sqrt(differences.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, differences.Length - 1)
            / differences.Length);
        return [Value(mean, "+0.0000;-0.0000"), Value(error, "0.0000"), byTrainer.TryGetValue(ComparedTrainer.Boosting, out var boosting)
            ? Value(own.Average(fit => fit.LogLoss) / boosting.Average(fit => fit.LogLoss), "0.000") : "-"];
    }

    private static string Value(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
