using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting.Sections;

/// <summary>Several models: how right they are, and how far apart their groups.</summary>
internal static class TradeOffSection
{
    private const int MostCharts = 6;
    private const int MostModels = 20;

    internal static Html Of(ReportContent content)
    {
        if (content.Options.OtherModels.Count == 0)
            return Html.Empty;
        List<(string Name, FairnessAudit Audit)> models = [(content.Options.ModelName, content.Audit),
            .. content.Options.OtherModels.Take(MostModels - 1).Select(model => (model.Name, model.Audit))];

        // Without declarations the most common comparison.
        List<FairnessConstraint> constraints = content.Judged.Count > 0 ? [.. content.Judged.Select(judged => judged.Constraint)]
            : [.. content.Audit.GroupColumnNames.Select(name => Fairness.DemographicParity(name, 0))];
        return Html.Of($"""
            <p>Each mark is a model, with its intervals. Higher is more often right{(content.Judged.Count > 0
                ? "; the solid line is the promised bound" : "")}.</p>
            {Figure.Legend([.. models.Select(model => model.Name)], hasMarks: true)}
            <div class="charts">{constraints.Take(MostCharts).Select(constraint => Chart(models, constraint))}</div>
            """);
    }

    private static Html Chart(IReadOnlyList<(string Name, FairnessAudit Audit)> models, FairnessConstraint constraint)
    {
        ScatterPoint[] points = [.. models.Select(model =>
        {
            var verdict = model.Audit.Judge(constraint);
            var overall = model.Audit.Overall;
            return new ScatterPoint(model.Name, verdict.Value, overall[GroupMetric.Accuracy], verdict.Interval,
                overall.Interval(GroupMetric.Accuracy));
        })];
        var table = new DataTable($"{constraint.Name} of each model", ["Model", "Right decisions", constraint.Name, "Interval", "Verdict"],
            [.. points.Zip(models, (point, model) => (string[])[point.Name,
                Numbers.Of(GroupMetric.Accuracy, point.Y, point.YInterval), Numbers.Of(constraint, point.X),
                double.IsNaN(point.XInterval.Lower) ? Numbers.Undefined
                    : $"{Numbers.Of(constraint, point.XInterval.Lower)} to {Numbers.Of(constraint, point.XInterval.Upper)}",
                constraint.Bound == 0 ? Numbers.Undefined : PlainWords.Word(model.Audit.Judge(constraint).Verdict)])]);
        var alternative = $"Right decisions against {constraint.Name}: " + string.Join("; ", points.Select(point
            => $"{point.Name} {Numbers.Percent(point.Y)} at {Numbers.Of(constraint, point.X)}")) + ".";
        var chart = new ScatterChart(constraint.IsLowerBound ? "Smallest divided by largest" : "Measured statistic", "Right decisions",
            points)
        {
            Bound = constraint.Bound == 0 ? null : constraint.Bound,
            XTick = value => Numbers.Of(constraint, value).Replace(" points", "", StringComparison.Ordinal),
            YTick = value => Numbers.Percent(value, "0.#"),
        };
        return Figure.Of(constraint.Name, constraint.IsLowerBound ? "Further right is fairer." : "Further left is fairer.",
            chart.Draw(alternative), table);
    }
}
