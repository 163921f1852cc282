using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Experiments.Pages;

/// <summary>All runs: their trade-off between objective and bounds, and what they varied.</summary>
internal static class RunsSection
{
    private const int MostCharts = 6;

    internal static Html Of(ExperimentResult result)
    {
        int Number(RunStatus status) => result.RunDetails.Count(run => run.Status == status);
        var seconds = result.RunDetails.Sum(run => run.Seconds);
        var constraints = result.BestRun.Options.Constraints;
        var others = (Number(RunStatus.Stopped), Number(RunStatus.Failed)) switch
        {
            (0, 0) => "",
            (var stopped, 0) => $" {Numbers.Count(stopped)} stopped early: after a quarter of their epochs they were in the worse half of "
                + "their round.",
            (var stopped, var failed) => $" {Numbers.Count(stopped)} stopped early, after a quarter of their epochs, in the worse half of "
                + $"their round; {Numbers.Count(failed)} failed.",
        };
        return Html.Of($"""
            <p>{Numbers.Count(result.RunDetails.Count)} {(result.RunDetails.Count == 1 ? "run" : "runs")} trained for
            {Numbers.Plain(seconds, "0.0")} seconds in all, {Numbers.Count(Number(RunStatus.Finished))} to the end.{others}
            {(result.IsCanceled ? "The search was told to stop before it was done." : "")}</p>
            <p class="note">Objectives are of the rows that guide the search, bounded statistics of those that the models were made of; the
            choice rests on other rows, above.</p>
            <div class="charts">{constraints.Take(MostCharts).Select(constraint => Chart(result, constraint))}</div>
            {Table(result).AsDetails()}
            """);
    }

    internal static string Name(RunDetail run) => $"Run {Numbers.Count(run.Number)}";

    internal static string Varied(RunDetail run) => run.Number == 0 ? "nothing, the options are as they were given" : run.ParametersText;

    private static Html Chart(ExperimentResult result, FairnessConstraint constraint)
    {
        Cloud Of(string name, Func<RunDetail, bool> isIn) => new(name, [.. result.RunDetails.Where(isIn).Select(run
            => new CloudPoint($"{Name(run)}: {Varied(run)}", run.ConstraintValues.GetValueOrDefault(constraint.Name, double.NaN),
                run.Objective))]);
        bool IsBest(RunDetail run) => run.Number == result.BestRun.Number;
        bool IsOnFront(RunDetail run) => result.ParetoFront.Any(one => one.Number == run.Number);
        Cloud[] clouds = [.. new[]
        {
            Of("Chosen", IsBest),
            Of("Not worse than another in everything", run => IsOnFront(run) && !IsBest(run)),
            Of("Other finished runs", run => run.Status == RunStatus.Finished && !IsOnFront(run) && !IsBest(run)),
            Of("Stopped early", run => run.Status == RunStatus.Stopped),
        }.Where(cloud => cloud.Points.Count > 0)];
        var name = PlainWords.Name(constraint);
        var chart = new CloudChart(PlainWords.Measured(constraint), result.Objective, clouds)
        {
            Bound = constraint.Bound,
            XTick = value => Numbers.Tick(constraint, value),
        };
        var alternative = $"{result.Objective} against {name} of {result.RunDetails.Count} runs. The chosen one has "
            + $"{Numbers.Plain(result.BestRun.Objective, "0.0000")} at "
            + $"{Numbers.Of(constraint, result.BestRun.ConstraintValues.GetValueOrDefault(constraint.Name, double.NaN))}; the bound is "
            + $"{Numbers.Of(constraint, constraint.Bound)}.";
        var table = new DataTable($"{name} of the finished runs", ["Run", result.Objective, name, "Kind"],
            [.. clouds.SelectMany(cloud => cloud.Points.Select(point => (string[])[point.Name[..point.Name.IndexOf(':')],
                Numbers.Plain(point.Y, "0.0000"), Numbers.Of(constraint, point.X), cloud.Name]))]);
        return Figure.Of(name, (result.IsLoss ? "Lower is better; " : "Higher is better; ")
            + (constraint.IsLowerBound ? "further right is fairer. " : "further left is fairer. ") + "The line is the promised bound.",
            chart.Draw(alternative), table, chart.Legend());
    }

    private static DataTable Table(ExperimentResult result) => new("All runs",
        ["Run", "Ended", result.Objective, "Bounds missed by", "Seconds", "What it varies"],
        [.. result.RunDetails.Select(run => (string[])[Name(run), run.Status.ToString().ToLowerInvariant(),
            Numbers.Plain(run.Objective, "0.0000"), Numbers.Plain(run.Violation, "0.0000"), Numbers.Plain(run.Seconds, "0.0"),
            run.Error ?? Varied(run)])]);
}
