using HumanCompatible.ML.Data;
using HumanCompatible.ML.Metrics;
using Microsoft.ML;

namespace HumanCompatible.ML.Auditing;

/// <summary>
/// The columns of scored data of binary classification. The predictions are those of the predicted label column; where the data have no
/// such column, of the sign of the score.
/// </summary>
internal static class BinaryPredictionReader
{
    /// <exception cref="ArgumentOutOfRangeException">A column is not there or has the wrong type.</exception>
    internal static AuditedColumns Find(AuditRequest request)
    {
        var schema = request.Schema;
        var label = SchemaMismatch.Find(schema, "labelColumnName", "label", request.LabelColumnName);
        var prediction = ScoredColumn.FindOptional(schema, "predictedLabelColumnName", "predicted label", request.PredictedLabelColumnName,
            AuditRequest.DefaultPrediction);
        var score = prediction is null
            ? SchemaMismatch.Find(schema, "scoreColumnName", "predicted label or score", request.ScoreColumnName)
            : ScoredColumn.FindOptional(schema, "scoreColumnName", "score", request.ScoreColumnName, AuditRequest.DefaultScore);
        var probability = request.ProbabilityColumnName is not { } name ? null : ScoredColumn.FindOptional(schema,
            "probabilityColumnName", "probability", name, AuditRequest.DefaultProbability);
        var weight = ScoredColumn.FindWeight(request);

        ScoredColumn.CheckOutcome(label, "label", "labelColumnName");
        if (prediction is { } p)
            ScoredColumn.CheckOutcome(p, "predicted label", "predictedLabelColumnName");
        if (probability is { } q)
            ScoredColumn.CheckNumber(q, "probability", "probabilityColumnName");

        // A classifier of two classes may have a vector of scores, which is read only where it is asked for.
        if (score is { } s && prediction is not null && request.ScoreColumnName == AuditRequest.DefaultScore
            && !ScoredColumn.IsNumber(s.Type))
        {
            score = null;
        }

        if (score is { } one)
            ScoredColumn.CheckNumber(one, "score", "scoreColumnName");
        var task = new AuditTask(TaskLabels.Binary, (score ?? probability) is not null, probability is not null, weight is not null)
        {
            ScoreColumnName = (score ?? probability)?.Name,
            ProbabilityColumnName = probability?.Name,
        };
        return new AuditedColumns(task,
            [label, .. new[] { prediction, score, probability, weight }.OfType<DataViewSchema.Column>()],
            row => Bind(row, label, prediction, score, probability, weight));
    }

    private static ReadAuditRow Bind(DataViewRow row, DataViewSchema.Column label, DataViewSchema.Column? prediction,
        DataViewSchema.Column? score, DataViewSchema.Column? probability, DataViewSchema.Column? weight)
    {
        var readLabel = ScoredColumn.Outcome(row, label, "label");
        var readPrediction = prediction is { } p ? ScoredColumn.Outcome(row, p, "predicted label") : null;
        var readScore = score is { } s ? ScoredColumn.Number(row, s, "score", static v => !double.IsNaN(v), "a number") : null;
        var readProbability = probability is { } q
            ? ScoredColumn.Number(row, q, "probability", static v => v is >= 0 and <= 1, "a number from 0 to 1") : null;
        var readWeight = ScoredColumn.Weight(row, weight);
        return (int index, ref AuditRow result) =>
        {
            result.Label = readLabel(index);
            result.Weight = readWeight(index);
            result.Loss = double.NaN;
            if (readProbability is not null)
            {
                result.Probability = readProbability(index);
                result.Loss = FairnessAuditor.LogLoss(result.Label > 0 ? result.Probability : 1 - result.Probability);
            }

            result.Score = readScore is not null ? readScore(index) : result.Probability;
            result.Prediction = readPrediction is not null ? readPrediction(index) : result.Score > 0 ? 1 : 0;
        };
    }
}
