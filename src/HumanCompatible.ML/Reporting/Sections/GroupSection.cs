using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting.Sections;

/// <summary>Every group's statistics with their intervals.</summary>
internal static class GroupSection
{
    /// <summary>The most groups of a chart.</summary>
    private const int MostBars = 12;

    private static readonly GroupMetric[] Shown =
    [
        GroupMetric.SelectionRate, GroupMetric.TruePositiveRate, GroupMetric.FalsePositiveRate, GroupMetric.PositivePredictiveValue,
        GroupMetric.FalseOmissionRate, GroupMetric.Accuracy, GroupMetric.MeanLoss,
    ];

    internal static Html Of(ReportContent content) => Html.Of($"""
        {Columns(content.Audit.GroupColumnNames.Count)}
        <p>Each bar is a group; the thin line across its end is the interval within which chance leaves the value open (with
        {Numbers.Percent(content.Audit.Confidence, "0.##")} confidence). The dashed line is the value of all rows.</p>
        {content.Groupings.Select(Of)}
        """);

    private static Html Of(GroupAudit audit)
    {
        var name = string.Join(" and ", audit.ColumnNames);
        var metrics = Shown.Where(metric => audit.Groups.Any(group => !double.IsNaN(group[metric]))).ToList();
        var hidden = audit.Groups.Count - MostBars;
        List<GroupStatistics> all = [.. audit.Groups, .. audit.ExcludedGroups, audit.AllRows];
        var table = new DataTable($"All statistics by {name}",
            ["Group", "Rows", .. metrics.Select(PlainWords.Title)],
            [.. all.Select(group => (string[])[group.Name, Numbers.Count(group.RowCount),
                .. metrics.Select(metric => Numbers.Of(metric, group[metric], group.Interval(metric)))]),
                .. Summary("Largest difference", "", metrics.Select(metric => metric.IsRate
                    ? Points(audit.Difference(metric)) : Numbers.Plain(audit.Difference(metric)))),
                .. Summary("Smallest divided by largest", "", metrics.Select(metric => Numbers.Percent(audit.Ratio(metric))))]);
        return Html.Of($"""
            <h3>By {name}</h3>
            {(hidden > 0 ? Html.Of($"<p>The charts show the {MostBars} largest of {audit.Groups.Count} groups.</p>") : Html.Empty)}
            <div class="charts">{metrics.Select(metric => Chart(audit, metric, name))}</div>
            {(audit.Groups.Count + audit.ExcludedGroups.Count > 6 ? table.AsDetails() : table.AsBlock())}
            """);
    }

    private static Html Chart(GroupAudit audit, GroupMetric metric, string name)
    {
        // The largest groups, in the order of their names.
        var groups = audit.Groups.OrderByDescending(group => group.RowCount).Take(MostBars).ToHashSet();
        Bar[] bars = [.. audit.Groups.Where(groups.Contains).Select(group
            => new Bar(group.Name, group[metric], Numbers.Of(metric, group[metric]), group.Interval(metric)))];
        var alternative = $"{PlainWords.Title(metric)} by {name}: "
            + string.Join("; ", bars.Select(bar => $"{Figure.Short(bar.Name, 60)} {(double.IsNaN(bar.Value) ? "not defined" : bar.Text)}"))
            + $"; all rows {Numbers.Of(metric, audit.AllRows[metric])}.";
        var difference = audit.Difference(metric);
        var note = Sentence(PlainWords.Share(metric)) + (double.IsNaN(difference) ? ""
            : $" Largest difference: {(metric.IsRate ? Points(difference) : Numbers.Plain(difference))}.");
        var drawing = BarChart.Draw(alternative, bars, metric.IsRate ? 1 : null,
            value => metric.IsRate ? Numbers.Percent(value, "0") : Numbers.Plain(value, "0.##"), audit.AllRows[metric]);
        return Figure.Of(PlainWords.Title(metric), note, drawing, null);
    }

    private static Html Columns(int count) => count <= ReportContent.MostColumns ? Html.Empty
        : Html.Of($"<p>Shown are the first {ReportContent.MostColumns} of {count} columns, and all of them together.</p>");

    private static IEnumerable<string[]> Summary(string name, string rows, IEnumerable<string> cells) => [[name, rows, .. cells]];

    private static string Points(double difference)
        => double.IsNaN(difference) ? Numbers.Undefined : Numbers.Plain(difference * 100, "0.0#") + " points";

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..] + ".";
}
