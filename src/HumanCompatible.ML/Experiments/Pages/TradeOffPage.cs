using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Experiments.Pages;

/// <summary>A trade-off curve, or a comparison of constraints, as a page.</summary>
internal static class TradeOffPage
{
    private const int MostCharts = 6;

    /// <param name="tradeOff">The points.</param>
    /// <param name="options">What the page is called.</param>
    internal static Html Of(TradeOff tradeOff, FairnessReportOptions options)
    {
        var constraints = tradeOff.Compared;
        return ReportPage.Of(options, DateTimeOffset.UtcNow, Lead(tradeOff),
        [
            new("curve", "What the bounds cost", Html.Of($"""
                <p>Each mark is a model, with the interval of what it may be on other people. Choosing one of them by these rows is a
                choice: test it on others.</p>
                <div class="charts">{constraints.Take(MostCharts).Select((_, index) => Chart(tradeOff, index))}</div>
                """)),
            new("points", "The models", Table(tradeOff)),
            new("words", "What the words mean", VerdictTable.Words(tradeOff.Points.SelectMany(point => point.Verdicts))),
        ]);
    }

    private static Html Lead(TradeOff tradeOff)
    {
        var unmeasured = tradeOff.Points.Count(point => !point.IsMeasured);
        var dominated = tradeOff.Points.Count - tradeOff.Front.Count - unmeasured;
        return Html.Of($"""
            <p class="lead">{Numbers.Count(tradeOff.Points.Count)} models on {Numbers.Count(tradeOff.Rows)} rows that trained none of them:
            <strong>{Numbers.Count(tradeOff.Front.Count)} worth having</strong>, {Numbers.Count(dominated)} no better than another in
            anything, {Numbers.Count(unmeasured)} that these rows cannot measure.</p>
            """);
    }

    private static Html Chart(TradeOff tradeOff, int index)
    {
        var constraint = tradeOff.Compared[index];
        var name = PlainWords.Name(constraint);
        CloudPoint Point(TradeOffPoint point)
            => new(point.Label, point.Verdicts[index].Value, point.Objective, point.Verdicts[index].Interval);
        var measured = tradeOff.Points.ToLookup(point => point.IsMeasured);
        Cloud[] clouds = tradeOff.IsSweep
            ? [.. new[]
            {
                new Cloud("Worth having", [.. tradeOff.Front.Select(Point)]) { IsJoined = tradeOff.Compared.Count == 1 },
                new Cloud("No better than another", [.. measured[true].Except(tradeOff.Front).Select(Point)]),
                new Cloud("Not measurable", [.. measured[false].Select(Point)]),
            }.Where(cloud => cloud.Points.Count > 0)]
            : [.. tradeOff.Points.Select(point => new Cloud(point.Label, [Point(point)]))];
        var across = PlainWords.Measured(constraint);
        var chart = new CloudChart(across, tradeOff.Objective, clouds)
        {
            XTick = value => Numbers.Tick(constraint, value),
        };
        var alternative = $"{tradeOff.Objective} against {name}: " + string.Join("; ", clouds.SelectMany(cloud => cloud.Points).Select(point
            => $"{Numbers.Plain(point.Y, "0.0000")} at {Numbers.Of(constraint, point.X)}")) + ".";
        var table = new DataTable($"{name} of each model", ["Model", tradeOff.Objective, name, "Interval", "Verdict"],
            [.. tradeOff.Points.Select(point => (string[])[point.Label, Numbers.Plain(point.Objective, "0.0000"),
                Numbers.Of(constraint, point.Verdicts[index].Value), VerdictTable.Interval(constraint, point.Verdicts[index]),
                PlainWords.Word(point.Verdicts[index].Verdict)])]);
        return Figure.Of(name, (tradeOff.IsLoss ? "Lower is better; " : "Higher is better; ")
            + (constraint.IsLowerBound ? "further right is fairer." : "further left is fairer."), chart.Draw(alternative), table,
            chart.Legend());
    }

    private static Html Table(TradeOff tradeOff)
    {
        string[] metrics = [.. tradeOff.Points[0].Metrics.Keys];
        return new DataTable("All models", ["Trained under", .. metrics, "Kind", "Seconds"],
            [.. tradeOff.Points.Select(point => (string[])[point.Label,
                .. metrics.Select(metric => Numbers.Plain(point.Metrics[metric], "0.0000")),
                tradeOff.Front.Contains(point) ? "worth having" : point.IsMeasured ? "no better than another" : "not measurable",
                Numbers.Plain(point.Seconds, "0.0")])]).AsBlock();
    }
}
