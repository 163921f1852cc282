using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Groups;
using Microsoft.ML;

namespace HumanCompatible.ML;

/// <summary>Fairness audits of scored data, whatever model scored it.</summary>
public sealed class AuditCatalog
{
    internal AuditCatalog()
    {
    }

    /// <summary>Audits the hard predictions of a binary classifier by group, in one pass over the data.</summary>
    /// <param name="data">Scored data with a label, predictions and the group columns.</param>
    /// <param name="groupColumnNames">The columns that divide the rows: text, key, Boolean or integer-valued numbers. Of several, each is
    /// audited by itself and all together.</param>
    /// <param name="labelColumnName">The label: Boolean, Single or Double holding 0 and 1, or a key with 2 values.</param>
    /// <param name="scoreColumnName">The scores, Single, whose sign is the prediction where the data have no column of predictions.</param>
    /// <param name="predictedLabelColumnName">The predictions, of the types a label may have.</param>
    /// <param name="probabilityColumnName">The probabilities, Single, for the mean log loss; null leaves the loss out, as does the default
    /// where the data have no such column.</param>
    /// <param name="exampleWeightColumnName">The weights of the rows, Single and not negative; null weighs all rows alike.</param>
    /// <param name="confidence">The confidence of the intervals, between 0 and 1.</param>
    /// <param name="missingValues">What is done with rows whose value is missing in a group column: by default their statistics are listed,
    /// but left out of differences and ratios, as training leaves them out of its constraints.</param>
    /// <returns>The audit.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> or <paramref name="groupColumnNames"/> is null.</exception>
    /// <exception cref="ArgumentException">No group column is named, or one is named twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type its role does not take, or the confidence is out of
    /// range, or there is no such policy.</exception>
    /// <exception cref="InvalidOperationException">There is no row, or a value cannot be used, or is missing and must not be; the message
    /// names the row and the column.</exception>
    public FairnessAudit BinaryClassification(
        IDataView data,
        IReadOnlyList<string> groupColumnNames,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel",
        string? probabilityColumnName = "Probability",
        string? exampleWeightColumnName = null,
        double confidence = BinaryFairnessAuditor.DefaultConfidence,
        GroupPolicy missingValues = GroupPolicy.Exclude)
        => BinaryPredictionReader.BinaryClassification(data, groupColumnNames, labelColumnName, scoreColumnName, predictedLabelColumnName,
            probabilityColumnName, exampleWeightColumnName, confidence, missingValues);
}
