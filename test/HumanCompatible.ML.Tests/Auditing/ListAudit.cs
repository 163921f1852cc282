using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Auditing;

/// <summary>An audit of binary classification of rows that stand in lists.</summary>
internal static class ListAudit
{
    internal static FairnessAudit Of(IReadOnlyList<bool> predictions, IReadOnlyList<bool> labels, IReadOnlyList<GroupColumn> columns,
        IReadOnlyList<float>? probabilities = null, IReadOnlyList<float>? weights = null, double confidence = 0.95)
    {
        var task = new AuditTask(TaskLabels.Binary, probabilities is not null, probabilities is not null, weights is not null);
        var auditor = new FairnessAuditor(task, columns.Count);
        for (var row = 0; row < labels.Count; row++)
        {
            var probability = probabilities?[row] ?? 0;
            auditor.Add([.. columns.Select(column => column.CodeOfRow[row])], new AuditRow
            {
                Label = labels[row] ? 1 : 0,
                Prediction = predictions[row] ? 1 : 0,
                Weight = weights?[row] ?? 1,
                Loss = probabilities is null ? double.NaN : FairnessAuditor.LogLoss(labels[row] ? probability : 1 - (double)probability),
                Score = probability,
                Probability = probability,
            });
        }

        return auditor.Finish([.. columns.Select((column, index) => column with { CodeOfRow = auditor.CodesOf(index) })],
            new AuditSettings(confidence));
    }
}
