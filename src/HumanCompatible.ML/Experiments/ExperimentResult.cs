using System.Globalization;
using System.Text;
using System.Text.Json;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Experiments.Pages;
using HumanCompatible.ML.Reporting;
using Microsoft.ML;

namespace HumanCompatible.ML.Experiments;

/// <summary>What an experiment came to.</summary>
public sealed class ExperimentResult
{
    internal ExperimentResult(string objective, bool isLoss, IReadOnlyList<RunDetail> runs, RunDetail best)
    {
        (Objective, IsLoss, RunDetails, BestRun) = (objective, isLoss, runs, best);
        ParetoFront = Dominance.Front([.. runs.Where(run => run.Status == RunStatus.Finished)], run =>
        [
            isLoss ? run.Objective : -run.Objective,
            .. run.Options.Constraints.Select(constraint => constraint.Violation(run.ConstraintValues[constraint.Name])),
        ]);
    }

    /// <summary>All runs by number.</summary>
    public IReadOnlyList<RunDetail> RunDetails { get; }

    /// <summary>
    /// The chosen run, with the model to use: of the finalists whose bounds are kept on the judging rows with the uncertainty that
    /// <see cref="Looks"/> adds, the one with the best objective there, but run 0 where no other is surely better: by more than
    /// chance brings about between three or more folds in one of twenty cases. Where none keeps the bounds, the one that misses them least.
    /// </summary>
    public RunDetail BestRun { get; }

    /// <summary>The finished runs that no other dominates: at least as good in the objective and every constraint, better in one.</summary>
    public IReadOnlyList<RunDetail> ParetoFront { get; }

    /// <summary>
    /// How many finalists were scored on the judging rows. With n of them, n at least 2, the limits of their verdicts are such that all of
    /// them together hold as likely as one value without a limit does: each fails with a probability of 0.5 / n (Bonferroni), or more where
    /// the finalists agree on most rows, up to 0.5 where they are all the same.
    /// </summary>
    public int Looks { get; internal init; }

    /// <summary>
    /// Whether <see cref="RunDetail.Model"/> of the best run was trained again, with its options, on all rows but the test rows. Otherwise
    /// it is the model that was judged (with several folds that of the first), as where validation data were given.
    /// </summary>
    public bool IsTrainedAgain { get; internal init; }

    /// <summary>
    /// The test of the final model; null where validation data were given, but no test data, and where it was canceled and can go on from
    /// its <see cref="ExperimentSettings.CacheDirectory"/>: the test rows are not looked at before it has ended.
    /// </summary>
    public FinalTest? Test { get; internal init; }

    /// <summary>Whether it was told to stop before the search or the final training was over.</summary>
    public bool IsCanceled { get; internal init; }

    /// <summary>Whether run 0 was chosen though another had a better objective, by no more than chance may have given it.</summary>
    internal bool IsNoOtherSurelyBetter { get; init; }

    /// <summary>Why the finalists were judged in the folds of the search alone, in words; null where they were judged in all.</summary>
    internal string? WhyNotAllFolds { get; init; }

    /// <summary>Whether the same experiment would go on where this one was stopped.</summary>
    internal bool CanGoOn { get; init; }

    /// <summary>The metric that is to be best.</summary>
    internal string Objective { get; }

    /// <summary>Whether less of it is better.</summary>
    internal bool IsLoss { get; }

