using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Experiments.Pages;

/// <summary>The finalists on the judging rows, and which of them was chosen.</summary>
internal static class ChoiceSection
{
    internal static Html Of(ExperimentResult result)
    {
        var finalists = result.RunDetails.Where(run => run.IsFinalist).ToList();
        var constraints = result.BestRun.Options.Constraints;
        var table = new DataTable("Finalists on the judging rows",
            ["Run", result.Objective,
                .. constraints.SelectMany(constraint => (string[])[PlainWords.Name(constraint), "Interval (ends one-sided)"]), "Chosen"],
            [.. finalists.Select(run => (string[])[RunsSection.Name(run), Numbers.Plain(run.JudgedMetrics![result.Objective], "0.0000"),
                .. constraints.Zip(run.JudgedVerdicts, (constraint, verdict) => (string[])[Numbers.Of(constraint, verdict.Value),
                    VerdictTable.Interval(constraint, verdict)]).SelectMany(cells => cells),
                run.Number == result.BestRun.Number ? "chosen" : ""])]);
        return Html.Of($"""
            <p>{result.Choice}</p>
            <p>{Rows(result)}</p>
            {(result.Looks > 1 && constraints.Count > 0 ? Html.Of($"""
                <p class="note">Whoever picks the best of {result.Looks} picks chance along with it. So a bound counts as kept here only
                where the end of its interval is within it, and the intervals are the wider, the more finalists there are and the less
                they agree.</p>
                """) : Html.Empty)}
            {table.AsBlock()}
            <p><strong>What it varies:</strong> {RunsSection.Varied(result.BestRun)}.</p>
            """);
    }

    private static string Rows(ExperimentResult result)
        => "Finalists are run 0, which has the options as they were given, and five runs that are the best at several distances from the "
            + "bounds. No model was judged on rows that it was trained or tuned on. " + (result.IsTrainedAgain
                ? "The chosen options were then trained once more, on all rows but the test rows: that is the model of this report."
                : "The chosen model itself is the model of this report.")
            + (result.Test is { } test
                ? $" It was tested {(test.Looks == 1 ? "once, " : "")}on {Numbers.Count(test.Rows)} rows that chose nothing."
                    + (test.Looks == 1 ? ""
                        : $" {test.Looks} models were tested on these rows by now; whoever picks one of them picks chance along with it, "
                            + "so the limits are those that hold for all of them together.")
            : result.CanGoOn ? " The experiment was stopped and can go on. The test rows are not looked at before it has ended." : "");
}
