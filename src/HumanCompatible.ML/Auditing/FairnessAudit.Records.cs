using System.Text.Json;
using HumanCompatible.ML.Metrics;
using Microsoft.ML;

namespace HumanCompatible.ML.Auditing;

/// <content>The audit as records, data, JSON and Markdown.</content>
public sealed partial class FairnessAudit
{
    /// <summary>
    /// Every statistic with its interval: of all rows, of the groups of each column, and, with several columns, of their intersection.
    /// </summary>
    /// <returns>The records.</returns>
    public IReadOnlyList<AuditRecord> ToRecords()
        => [.. GroupAudit.Records("", Overall, Intersection.Statistics(), isLeftOut: false), .. Audits.SelectMany(one => one.ToRecords())];

    /// <summary>The records as data.</summary>
    /// <param name="mlContext">The context that makes the data.</param>
    /// <returns>A row for each of <see cref="ToRecords"/>, with a column for each property.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="mlContext"/> is null.</exception>
    public IDataView ToDataView(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return mlContext.Data.LoadFromEnumerable(ToRecords());
    }

    /// <summary>
    /// The records as JSON: the task, the confidence, the columns, the classes, the warnings and the records, those of each stratum by its
    /// name. What is not a number is "NaN".
    /// </summary>
    /// <returns>The text.</returns>
    public string ToJson() => JsonSerializer.Serialize(Document(), JsonDialect.Options);

    /// <summary>A table in Markdown for each column and, with several, for their intersection; with control columns in each stratum,
    /// too; then the warnings.</summary>
    /// <returns>The text.</returns>
    public string ToMarkdown() => string.Join(Environment.NewLine + Environment.NewLine,
        [.. Audits.Select(one => one.ToMarkdown()),
        .. Strata.SelectMany(stratum => new[] { $"### {GroupAudit.Escape(stratum.Name)}", stratum.Audit.ToMarkdown() }),
        .. Warnings.Select(warning => $"Warning: {GroupAudit.Escape(warning)}")]);

    private IEnumerable<GroupAudit> Audits => [.. GroupColumnNames.Select(name => Of(name)),
        .. GroupColumnNames.Count > 1 ? [Intersection] : Array.Empty<GroupAudit>()];

    private AuditDocument Document() => new(Labels.Task, Confidence, GroupColumnNames, ClassNames, Overall.RowCount, Warnings, ToRecords(),
        Strata.Count == 0 ? null : Strata.ToDictionary(stratum => stratum.Name, stratum => stratum.Audit.Document()));

    private sealed record AuditDocument(LearningTask Task, double Confidence, IReadOnlyList<string> GroupColumns,
        IReadOnlyList<string> Classes, int Rows, IReadOnlyList<string> Warnings, IReadOnlyList<AuditRecord> Records,
        IReadOnlyDictionary<string, AuditDocument>? Strata);
}