    /// <summary>
    /// Writes the experiment as one HTML page for people who are not engineers: the choice and its reasons, all runs with their trade-off
    /// between objective and bounds, and the audit of the chosen model on the test rows. It has no script and loads nothing.
    /// </summary>
    /// <param name="path">The file; what is there is replaced.</param>
    /// <param name="options">What the page says beside that: names, other models on the test rows. The model and the test rows are those of
    /// the experiment. Null says nothing more.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveReport(string path, FairnessReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ReportPage.Save(ExperimentPage.Of(this, options ?? new() { Title = "Experiment", ModelName = "The chosen model" }), path);
    }

    /// <summary>The runs as a table: one row each, by number.</summary>
    /// <param name="mlContext">The context.</param>
    /// <returns>Number, Status, Objective, Violation, IsFinalist, IsBest, Seconds, Parameters.</returns>
    public IDataView ToDataView(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return mlContext.Data.LoadFromEnumerable(RunDetails.Select(run => new RunRow
        {
            Number = run.Number,
            Status = run.Status.ToString(),
            Objective = run.Objective,
            Violation = run.Violation,
            IsFinalist = run.IsFinalist,
            IsBest = run.Number == BestRun.Number,
            Seconds = run.Seconds,
            Parameters = run.ParametersText,
        }).ToList());
    }

    /// <summary>The result as JSON: the runs, which is best and why, the test.</summary>
    /// <returns>The text.</returns>
    public string ToJson() => JsonSerializer.Serialize(new
    {
        Objective,
        Runs = RunDetails.Select(run => new
        {
            run.Number,
            run.Status,
            run.Error,
            run.Seconds,
            run.Parameters,
            run.Metrics,
            run.ConstraintValues,
            run.Violation,
            run.JudgedMetrics,
            run.JudgedVerdicts,
            run.Shortfall,
        }),
        Best = BestRun.Number,
        Looks,
        ParetoFront = ParetoFront.Select(run => run.Number),
        IsTrainedAgain,
        IsCanceled,
        Choice,
        Test = Test is null ? null : new { Test.Rows, Test.Looks, Test.Metrics, Test.Verdicts },
    }, JsonDialect.Indented);

    /// <summary>Why the best run was chosen, in a sentence, and in which folds, where that was not in all.</summary>
    public string Choice => Chosen + (WhyNotAllFolds is null ? "" : $" Only the fold of the search judged: {WhyNotAllFolds.TrimEnd('.')}.");

    private string Chosen
    {
        get
        {
            var (run, finalists) = ($"Run {BestRun.Number}", $"{Looks} finalist{(Looks == 1 ? "" : "s")}");
            if (IsNoOtherSurelyBetter)
            {
                return $"Run 0, the options as they are, stays: no other of {finalists} does as well by the bounds on the judging rows "
                    + $"with {Objective} better by more than chance between the folds.";
            }

            if (BestRun.Options.Constraints.Count == 0)
                return $"{run} has the best {Objective} of {finalists} on the judging rows.";
            var certainty = Looks == 1 ? "" : $", with the certainty that the choice among {Looks} asks for";
            if (BestRun.Shortfall is 0)
                return $"{run} has the best {Objective} of those of {finalists} that keep the bounds on the judging rows{certainty}.";
            return $"None of {finalists} keeps the bounds on the judging rows{certainty}"
                + (BestRun.JudgedVerdicts.Any(verdict => verdict.Verdict == Verdict.NotMeasurable)
                    ? $", for some cannot be measured there; run {BestRun.Number} misses them least."
                    : string.Create(CultureInfo.InvariantCulture,
                        $"; run {BestRun.Number} misses them least, by {BestRun.Shortfall:0.0000}."));
        }
    }

    /// <summary>The choice, the run, and the test as text.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var text = new StringBuilder(Choice).AppendLine().Append(BestRun);
        if (CanGoOn)
            text.AppendLine().Append("test: none, for it was stopped and can go on; no test row was looked at");
        if (Test is not { } test)
            return text.ToString();
        text.AppendLine().Append(CultureInfo.InvariantCulture, $"test: {Objective} {test.Metrics[Objective]:0.0000} on {test.Rows} rows")
            .Append(test.Seen);
        foreach (var verdict in test.Verdicts)
            text.AppendLine().Append("test: ").Append(verdict);
        return text.ToString();
    }

    private sealed class RunRow
    {
        public int Number { get; set; }

        public string Status { get; set; } = "";

        public double Objective { get; set; }

        public double Violation { get; set; }

        public bool IsFinalist { get; set; }

        public bool IsBest { get; set; }

        public double Seconds { get; set; }

        public string Parameters { get; set; } = "";
    }
}
