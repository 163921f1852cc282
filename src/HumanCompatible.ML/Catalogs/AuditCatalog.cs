using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Groups;
using Microsoft.ML;

namespace HumanCompatible.ML;

/// <summary>
/// Fairness audits of scored data, whatever model scored it, in one pass and in memory that does not grow with the rows.
/// </summary>
public sealed class AuditCatalog
{
    internal AuditCatalog()
    {
    }

    /// <summary>Audits the predictions of a binary classifier by group.</summary>
    /// <param name="data">Scored data with a label, predictions and the group columns.</param>
    /// <param name="groupColumnNames">The columns that divide the rows: text, key, Boolean or integer-valued numbers. Of several, each is
    /// audited by itself and all together.</param>
    /// <param name="labelColumnName">The label: Boolean, Single or Double holding 0 and 1, or a key with 2 values.</param>
    /// <param name="scoreColumnName">The scores, Single or Double, for the ROC curve. Their sign is the prediction where the data have no
    /// column of predictions. Where the data have no column of the default name, the probabilities are the scores.</param>
    /// <param name="predictedLabelColumnName">The predictions, of the types a label may have. The data may lack the default column.</param>
    /// <param name="probabilityColumnName">The probabilities, Single or Double, for log loss, Brier score and calibration; null leaves
    /// these out, as does the default where the data have no such column.</param>
    /// <param name="exampleWeightColumnName">The weights of the rows, Single or Double and not negative; null weighs all rows
    /// alike.</param>
    /// <param name="confidence">The confidence of the intervals, between 0 and 1.</param>
    /// <param name="missingValues">What is done with rows whose value is missing in a group column: by default their statistics are listed,
    /// but left out of differences and ratios, as training leaves them out of its constraints.</param>
    /// <param name="controlColumnNames">Columns, of the types of group columns, within whose values groups are compared, too:
    /// <see cref="FairnessAudit.Strata"/>.</param>
    /// <param name="groupBins">For group and control columns of numbers the edges that divide them into bins; an edge belongs to the bin
    /// above it.</param>
    /// <returns>The audit.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> or <paramref name="groupColumnNames"/> is null.</exception>
    /// <exception cref="ArgumentException">No group column is named, or a column is named twice, or the edges of bins do not
    /// ascend.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type its role does not take, or the confidence is out of
    /// range, or there is no such policy.</exception>
    /// <exception cref="InvalidOperationException">There is no row, or a value cannot be used, or is missing and must not be; the message
    /// names the row and the column.</exception>
    public FairnessAudit BinaryClassification(
        IDataView data,
        IReadOnlyList<string> groupColumnNames,
        string labelColumnName = "Label",
        string scoreColumnName = AuditRequest.DefaultScore,
        string predictedLabelColumnName = AuditRequest.DefaultPrediction,
        string? probabilityColumnName = AuditRequest.DefaultProbability,
        string? exampleWeightColumnName = null,
        double confidence = FairnessAuditor.DefaultConfidence,
        GroupPolicy missingValues = GroupPolicy.Exclude,
        IReadOnlyList<string>? controlColumnNames = null,
        IReadOnlyDictionary<string, IReadOnlyList<double>>? groupBins = null)
        => ScoredData.Audit(Request(data, groupColumnNames, labelColumnName, scoreColumnName, exampleWeightColumnName,
            confidence, missingValues, controlColumnNames, groupBins) with
        {
            PredictedLabelColumnName = predictedLabelColumnName,
            ProbabilityColumnName = probabilityColumnName,
        }, BinaryPredictionReader.Find);

