using System.Globalization;
using System.Text;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>An audit as text, in columns.</summary>
internal static class AuditTable
{
    /// <summary>The most groups that a note lists.</summary>
    private const int Listed = 20;

    private const string LeftOut = " [left out]";

    internal static string Format(GroupAudit audit)
    {
        var text = new StringBuilder();
        Append(text, audit, [Shown(string.Join(" x ", audit.ColumnNames)), "Rows"], Columns(audit.Task.Task));
        foreach (var name in audit.Task.Labels.Classes)
        {
            text.AppendLine();
            Append(text, audit, [$"Class {ShownName.Of(name)}", "Rows"], [.. ClassColumns.Select(column => column.OfClass(name))]);
        }

        text.AppendLine(CultureInfo.InvariantCulture,
            $"Below each value: the ends of its two-sided {100 * audit.Confidence:0.##}% confidence interval.");
        if (audit.ExcludedGroups.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"max - min and min / max leave out {audit.ExcludedGroups.Sum(group => group.RowCount):N0} row(s) without a value in "
                + $"{string.Join(" or ", audit.ColumnNames.Select(name => $"'{ShownName.Of(name)}'"))}.");
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

    // Of each group a line of values, and one of their intervals.
    private static void Append(StringBuilder text, GroupAudit audit, string[] head, AuditStatistic[] columns)
    {
        List<string[]> lines = [[.. head, .. columns.Select(c => c.Title)]];
        void Add(string name, string rows, Func<AuditStatistic, string> value, Func<AuditStatistic, ConfidenceInterval> interval)
        {
            lines.Add([name, rows, .. columns.Select(value)]);
            string[] intervals = [.. columns.Select(c => Interval(interval(c)))];
            if (intervals.Any(one => one.Length > 0))
                lines.Add(["", "", .. intervals]);
        }

        void AddGroup(string name, GroupStatistics group) => Add(name, group.RowCount.ToString("N0", CultureInfo.InvariantCulture),
            c => Number(group[c]), group.Interval);
        void AddSummary(string name, Func<AuditStatistic, double> value, Func<AuditStatistic, ConfidenceInterval> interval)
            => Add(name, "", c => c.IsOfLabels ? "" : Number(value(c)), c => c.IsOfLabels ? ConfidenceInterval.Undefined : interval(c));

        foreach (var group in audit.Groups)
            AddGroup(Shown(group.Name), group);
        foreach (var group in audit.ExcludedGroups)
            AddGroup($"{Shown(group.Name)}{LeftOut}", group);
        AddGroup(audit.AllRows.Name, audit.AllRows);
        AddSummary(GroupAudit.Spread, audit.Difference, audit.DifferenceInterval);
        AddSummary(GroupAudit.Quotient, audit.Ratio, _ => ConfidenceInterval.Undefined);

        int[] widths = [.. Enumerable.Range(0, lines[0].Length).Select(i => lines.Max(line => line[i].Length))];
        foreach (var line in lines)
        {
            text.AppendLine(string.Join("  ", line.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))
                .TrimEnd());
        }
    }

    // What the differences and ratios leave out, and why. What the data do not tell of any group is no matter of groups.
    private static IEnumerable<string> Notes(GroupAudit audit, AuditStatistic[] columns)
        => columns.Where(c => !c.IsOfLabels && (c.IsRate || !double.IsNaN(audit.AllRows[c])))
            .Select(c => (Title: c.ClassName is null ? c.Title : $"{c.Title} of {ShownName.Of(c.ClassName)}",
                Undefined: audit.UndefinedGroups(c).Select(name => $"'{ShownName.Of(name)}' ({audit[name].UndefinedReason(c)})").ToList()))
            .Where(c => c.Undefined.Count > 0)
            .GroupBy(c => string.Join(", ", c.Undefined.Take(Listed)))
            .Select(same => $"{string.Join(", ", same.Select(c => c.Title))}: not defined in {same.Key}"
                + (same.First().Undefined.Count > Listed ? $" and {same.First().Undefined.Count - Listed} more" : "")
                + (audit.Groups.Count - same.First().Undefined.Count < 2 ? "; there is nothing to compare." : "; left out."));

    /// <summary>The name of a group, in quotes where it could be taken for a line of ours.</summary>
    internal static string Shown(string name)
    {
        var shown = ShownName.Of(name);
        return shown is GroupPartition.AllRows or GroupAudit.Spread or GroupAudit.Quotient
            || shown.EndsWith(LeftOut, StringComparison.Ordinal) ? $"'{shown}'" : shown;
    }

    private static string Interval(ConfidenceInterval interval)
        => double.IsNaN(interval.Lower) ? "" : $"{End(interval.Lower)}/{End(interval.Upper)}";

    // Three decimals of what is below 10, without the 0 before the point, and fewer of larger numbers.
    private static string End(double value)
    {
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        var text = value.ToString(Math.Abs(value) < 10 ? "F3" : Math.Abs(value) < 1000 ? "F1" : "F0", CultureInfo.InvariantCulture);
        return text.StartsWith("0.", StringComparison.Ordinal) ? text[1..]
            : text.StartsWith("-0.", StringComparison.Ordinal) ? "-" + text[2..] : text;
    }

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("F4", CultureInfo.InvariantCulture);
}
