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
            var (range, name) = audit.Task.HasProbabilities && !cell.ByProbability.HasThreshold
                ? (cell.ByProbability, audit.Task.ProbabilityColumnName) : (cell.ByScore, audit.Task.ScoreColumnName);
            var column = name is null ? "the score" : $"column '{name}'";
            yield return $"No threshold of {column} gives these predictions: it goes down to {Number(range.LowestPositive)} where the "
                + $"prediction is positive, and up to {Number(range.HighestNegative)} where it is negative.";
        }
    }

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
