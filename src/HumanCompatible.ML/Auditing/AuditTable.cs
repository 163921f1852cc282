using System.Globalization;
using System.Text;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>An audit as text, in columns.</summary>
internal static class AuditTable
{
    private static readonly (string Title, GroupMetric Metric)[] Columns =
    [
        ("Selection", GroupMetric.SelectionRate),
        ("TPR", GroupMetric.TruePositiveRate),
        ("FPR", GroupMetric.FalsePositiveRate),
        ("PPV", GroupMetric.PositivePredictiveValue),
        ("FOR", GroupMetric.FalseOmissionRate),
        ("Accuracy", GroupMetric.Accuracy),
        ("Log loss", GroupMetric.MeanLoss),
    ];

    /// <summary>The most groups that a note lists.</summary>
    private const int Listed = 20;

    internal static string Format(GroupAudit audit)
    {
        List<string[]> lines = [[string.Join(" x ", audit.ColumnNames), "Rows", "Base rate", .. Columns.Select(c => c.Title)]];
        lines.AddRange(audit.Groups.Select(group => Line(group.Name, group)));
        lines.AddRange(audit.ExcludedGroups.Select(group => Line($"{group.Name} [left out]", group)));
        lines.Add(Line(audit.AllRows.Name, audit.AllRows));
        lines.Add(["max - min", "", "", .. Columns.Select(c => Number(audit.Difference(c.Metric)))]);
        lines.Add(["min / max", "", "", .. Columns.Select(c => Number(audit.Ratio(c.Metric)))]);

        int[] widths = [.. Enumerable.Range(0, lines[0].Length).Select(i => lines.Max(line => line[i].Length))];
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.AppendLine(string.Join("  ", line.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))
                .TrimEnd());
        }

        foreach (var note in Notes(audit))
            text.AppendLine(note);
        return text.ToString().TrimEnd();
    }

    // What the differences and ratios leave out, and why.
    private static IEnumerable<string> Notes(GroupAudit audit)
    {
        if (audit.ExcludedGroups.Count > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"max - min and min / max leave out {audit.ExcludedGroups.Sum(group => group.RowCount):N0} row(s) without a value in "
                + $"{string.Join(" or ", audit.ColumnNames.Select(name => $"'{name}'"))}; missingValues: GroupPolicy.Include compares "
                + $"them.");
        }

        // Without probabilities no group has a loss, which is no matter of groups.
        foreach (var columns in Columns.Where(c => c.Metric.IsRate || !double.IsNaN(audit.AllRows[c.Metric]))
            .GroupBy(c => c.Metric.Denominator))
        {
            var undefined = audit.UndefinedGroups(columns.First().Metric);
            if (undefined.Count == 0)
                continue;
            var names = undefined.Take(Listed).Select(name
                => $"'{name}' ({UndefinedRate.Reason(new(columns.Key), audit[name].RowsOf(columns.Key))})");
            yield return $"{string.Join(", ", columns.Select(c => c.Title))}: not defined in {string.Join(", ", names)}"
                + (undefined.Count > Listed ? $" and {undefined.Count - Listed} more" : "")
                + (audit.Groups.Count - undefined.Count < 2 ? "; there is nothing to compare." : "; left out.");
        }
    }

    private static string[] Line(string name, GroupStatistics group)
        => [name, group.RowCount.ToString("N0", CultureInfo.InvariantCulture), Number(group.BaseRate),
            .. Columns.Select(c => Number(group[c.Metric]))];

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("F4", CultureInfo.InvariantCulture);
}
