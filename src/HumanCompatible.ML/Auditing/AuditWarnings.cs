using System.Globalization;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Auditing;

/// <summary>What is to be said of an audit that its statistics do not say by themselves.</summary>
internal static class AuditWarnings
{
    /// <summary>A sentence for each.</summary>
    internal static IEnumerable<string> Of(FairnessAudit audit)
    {
        var counts = audit.Overall.Cell.Counts;
        if (counts.Variety < Evaluation.NearlyConstant)
            yield return $"The predictions are nearly constant: the model {TrainingWarnings.Predicts(counts, audit.Labels, "rows")}.";
        if (audit.Task.HasScores && audit.Overall.Cell is BinaryCell { ByScore.HasThreshold: false } cell)
        {
            var range = audit.Task.HasProbabilities ? cell.ByProbability : cell.ByScore;
            var column = audit.Task.ScoreColumnName is { } name ? $"column '{name}'" : "the score";
            yield return $"No threshold of {column} gives these predictions: it goes down to {Number(range.LowestPositive)} where the "
                + $"prediction is positive, and up to {Number(range.HighestNegative)} where it is negative.";
        }
    }

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
