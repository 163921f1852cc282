using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting.Sections;

/// <summary>Whether the probabilities of the groups come true.</summary>
internal static class CalibrationChart
{
    /// <param name="groups">The groups, a line each.</param>
    /// <param name="name">What they are groups of.</param>
    /// <param name="className">The class, in multiclass classification.</param>
    internal static Html Of(IReadOnlyList<GroupStatistics> groups, string name, string? className = null)
    {
        var truly = className is null ? "Truly positive" : "Truly of the class";
        var bins = groups.ToDictionary(group => group, group => group.Calibration(className).Where(bin => bin.Weight > 0).ToList());
        var chart = new LineChart("Predicted probability", truly, [.. groups.Select(group => new Line(group.Name,
            [.. bins[group].Select(bin => new LinePoint(bin.MeanProbability, bin.PositiveShare, bin.Interval))]))])
        {
            IsSquare = true,
            HasMarks = true,
            XTick = value => Numbers.Percent(value, "0"),
            YTick = value => Numbers.Percent(value, "0"),
        };
        var isWeighted = groups.Any(group => group.Cell.Task.IsWeighted);
        var table = new DataTable($"Predicted and observed by {name}{(className is null ? "" : $", {className}")}",
            ["Group", isWeighted ? "Weight" : "Rows", "Predicted", truly],
            [.. groups.SelectMany(group => bins[group].Select(bin => (string[])[group.Name, Numbers.Plain(bin.Weight, "#,0.##"),
                Numbers.Percent(bin.MeanProbability), $"{Numbers.Percent(bin.PositiveShare)} ({Numbers.Percent(bin.Interval.Lower)} – {
                    Numbers.Percent(bin.Interval.Upper)})"]))]);
        var statistic = className is null ? AuditStatistic.CalibrationError : AuditStatistic.CalibrationError.OfClass(className);
        var distances = string.Join("; ", groups.Select(group
            => $"{Figure.Short(group.Name, 60)} {Numbers.Percent(group[statistic])}"));
        return className is null
            ? Figure.Of("Whether probabilities can be taken at their word (calibration)",
                "On the dashed diagonal, of the people with a probability of 30%, 30% are positive. Above it the probabilities are too "
                + "low, below it too high. The thin lines are intervals.",
                chart.Draw($"Calibration by {name}, mean distance of predicted from observed: {distances}."), table, chart.Legend())
            : Figure.Of(className, "",
                chart.Draw($"Calibration of class {Figure.Short(className, 60)} by {name}, mean distance of predicted from observed: "
                    + $"{distances}."), table, chart.Legend());
    }
}
