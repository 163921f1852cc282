using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using static System.FormattableString;

namespace HumanCompatible.ML.Training;

/// <summary>What is to be said of a chosen candidate that its figures do not say by themselves.</summary>
internal static class TrainingWarnings
{
    private const int FirstEpochs = 3;
    private const int EnoughEpochs = 10;

    /// <summary>A sentence for each.</summary>
    /// <param name="outcome">What training left behind, with a candidate.</param>
    /// <param name="constraints">What is said of the constraints.</param>
    /// <param name="isHeldOut">Whether rows were held out.</param>
    internal static IEnumerable<string> Of(TrainingOutcome outcome, IReadOnlyList<ConstraintSummary> constraints, bool isHeldOut)
    {
        if (!isHeldOut && constraints.Count > 0)
        {
            yield return $"No rows were held out: whether {string.Join(", ", constraints.Select(one => one.Name))} holds on other rows "
                + "cannot be told by the rows that the model was trained on, which flatter it; intervals do not know by how much.";
        }

        if (outcome.Record.Best is not { } best)
            yield break;
        foreach (var constraint in constraints)
        {
            if (!constraint.TrainingRowsHardlyCount || !IsNearerOnTraining(constraint))
                continue;
            var most = constraint.TrainingWeights!.Max();
            var (own, other) = (ConstraintSummary.Text(constraint.TrainingValue), ConstraintSummary.Text(constraint.ValidationValue));
            var counts = (most < 0.001 ? "" : "at most ") + ConstraintSummary.OfARow(most);
            yield return $"{constraint.Name} is {own} on the training rows and {other} on the validation rows: in what is said of it a "
                + $"training row counts as {counts} rows, as the network may have come to it by heart. "
                + "More rows, fewer epochs or a looser bound would tell more.";
        }

        var driver = Driver(outcome);
        var overall = (outcome.OnTraining ?? outcome.OnValidation!).Overall;
        if (overall.Variety < Evaluation.NearlyConstant)
            yield return $"The model is nearly constant: it {Predicts(overall, outcome.Labels, "training rows")}.{driver}";

        if (best.Epoch <= FirstEpochs && outcome.Record.History.Count >= EnoughEpochs && outcome.MultiplierNames.Count > 0)
        {
            yield return Invariant($"The model is that of epoch {best.Epoch} of {outcome.Record.History.Count}: later ones were ")
                + $"no better by their errors plus what the bounds with their margins are exceeded by.{driver}";
        }

        var measured = outcome.OnValidation ?? outcome.OnTraining!;
        if (constraints.Count > 0 && measured.Overall.ConstantAccuracy - measured.Accuracy > measured.StandardErrorOfAccuracy)
        {
            var rows = isHeldOut ? "validation" : "training";
            var constant = outcome.Labels.Task == LearningTask.Regression ? "predicting their mean" : "always predicting the same";
            yield return Invariant($"On the {rows} rows the model does worse than {constant}: ")
                + Invariant($"{TrainingSummary.AccuracyName(outcome.Labels.Task)} {measured.Accuracy:0.0000} beside ")
                + Invariant($"{measured.Overall.ConstantAccuracy:0.0000}.");
        }
    }

    /// <summary>That the constraints counted in no epoch, where there are any.</summary>
    /// <param name="outcome">What training left behind.</param>
    /// <param name="duals">The options of the multipliers.</param>
    internal static IEnumerable<string> OfWarmUp(TrainingOutcome outcome, DualOptimizerOptions duals)
    {
        var epochs = outcome.Record.History.Count;
        if (outcome.MultiplierNames.Count > 0 && duals.WarmUpEpochs >= epochs)
        {
            yield return Invariant($"The constraints did not count: DualOptimizer.{nameof(duals.WarmUpEpochs)} is ")
                + Invariant($"{duals.WarmUpEpochs} of {epochs} {(epochs == 1 ? "epoch" : "epochs")}.");
        }
    }

    /// <summary>Where the chosen candidate misses a bound: that other epochs had every statistic within its bound, if any had.</summary>
    /// <param name="outcome">What training left behind, with a candidate.</param>
    /// <param name="constraints">The constraints.</param>
    internal static IEnumerable<string> OfMissed(TrainingOutcome outcome, IReadOnlyList<FairnessConstraint> constraints)
    {
        var history = outcome.Record.History;
        EpochHistory[] within = [.. history.Where(epoch
            => constraints.Zip(epoch.AuditedValues).All(one => one.First.Violation(one.Second) <= 0))];
        if (within.Length == 0)
            yield break;
        var (best, own) = (within.MaxBy(epoch => epoch.ValidationAccuracy)!, outcome.Record.Best!);
        var accuracy = TrainingSummary.AccuracyName(outcome.Labels.Task);
        yield return Invariant($"The model is that of epoch {own.Epoch}, which misses a bound. In {within.Length} of {history.Count} ")
            + Invariant($"epochs every statistic was within its bound, best in epoch {best.Epoch}: {accuracy} ")
            + Invariant($"{best.ValidationAccuracy:0.0000} beside {own.Evaluation.Accuracy:0.0000}. The epoch is chosen by its errors ")
            + "plus what a bound with its margin is exceeded by; "
            + $"{nameof(GroupOptions)}.{nameof(GroupOptions.Unmeasurable)} = {nameof(UnmeasurableGroups.Hold)} puts the bounds first.";
    }

    /// <summary>What a nearly constant model does, after "it".</summary>
    internal static string Predicts(IRowCounts counts, TaskLabels labels, string rows)
    {
        var share = Invariant($"for {100 * (1 - counts.Variety):0.##}% of the {rows}");
        return counts switch
        {
            ClassCounts classes => $"predicts '{labels.Classes[classes.MostPredicted.Class]}' {share}",
            GroupCounts => $"predicts {(counts.Rate(GroupMetric.SelectionRate) < 0.5 ? "negative" : "positive")} {share}",
            _ => Invariant($"gives predictions with {100 * counts.Variety:0.##}% of the variance of the labels of the {rows}"),
        };
    }

    // Else what makes its rows count for less is not that parity was learned by heart: they do not flatter.
    private static bool IsNearerOnTraining(ConstraintSummary constraint)
    {
        var further = constraint.ValidationValue - constraint.TrainingValue;
        return !((constraint.IsLowerBound ? -further : further) <= 0);
    }

    // The inequality of the largest multiplier after the last epoch: what training worked hardest on.
    private static string Driver(TrainingOutcome outcome)
    {
        var multipliers = outcome.Record.History.Count == 0 ? [] : outcome.Record.History[^1].Duals;
        if (multipliers.Count == 0 || multipliers.Max() <= 0 || multipliers.Count != outcome.MultiplierNames.Count)
            return "";
        var largest = Enumerable.Range(0, multipliers.Count).MaxBy(index => multipliers[index]);
        return Invariant($" After the last epoch the multiplier of {outcome.MultiplierNames[largest].Inequality} was the largest, ")
            + Invariant($"{multipliers[largest]:0.###}.");
    }
}
