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
        List<ComparedModel> models = [new(content.Options.ModelName, content.Audit), .. content.Options.OtherModels.Take(MostModels - 1)];

        // Without declarations the most common comparison, without a bound.
        var hasBounds = content.Judged.Count > 0;
        var charted = content.Options with { Constraints = [.. content.Options.Constraints.Take(MostCharts)] };
        var rest = Rest(content.Options.OtherModels.Count + 1, MostModels, "models")
            + (hasBounds ? Rest(content.Judged.Count, MostCharts, "bounds")
                : Rest(content.Audit.GroupColumnNames.Count, MostCharts, "columns"));
        var verdicts = models.ConvertAll(model => hasBounds ? ReportContent.Judge(model.Audit, charted)
            : [.. content.Audit.GroupColumnNames.Select(name => content.Task == LearningTask.Regression
                    ? (FairnessConstraint)Fairness.ResidualParity(name, 0) : Fairness.DemographicParity(name, 0))
                .Select(constraint => new JudgedConstraint(constraint, model.Audit.Judge(constraint)))]);
        return Html.Of($"""
            <p>Each mark is a model, with its intervals. {(content.Task == LearningTask.Regression
                ? "Lower is less off" : "Higher is more often right")}{(hasBounds ? "; the line is the promised bound" : "")}.
            Two models whose intervals overlap may differ by chance.{rest}</p>
            {Figure.Legend([.. models.Select(model => model.Name)], hasMarks: true)}
            <div class="charts">{Enumerable.Range(0, Math.Min(verdicts[0].Count, MostCharts)).Select(index
                => Chart(content, models, [.. verdicts.Select(judged => judged[index])], hasBounds))}</div>
            """);
    }

    private static string Rest(int count, int most, string what)
        => count <= most ? "" : $" Shown are the first {most} of {Numbers.Count(count)} {what}.";

    // Of one constraint, a verdict for each model.
    private static Html Chart(ReportContent content, IReadOnlyList<ComparedModel> models, IReadOnlyList<JudgedConstraint> judged,
        bool hasBound)
    {
        var quality = content.Task == LearningTask.Regression ? AuditStatistic.RootMeanSquaredError : AuditStatistic.Accuracy;
        var title = content.Words.Title(quality);
        var constraint = judged[0].Constraint;
        var name = PlainWords.Name(constraint);
        var compared = models.Zip(judged, (model, one) => (model.Name, Quality: model.Audit.Overall[quality],
            Interval: model.Audit.Overall.Interval(quality), one.Verdict)).ToList();
        var table = new DataTable($"{name} of each model", ["Model", title, name, "Interval", "Verdict"],
            [.. compared.Select(one => (string[])[one.Name,
                Numbers.Of(quality, one.Quality, one.Interval), Numbers.Of(constraint, one.Verdict.Value),
                double.IsNaN(one.Verdict.Interval.Lower) ? Numbers.Undefined
                    : $"{Numbers.Of(constraint, one.Verdict.Interval.Lower)} to {Numbers.Of(constraint, one.Verdict.Interval.Upper)}",
                hasBound ? PlainWords.Word(one.Verdict.Verdict) : Numbers.Undefined])]);
        var alternative = $"{title} against {name}: " + string.Join("; ", compared.Select(one
            => $"{one.Name} {Numbers.Of(quality, one.Quality)} at {Numbers.Of(constraint, one.Verdict.Value)}")) + ".";
        var chart = new CloudChart(PlainWords.Measured(constraint), title, [.. compared.Select(one => new Cloud(one.Name,
            [new CloudPoint(one.Name, one.Verdict.Value, one.Quality, one.Verdict.Interval, one.Interval)]))])
        {
            Bound = hasBound ? constraint.Bound : null,
            XTick = value => Numbers.Tick(constraint, value),
            YTick = value => quality.IsRate ? Numbers.Percent(value, "0.#") : Numbers.AmountTick(value),
        };
        return Figure.Of(name, constraint.IsLowerBound ? "Further right is fairer." : "Further left is fairer.",
            chart.Draw(alternative), table);
    }
}
