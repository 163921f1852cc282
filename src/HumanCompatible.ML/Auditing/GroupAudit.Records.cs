using System.Globalization;
using System.Text;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <content>The audit as records and as Markdown.</content>
public sealed partial class GroupAudit
{
    internal const string Spread = "max - min";
    internal const string Quotient = "min / max";

    /// <summary>Every statistic of every group, with its interval, and its summaries over groups.</summary>
    /// <returns>The records, one group after the other, then the summaries.</returns>
    public IReadOnlyList<AuditRecord> ToRecords()
    {
        var columns = string.Join(" x ", ColumnNames);
        AuditStatistic[] statistics = [.. Statistics()];
        return
        [
            .. Groups.SelectMany(group => Records(columns, group, statistics, isLeftOut: false)),
            .. ExcludedGroups.SelectMany(group => Records(columns, group, statistics, isLeftOut: true)),
            .. statistics.Select(one => Summary(columns, Spread, one, Difference(one), DifferenceInterval(one))),
            .. statistics.Select(one => Summary(columns, Quotient, one, Ratio(one), ConfidenceInterval.Undefined)),
        ];
    }

    /// <summary>The groups as a table in Markdown, with intervals.</summary>
    /// <returns>The text.</returns>
    public string ToMarkdown()
    {
        AuditStatistic[] statistics = [.. Statistics().Where(one => !double.IsNaN(AllRows[one]))];
        var text = new StringBuilder();
        void Line(IEnumerable<string> cells) => text.AppendLine($"| {string.Join(" | ", cells)} |");
        Line([Escape(string.Join(" x ", ColumnNames)), .. Groups.Select(group => Escape(AuditTable.Shown(group.Name))),
            .. ExcludedGroups.Select(group => Escape(AuditTable.Shown(group.Name)) + " (left out)"), Escape(AllRows.Name), Spread,
            Quotient]);
        Line(["---", .. Enumerable.Repeat("---:", Groups.Count + ExcludedGroups.Count + 3)]);
        GroupStatistics[] all = [.. Groups, .. ExcludedGroups, AllRows];
        Line(["Rows", .. all.Select(group => group.RowCount.ToString("N0", CultureInfo.InvariantCulture)), "", ""]);
        foreach (var one in statistics)
        {
            Line([Escape(one.ToString()), .. all.Select(group => Cell(group[one], group.Interval(one))),
                Cell(Difference(one), DifferenceInterval(one)), Cell(Ratio(one), ConfidenceInterval.Undefined)]);
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>The records of a group.</summary>
    internal static IEnumerable<AuditRecord> Records(string columns, GroupStatistics group, IEnumerable<AuditStatistic> statistics,
        bool isLeftOut) => statistics.Select(one =>
        {
            var interval = group.Interval(one);
            return new AuditRecord(columns, group.Name, one, group[one])
            {
                Lower = interval.Lower,
                Upper = interval.Upper,
                Rows = group.RowCount,
                UndefinedReason = group.UndefinedReason(one) ?? "",
                IsLeftOut = isLeftOut,
            };
        });

    /// <summary>The statistics of the task; in multiclass classification those of all classes together, then of each.</summary>
    internal IEnumerable<AuditStatistic> Statistics()
    {
        var statistics = AuditStatistic.Of(Task.Task);
        return Task.Task != LearningTask.MulticlassClassification ? statistics
            : statistics.Where(one => one.IsOfAllClasses || one.HasMacro).Concat(Task.Labels.Classes.SelectMany(name
                => statistics.Where(one => !one.IsOfAllClasses).Select(one => one.OfClass(name))));
    }

    private static string Cell(double value, ConfidenceInterval interval)
    {
        static string Number(double number) => number.ToString("F4", CultureInfo.InvariantCulture);
        return double.IsNaN(value) ? "-" : double.IsNaN(interval.Lower) ? Number(value)
            : $"{Number(value)} [{Number(interval.Lower)}, {Number(interval.Upper)}]";
    }

    /// <summary>A name without what would end a cell, or would be read as markup.</summary>
    internal static string Escape(string name)
    {
        var text = new StringBuilder();
        foreach (var character in ShownName.Safe(name))
        {
            if ("\\`*_{}[]<>()#|~&".Contains(character, StringComparison.Ordinal))
                text.Append('\\').Append(character);
            else
                text.Append(character);
        }

        return text.ToString();
    }

    private AuditRecord Summary(string columns, string name, AuditStatistic statistic, double value, ConfidenceInterval interval)
        => new(columns, name, statistic, value)
        {
            Lower = interval.Lower,
            Upper = interval.Upper,
            UndefinedReason = double.IsNaN(value) ? "fewer than two groups define it" : "",
        };
}
