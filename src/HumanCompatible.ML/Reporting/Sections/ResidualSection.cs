using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting.Sections;

/// <summary>How the residuals of a regression are spread.</summary>
internal static class ResidualSection
{
    internal static Html Of(ReportContent content) => content.Task != LearningTask.Regression ? Html.Empty : Html.Of($"""
        <p>What is true less what is predicted: above 0 (the dashed line) the prediction is too low, below it too high. Half of the people
        of a group are in its box, the bright line in it divides them in two halves, and nine of ten lie between the ends of the thin
        line.</p>
        <div class="charts">{content.Groupings.Select(Chart)}</div>
        """);

    private static Html Chart(GroupAudit audit)
    {
        var name = string.Join(" and ", audit.ColumnNames);
        Box[] boxes = [.. GroupSection.Largest(audit).Select(group => new Box(group.Name, group.ResidualQuantile(0.05),
            group.ResidualQuantile(0.25), group.ResidualQuantile(0.5), group.ResidualQuantile(0.75), group.ResidualQuantile(0.95)))];
        var table = new DataTable($"Residuals by {name}", ["Group", "5% are below", "25%", "Half", "75%", "95%"],
            [.. boxes.Select(box => (string[])[box.Name, Numbers.Amount(box.Low), Numbers.Amount(box.Quarter),
                Numbers.Amount(box.Middle), Numbers.Amount(box.ThreeQuarters), Numbers.Amount(box.High)])]);
        var alternative = $"Residuals by {name}, the middle and where half of them lie: " + string.Join("; ", boxes.Select(box
            => $"{Figure.Short(box.Name, 60)} {Numbers.Amount(box.Middle)} ({Numbers.Amount(box.Quarter)} to "
                + $"{Numbers.Amount(box.ThreeQuarters)})")) + ".";
        var hidden = audit.Groups.Count - boxes.Length;
        return Figure.Of($"By {name}", hidden > 0 ? $"The {boxes.Length} largest of {audit.Groups.Count} groups." : "",
            BoxChart.Draw(alternative, boxes, Numbers.AmountTick), table);
    }
}
