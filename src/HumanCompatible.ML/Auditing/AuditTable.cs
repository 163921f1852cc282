using System.Globalization;
using System.Text;
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

    internal static string Format(GroupAudit audit, GroupStatistics overall)
    {
        var lines = new List<string[]> { new[] { string.Join(" x ", audit.ColumnNames), "Rows",
            "Base rate" }.Concat(Columns.Select(c => c.Title)).ToArray() };
        lines.AddRange(audit.Groups.Append(overall)
            .Select(g => new[] { g.Name, g.RowCount.ToString("N0", CultureInfo.InvariantCulture),
            Number(g.BaseRate) }.Concat(Columns.Select(c => Number(g[c.Metric]))).ToArray()));
        lines.Add(["max - min", "", "", .. Columns.Select(c => Number(audit.Difference(c.Metric)))]);
        lines.Add(["min / max", "", "", .. Columns.Select(c => Number(audit.Ratio(c.Metric)))]);

        int[] widths = [.. Enumerable.Range(0, lines[0].Length).Select(i => lines.Max(line => line[i].Length))];
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.AppendLine(string.Join("  ", line.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))
                .TrimEnd());
        }

        return text.ToString().TrimEnd();
    }

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("F4", CultureInfo.InvariantCulture);
}
