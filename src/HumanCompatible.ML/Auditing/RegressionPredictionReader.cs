using HumanCompatible.ML.Data;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>The columns of scored data of regression: the score is the prediction.</summary>
internal static class RegressionPredictionReader
{
    /// <exception cref="ArgumentOutOfRangeException">A column is not there or has the wrong type.</exception>
    internal static AuditedColumns Find(AuditRequest request)
    {
        var label = SchemaMismatch.Find(request.Schema, "labelColumnName", "label", request.LabelColumnName);
        var score = SchemaMismatch.Find(request.Schema, "scoreColumnName", "score", request.ScoreColumnName);
        var weight = ScoredColumn.FindWeight(request);
        ScoredColumn.CheckNumber(label, "label", "labelColumnName");
        ScoredColumn.CheckNumber(score, "score", "scoreColumnName");
        return new AuditedColumns(new AuditTask(TaskLabels.Regression(), HasScores: false, HasProbabilities: false, weight is not null),
            weight is { } known ? [label, score, known] : [label, score],
            row =>
            {
                var readLabel = ScoredColumn.Number(row, label, "label", double.IsFinite, "a finite number");
                var readScore = ScoredColumn.Number(row, score, "score", double.IsFinite, "a finite number");
                var readWeight = ScoredColumn.Weight(row, weight);
                return (int index, ref AuditRow result) =>
                {
                    (result.Label, result.Prediction, result.Weight) = (readLabel(index), readScore(index), readWeight(index));
                    var residual = result.Label - result.Prediction;
                    result.Loss = residual * residual;
                };
            });
    }
}
