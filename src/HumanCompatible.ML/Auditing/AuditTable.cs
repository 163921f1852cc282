using System.Globalization;
using System.Text;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>An audit as text, in columns.</summary>
internal static class AuditTable
{
    /// <summary>The most groups that a note lists.</summary>
    private const int Listed = 20;

    internal static string Format(GroupAudit audit)
    {
        var text = new StringBuilder();
        Append(text, audit, [string.Join(" x ", audit.ColumnNames), "Rows"], Columns(audit.Task.Task));
        foreach (var name in audit.Task.Labels.Classes)
        {
            text.AppendLine();
            Append(text, audit, [$"Class {name}", "Rows"], [.. ClassColumns.Select(column => column.OfClass(name))]);
        }

        if (audit.ExcludedGroups.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"max - min and min / max leave out {audit.ExcludedGroups.Sum(group => group.RowCount):N0} row(s) without a value in "
                + $"{string.Join(" or ", audit.ColumnNames.Select(name => $"'{name}'"))}; missingValues: GroupPolicy.Include compares "
                + $"them.");
        }

        foreach (var note in Notes(audit, [.. Columns(audit.Task.Task),
            .. audit.Task.Labels.Classes.SelectMany(name => ClassColumns.Select(column => column.OfClass(name)))]))
        {
            text.AppendLine(note);
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>The statistics in the table of a task.</summary>
    private static AuditStatistic[] Columns(LearningTask task) => task switch
    {
        LearningTask.MulticlassClassification =>
            [AuditStatistic.Accuracy, AuditStatistic.BalancedAccuracy, AuditStatistic.F1Score, AuditStatistic.MeanLoss],
        LearningTask.Regression =>
        [
            AuditStatistic.MeanLabel, AuditStatistic.MeanPrediction, AuditStatistic.MeanResidual, AuditStatistic.MeanAbsoluteError,
            AuditStatistic.RootMeanSquaredError, AuditStatistic.RSquared,
        ],
        _ =>
        [
            AuditStatistic.BaseRate, AuditStatistic.SelectionRate, AuditStatistic.TruePositiveRate, AuditStatistic.FalsePositiveRate,
            AuditStatistic.PositivePredictiveValue, AuditStatistic.FalseOmissionRate, AuditStatistic.Accuracy, AuditStatistic.MeanLoss,
        ],
    };

    private static AuditStatistic[] ClassColumns =>
    [
        AuditStatistic.BaseRate, AuditStatistic.SelectionRate, AuditStatistic.TruePositiveRate, AuditStatistic.FalsePositiveRate,
        AuditStatistic.PositivePredictiveValue, AuditStatistic.F1Score,
    ];

    private static void Append(StringBuilder text, GroupAudit audit, string[] head, AuditStatistic[] columns)
    {
        string[] Line(string name, GroupStatistics group)
            => [name, group.RowCount.ToString("N0", CultureInfo.InvariantCulture), .. columns.Select(c => Number(group[c]))];
        string[] Summary(string name, Func<AuditStatistic, double> value)
            => [name, "", .. columns.Select(c => c == AuditStatistic.BaseRate ? "" : Number(value(c)))];

        List<string[]> lines = [[.. head, .. columns.Select(c => c.Title)]];
        lines.AddRange(audit.Groups.Select(group => Line(group.Name, group)));
        lines.AddRange(audit.ExcludedGroups.Select(group => Line($"{group.Name} [left out]", group)));
        lines.Add(Line(audit.AllRows.Name, audit.AllRows));
        lines.Add(Summary("max - min", audit.Difference));
        lines.Add(Summary("min / max", audit.Ratio));

        int[] widths = [.. Enumerable.Range(0, lines[0].Length).Select(i => lines.Max(line => line[i].Length))];
        foreach (var line in lines)
        {
            text.AppendLine(string.Join("  ", line.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))
                .TrimEnd());
        }
    }

    // What the differences and ratios leave out, and why. What the data do not tell of any group is no matter of groups.
    private static IEnumerable<string> Notes(GroupAudit audit, AuditStatistic[] columns)
        => columns.Where(c => c != AuditStatistic.BaseRate && (c.IsRate || !double.IsNaN(audit.AllRows[c])))
            .Select(c => (Title: c.ClassName is null ? c.Title : $"{c.Title} of {c.ClassName}", Undefined: audit.UndefinedGroups(c)
                .Select(name => $"'{name}' ({audit[name].UndefinedReason(c)})").ToList()))
            .Where(c => c.Undefined.Count > 0)
            .GroupBy(c => string.Join(", ", c.Undefined.Take(Listed)))
            .Select(same => $"{string.Join(", ", same.Select(c => c.Title))}: not defined in {same.Key}"
                + (same.First().Undefined.Count > Listed ? $" and {same.First().Undefined.Count - Listed} more" : "")
                + (audit.Groups.Count - same.First().Undefined.Count < 2 ? "; there is nothing to compare." : "; left out."));

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("F4", CultureInfo.InvariantCulture);
}