    /// <summary>Audits the predictions of a classifier of several classes by group.</summary>
    /// <param name="data">Scored data with a label, predictions and the group columns.</param>
    /// <param name="groupColumnNames">The columns that divide the rows: text, key, Boolean or integer-valued numbers. Of several, each is
    /// audited by itself and all together.</param>
    /// <param name="labelColumnName">The label: a key, whose values name the classes.</param>
    /// <param name="scoreColumnName">The score of each class, a vector of Single. Scores from 0 to 1 that add up to 1 are probabilities,
    /// for log loss, Brier score and calibration. The data may lack the default column where they have predictions.</param>
    /// <param name="predictedLabelColumnName">The predictions, a key. Where the data have no column of the default name, the class with the
    /// largest score is predicted, the first of several.</param>
    /// <param name="exampleWeightColumnName">The weights of the rows, Single or Double and not negative; null weighs all rows
    /// alike.</param>
    /// <param name="confidence">The confidence of the intervals, between 0 and 1.</param>
    /// <param name="missingValues">What is done with rows whose value is missing in a group column.</param>
    /// <param name="controlColumnNames">Columns within whose values groups are compared, too: <see cref="FairnessAudit.Strata"/>.</param>
    /// <param name="groupBins">For group and control columns of numbers the edges that divide them into bins.</param>
    /// <returns>The audit.</returns>
    /// <inheritdoc cref="BinaryClassification" path="/exception"/>
    public FairnessAudit MulticlassClassification(
        IDataView data,
        IReadOnlyList<string> groupColumnNames,
        string labelColumnName = "Label",
        string scoreColumnName = AuditRequest.DefaultScore,
        string predictedLabelColumnName = AuditRequest.DefaultPrediction,
        string? exampleWeightColumnName = null,
        double confidence = FairnessAuditor.DefaultConfidence,
        GroupPolicy missingValues = GroupPolicy.Exclude,
        IReadOnlyList<string>? controlColumnNames = null,
        IReadOnlyDictionary<string, IReadOnlyList<double>>? groupBins = null)
        => ScoredData.Audit(Request(data, groupColumnNames, labelColumnName, scoreColumnName, exampleWeightColumnName,
            confidence, missingValues, controlColumnNames, groupBins) with
        {
            PredictedLabelColumnName = predictedLabelColumnName,
        }, MulticlassPredictionReader.Find);

    /// <summary>Audits the predictions of a regression by group.</summary>
    /// <param name="data">Scored data with a label, predictions and the group columns.</param>
    /// <param name="groupColumnNames">The columns that divide the rows: text, key, Boolean or integer-valued numbers. Of several, each is
    /// audited by itself and all together.</param>
    /// <param name="labelColumnName">The label, Single or Double.</param>
    /// <param name="scoreColumnName">The predictions, Single or Double.</param>
    /// <param name="exampleWeightColumnName">The weights of the rows, Single or Double and not negative; null weighs all rows
    /// alike.</param>
    /// <param name="confidence">The confidence of the intervals, between 0 and 1.</param>
    /// <param name="missingValues">What is done with rows whose value is missing in a group column.</param>
    /// <param name="controlColumnNames">Columns within whose values groups are compared, too: <see cref="FairnessAudit.Strata"/>.</param>
    /// <param name="groupBins">For group and control columns of numbers the edges that divide them into bins.</param>
    /// <returns>The audit.</returns>
    /// <inheritdoc cref="BinaryClassification" path="/exception"/>
    public FairnessAudit Regression(
        IDataView data,
        IReadOnlyList<string> groupColumnNames,
        string labelColumnName = "Label",
        string scoreColumnName = AuditRequest.DefaultScore,
        string? exampleWeightColumnName = null,
        double confidence = FairnessAuditor.DefaultConfidence,
        GroupPolicy missingValues = GroupPolicy.Exclude,
        IReadOnlyList<string>? controlColumnNames = null,
        IReadOnlyDictionary<string, IReadOnlyList<double>>? groupBins = null)
        => ScoredData.Audit(Request(data, groupColumnNames, labelColumnName, scoreColumnName, exampleWeightColumnName,
            confidence, missingValues, controlColumnNames, groupBins), RegressionPredictionReader.Find);

    /// <summary>Compares the audits of two models, with an interval of the difference of each summary.</summary>
    /// <param name="first">The audit of the first model.</param>
    /// <param name="second">The audit of the second model, of the same task.</param>
    /// <param name="summaries">What is compared, by name; called by several threads at once. By default every statistic of all rows that is
    /// defined, and its difference between the groups of each column.</param>
    /// <param name="options">How the bootstrap is done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The comparison, second - first.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="first"/> or <paramref name="second"/> is null.</exception>
    /// <exception cref="ArgumentException">The audits are of different tasks.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">An audit is that of a stratum, or data changed since they were audited.</exception>
    public AuditComparison Compare(FairnessAudit first, FairnessAudit second,
        IReadOnlyDictionary<string, Func<FairnessAudit, double>>? summaries = null, BootstrapOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return AuditComparison.Of(first, second, summaries, options ?? new BootstrapOptions(), cancellationToken);
    }

    // What all tasks ask for.
    private static AuditRequest Request(IDataView data, IReadOnlyList<string> groupColumnNames, string labelColumnName,
        string scoreColumnName, string? exampleWeightColumnName, double confidence, GroupPolicy missingValues,
        IReadOnlyList<string>? controlColumnNames, IReadOnlyDictionary<string, IReadOnlyList<double>>? groupBins)
        => new(data, groupColumnNames)
        {
            LabelColumnName = labelColumnName,
            ScoreColumnName = scoreColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            Confidence = confidence,
            MissingValues = missingValues,
            ControlColumnNames = controlColumnNames ?? [],
            GroupBins = groupBins,
        };
}
