using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Reporting.Charts;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Reporting.Sections;

/// <summary>The course of training.</summary>
internal static class TrainingSection
{
    private const int MostPoints = 150;
    private const int MostConstraints = 6;
    private const int MostMultipliers = 6;
    private const int MostWarnings = 20;

    internal static Html Of(ReportContent content)
    {
        if (content.Options.Model is not { } model)
            return Html.Empty;
        var summary = model.Summary;
        return Html.Of($"""
            <p>Epoch {summary.SelectedEpoch} of {summary.EpochsRun} was chosen (the dashed line). On the {summary.ValidationRows} rows that
            chose it, {Numbers.Percent(summary.ValidationAccuracy)} of {(content.Task == LearningTask.Regression
                ? "the differences between people were explained (R squared)" : "the decisions were right")}; without regard to the bounds
            the best epoch had {Numbers.Percent(summary.BestAccuracy)}, and always giving {(content.Task == LearningTask.Regression
                ? "the mean" : "the most frequent answer")} {Numbers.Percent(summary.MajorityAccuracy)}.</p>
            {Verdicts(model)}
            {Sentences("Warnings", summary.Warnings)}{Sentences("Bounds that no epoch kept together", summary.Conflicts)}
            {(model.Constraints.Count <= MostConstraints ? Html.Empty
                : Html.Of($"<p>The charts show the first {MostConstraints} of {model.Constraints.Count} bounds.</p>"))}
            <div class="charts">{Loss(model)}
            {model.Constraints.Take(MostConstraints).Select((_, index) => Statistic(model, index))}{Multipliers(model)}</div>
            """);
    }

    private static Html Verdicts(ConstrainedModelParameters model) => model.Constraints.Count == 0 ? Html.Empty
        : new DataTable("What training measured",
            ["Bound", "Verdict", "Value", "On training rows", "A training row counts as", "On rows that chose the epoch",
                "Limit on new people"],
            [.. model.Constraints.Zip(model.Summary.Constraints, (constraint, summary) => (string[])[PlainWords.Name(constraint),
                PlainWords.Word(summary.Verdict), Numbers.Of(constraint, summary.Value), Numbers.Of(constraint, summary.TrainingValue),
                summary.RowCountsAs ?? "not known", Numbers.Of(constraint, summary.ValidationValue),
                Limit(constraint, summary, model.Summary)])]).AsBlock();

    // Other rows than those of the page's own verdicts, and what was asked for with a confidence is what they say.
    private static string Limit(FairnessConstraint constraint, ConstraintSummary summary, TrainingSummary all)
    {
        if (summary.ConfidenceLimit is not { } limit)
            return "not asked for";
        var level = Numbers.Percent(all.ConfidenceLevel!.Value, "0.##");
        var shown = $"{(summary.HoldsWithConfidence == true ? "shown" : "not shown")} with {level} confidence by "
            + $"{Numbers.Count(all.SafetyRows)} rows kept for that";
        return double.IsFinite(limit) ? $"{Numbers.Of(constraint, limit)}: {shown}" : $"none: {shown}, for {summary.WhyNoConfidenceLimit}";
    }

    private static Html Sentences<T>(string title, IReadOnlyList<T> sentences) => sentences.Count == 0 ? Html.Empty : Html.Of($"""
        <p><strong>{title}:</strong></p><ul>{sentences.Take(MostWarnings).Select(sentence
            => Html.Of($"<li>{Figure.Short($"{sentence}", 1000)}</li>"))}{(sentences.Count <= MostWarnings ? Html.Empty
                : Html.Of($"<li>and {sentences.Count - MostWarnings} more</li>"))}</ul>
        """);

    private static Html Loss(ConstrainedModelParameters model) => Chart("Loss", "How far predictions are from the truth, lower is "
        + "better: on the rows of training, and on those that chose the epoch.", model, [
            ("Training rows", epoch => epoch.TrainingLoss), ("Rows that chose the epoch", epoch => epoch.ValidationLoss)], null,
        Numbers.AmountTick);

    private static Html Statistic(ConstrainedModelParameters model, int index)
    {
        var constraint = model.Constraints[index];
        var side = constraint.IsLowerBound ? "above" : "below";
        return Chart(PlainWords.Name(constraint), $"The bounded statistic; it must stay {side} the straight solid line.", model,
            [("Measured", epoch => epoch.AuditedValues[index])], constraint.Bound,
            value => Numbers.Tick(constraint, value));
    }

    private static Html Multipliers(ConstrainedModelParameters model)
    {
        var largest = model.Duals.Index().OrderByDescending(pair => model.History.Max(epoch => Math.Abs(epoch.Duals[pair.Index])))
            .Take(MostMultipliers).ToList();
        return largest.Count == 0 ? Html.Empty : Chart("Multipliers",
            $"How hard training pushes to keep each inequality: 0 where it costs nothing.{(model.Duals.Count > MostMultipliers
                ? $" The {MostMultipliers} largest of {model.Duals.Count}." : "")}", model,
            [.. largest.Select(pair => (pair.Item.Inequality, (Func<EpochHistory, double>)(epoch => epoch.Duals[pair.Index])))], null,
            value => Numbers.Plain(value, "0.###"));
    }

    private static Html Chart(string title, string note, ConstrainedModelParameters model,
        IReadOnlyList<(string Name, Func<EpochHistory, double> Value)> lines, double? bound, Func<double, string> tick)
    {
        var step = Math.Max(1, (model.History.Count + MostPoints - 1) / MostPoints);
        EpochHistory[] epochs = [.. model.History.Where((epoch, index) => index % step == 0 || index == model.History.Count - 1
            || epoch.Epoch == model.Summary.SelectedEpoch)];
        if (epochs.Length == 0)
            return Html.Empty;
        var chart = new LineChart("Epoch", "", [.. lines.Select(line => new Line(line.Name,
            [.. epochs.Select(epoch => new LinePoint(epoch.Epoch, line.Value(epoch)))]))])
        {
            Bound = bound,
            Marked = model.Summary.SelectedEpoch,
            XTick = value => double.IsInteger(value) ? Numbers.Plain(value, "0") : "",
            YTick = tick,
        };
        var every = Math.Max(1, epochs.Length / 25);
        var table = new DataTable($"{title} by epoch", ["Epoch", .. lines.Select(line => line.Name)],
            [.. epochs.Where((epoch, index) => index % every == 0 || epoch.Epoch == model.Summary.SelectedEpoch).Select(epoch
                => (string[])[Numbers.Count(epoch.Epoch), .. lines.Select(line => Numbers.Amount(line.Value(epoch)))])]);
        return Figure.Of(title, note, chart.Draw($"{title} over {epochs.Length} epochs; the numbers are in the table."), table,
            chart.Legend());
    }
}
