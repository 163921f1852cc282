using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Experiments.Pages;

/// <summary>An experiment as a page: the choice and its reasons, all runs, and the audit of the chosen model on the test rows.</summary>
internal static class ExperimentPage
{
    /// <param name="result">The experiment.</param>
    /// <param name="options">What else is said.</param>
    internal static Html Of(ExperimentResult result, FairnessReportOptions options)
    {
        var date = DateTimeOffset.UtcNow;
        var model = ExperimentTask.PredictionOf(result.BestRun.Model!).Model;
        ReportSection[] own =
        [
            new("choice", "Which model was chosen, and why", ChoiceSection.Of(result)),
            new("runs", "What was tried", RunsSection.Of(result)),
        ];
        if (result.Test is { Audit: { } audit } test)
        {
            var content = ReportContent.Of(audit, options with { Model = model }, date);
            return ReportPage.Of(content with { Judged = [.. content.Judged.Select((judged, index) => Tested(judged, index, test))] }, own);
        }

        var verdicts = result.Test?.Verdicts ?? result.BestRun.JudgedVerdicts;
        return ReportPage.Of(options, date, Lead(result),
        [
            .. own,
            new("outcome",
                result.Test is null ? "What was achieved on the rows that chose" : "What was achieved on rows that chose nothing",
                Html.Join([Metrics(result), VerdictTable.Of("Bounds", result.BestRun.Options.Constraints, verdicts)])),
            new("words", "What the words mean", VerdictTable.Words(verdicts)),
        ]);
    }

    // The verdicts of the test know how often its rows were looked at; those of the audit, which groups training did not see.
    private static JudgedConstraint Tested(JudgedConstraint judged, int index, FinalTest test) => index >= test.Verdicts.Count ? judged
        : judged with { Verdict = test.Verdicts[index] with { UnseenGroups = judged.Verdict.UnseenGroups } };

    private static Html Lead(ExperimentResult result) => Html.Of($"""<p class="lead outcome">{result.Choice}</p>""");

    private static Html Metrics(ExperimentResult result)
        => new DataTable("How right it is", ["Metric", "Value"], [.. (result.Test?.Metrics ?? result.BestRun.JudgedMetrics!)
            .Select(metric => (string[])[metric.Key, Numbers.Plain(metric.Value, "0.0000")])]).AsBlock();
}
