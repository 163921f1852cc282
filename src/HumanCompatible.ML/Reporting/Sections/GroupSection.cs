using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting.Sections;

/// <summary>Every group's statistics with their intervals.</summary>
internal static class GroupSection
{
    /// <summary>The most groups of a chart.</summary>
    private const int MostBars = 12;

    // Verdicts that do not speak of a group.
    private const int MostNamed = 4;

    // Rows of a table that stands open.
    private const int FewRows = 6;

    internal static Html Of(ReportContent content) => Html.Of($"""
        {Columns(content.Audit.GroupColumnNames.Count)}
        <p>Each bar is a group; the thin line across its end is the interval within which chance leaves the value open (two-sided,
        with {Numbers.Percent(content.Audit.Confidence, "0.##")} confidence). The dashed line is the value of all rows.</p>
        {content.Groupings.Select(audit => Of(audit, content))}
        """);

    /// <summary>The groups of a chart: the largest, in the order of their names.</summary>
    internal static IEnumerable<GroupStatistics> Largest(GroupAudit audit, int most = MostBars)
    {
        var largest = audit.Groups.OrderByDescending(group => group.RowCount).Take(most).ToHashSet();
        return audit.Groups.Where(largest.Contains);
    }

    /// <summary>That not all groups are in the charts; nothing where they are.</summary>
    internal static Html Hidden(GroupAudit audit, int most = MostBars) => audit.Groups.Count <= most ? Html.Empty
        : Html.Of($"<p>The charts show the {most} largest of {audit.Groups.Count} groups.</p>");

    private static AuditStatistic[] Shown(LearningTask task) => task switch
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
            AuditStatistic.SelectionRate, AuditStatistic.TruePositiveRate, AuditStatistic.FalsePositiveRate,
            AuditStatistic.PositivePredictiveValue, AuditStatistic.FalseOmissionRate, AuditStatistic.Accuracy, AuditStatistic.MeanLoss,
        ],
    };

    private static Html Of(GroupAudit audit, ReportContent content)
    {
        var name = string.Join(" and ", audit.ColumnNames);
        var hidden = content.Audit.ClassNames.Count - content.LargestClasses.Count;
        return Html.Of($"""
            <h3>By {name}</h3>
            {Hidden(audit)}
            {Charts(audit, content, Shown(content.Task), $"All statistics by {name}")}
            {content.LargestClasses.Select(one => Html.Of($"""
                <h4>{Figure.Short(one, Figure.LongestName)}</h4>
                {Charts(audit, content, [.. OfClass.Select(statistic => statistic.OfClass(one))], $"Class {one} by {name}")}
                """))}
            {(hidden <= 0 ? Html.Empty
                : Html.Of($"<p>Shown are the {content.LargestClasses.Count} largest classes of {content.Audit.ClassNames.Count}.</p>"))}
            """);
    }

    private static AuditStatistic[] OfClass =>
        [AuditStatistic.SelectionRate, AuditStatistic.TruePositiveRate, AuditStatistic.PositivePredictiveValue];

    private static Html Charts(GroupAudit audit, ReportContent content, AuditStatistic[] statistics, string title)
    {
        statistics = [.. statistics.Where(statistic => audit.Groups.Any(group => !double.IsNaN(group[statistic])))];
        List<GroupStatistics> all = [.. audit.Groups, .. audit.ExcludedGroups, audit.AllRows];
        var hasRatios = content.Task != LearningTask.Regression;
        List<JudgedConstraint> judged = [.. content.Judged.Where(one => one.Constraint.GroupColumnNames.SequenceEqual(audit.ColumnNames))];
        string[] Verdict(string cell) => judged.Count == 0 ? [] : [cell];
        var table = new DataTable(title, ["Group", "Rows", .. Verdict("In the verdict"), .. statistics.Select(content.Words.Title)],
            [.. all.Select(group => (string[])[group.Name, Numbers.Count(group.RowCount),
                .. Verdict(group == audit.AllRows ? "" : InVerdicts(judged, group.Name)),
                .. statistics.Select(statistic => Numbers.Of(statistic, group[statistic], group.Interval(statistic)))]),
                ["Largest difference (all groups)", "", .. Verdict(""),
                    .. statistics.Select(one => Numbers.Difference(one, audit.Difference(one)))],
                .. (string[][])(hasRatios ? [["Smallest divided by largest (all groups)", "", .. Verdict(""),
                    .. statistics.Select(statistic => Numbers.Percent(audit.Ratio(statistic)))]] : [])]);
        return Html.Of($"""
            <div class="charts">{statistics.Select(statistic => Chart(audit, statistic, content.Words))}</div>
            {(audit.Groups.Count + audit.ExcludedGroups.Count > FewRows ? table.AsDetails() : table.AsBlock())}
            """);
    }

    // Which verdicts speak of a group, and why the others do not.
    private static string InVerdicts(List<JudgedConstraint> judged, string group)
    {
        var without = judged.Select(one => (one.Constraint, Why: one.Verdict.WhyWithout(group))).Where(one => one.Why is not null).ToList();
        return without.Count == 0 ? "yes" : "no: " + (judged.Count == 1 ? without[0].Why
            : string.Join("; ", without.Take(MostNamed).Select(one => $"{PlainWords.Name(one.Constraint)}, {one.Why}"))
                + (without.Count > MostNamed ? $"; and {without.Count - MostNamed} more" : ""));
    }

    private static Html Chart(GroupAudit audit, AuditStatistic statistic, PlainWords words)
    {
        var title = words.Title(statistic);
        Bar[] bars = [.. Largest(audit).Select(group => new Bar(group.Name, group[statistic], Numbers.Of(statistic, group[statistic]),
            group.Interval(statistic)))];
        var alternative = $"{title}{(statistic.ClassName is { } one ? $" of class {Figure.Short(one, 60)}" : "")} by "
            + $"{string.Join(" and ", audit.ColumnNames)}: "
            + string.Join("; ", bars.Select(bar => $"{Figure.Short(bar.Name, 60)} {(double.IsNaN(bar.Value) ? "not defined" : bar.Text)}"))
            + $"; all rows {Numbers.Of(statistic, audit.AllRows[statistic])}.";
        var difference = audit.Difference(statistic);
        var note = PlainWords.Capital(words.Meaning(statistic)) + "." + (double.IsNaN(difference) ? ""
            : $" Largest difference: {Numbers.Difference(statistic, difference)}.");
        var drawing = BarChart.Draw(alternative, bars, statistic.IsRate ? 1 : null,
            value => statistic.IsRate ? Numbers.Percent(value, "0") : Numbers.AmountTick(value), audit.AllRows[statistic]);
        return Figure.Of(title, note, drawing, null);
    }

    private static Html Columns(int count) => count <= ReportContent.MostColumns ? Html.Empty
        : Html.Of($"<p>Shown are the first {ReportContent.MostColumns} of {count} columns, and all of them together.</p>");
}
