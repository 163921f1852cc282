using System.Globalization;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Data;

/// <summary>The rows to train on and the rows to choose the epoch with, encoded and divided into groups.</summary>
/// <param name="Encoder">The feature encoding, fitted on the training rows only.</param>
/// <param name="Training">The rows to train on.</param>
/// <param name="HeldOut">The rows to choose the epoch with; null where none are held out.</param>
/// <param name="Groups">The groups of the training rows that the constraints speak of.</param>
/// <param name="Warnings">What the user should know.</param>
internal sealed record TrainingSplits(FeatureEncoder Encoder, TrainingRows Training, TrainingRows? HeldOut, ConstraintGroups Groups,
    IReadOnlyList<string> Warnings)
{
    /// <summary>The rows to choose the epoch with; the training rows where none are held out.</summary>
    internal TrainingRows Validation => HeldOut ?? Training;

    internal bool IsHeldOut => HeldOut is not null;

    /// <summary>See <see cref="DataFingerprint"/>.</summary>
    internal string Fingerprint { get; init; } = "";

    /// <summary>The rows that test the chosen model; null where no confidence is asked for.</summary>
    internal TrainingRows? Safety { get; init; }

    // Of validation data of their own, where the training rows are not asked for any.
    private const double SafetyShareOfValidationData = 0.75;

    private const string Apart = "Give validation data that shares no row with the training data.";

    private const string Once = "Remove copies of rows before training, or give each row once, with the number of its copies as its "
        + "weight.";

    /// <summary>Holds out a share of the rows.</summary>
    internal static TrainingSplits Split(RawTable table, SplitSettings settings)
    {
        (table, settings) = Prepare(table, settings);
        var groups = ConstraintGroups.Of(settings.Constraints, table.Partitions(settings.Constraints), settings.Groups)
            .Define(table.Labels, table.Weights, settings.Groups.UndefinedRates, "the data");
        groups = MeasurableGroups.Of(groups, table, settings.Groups.Unmeasurable);
        TrainingChecks.Check(table, table.Labels, table.Weights, groups, "the data");
        var validation = settings.ValidationFraction(table.RowCount);
        if (validation == 0)
        {
            var (encoder, all) = Encode(table, AllRows(table), groups.Partitions, settings, null);
            return new TrainingSplits(encoder, all, null, groups, groups.Warnings) { Fingerprint = DataFingerprint.Of(table) };
        }

        // Safety rows are taken of all rows, validation rows of the rest.
        var safety = settings.ConfidenceLevel is { } level ? SafetyTest.Share(settings.Constraints, level,
            [.. settings.Constraints.Select((constraint, index)
                => table.Expected(constraint, groups.Partitions[index]))]) : 0;
        var fraction = safety + ((1 - safety) * validation);
        var (kept, heldOut) = RowSplit.Stratified(Strata(table.Task, table.Labels, table.Weights, groups.Partitions), fraction,
            settings.Seed);
        if (heldOut.Length == 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture,
                $"ValidationFraction {validation} of {table.RowCount} rows is less than half a row, so that none is held "
                + $"out: give more rows, validation data, or ValidationFraction = 0."));
        }

        var hashed = HashedRows.Of(table);
        var places = HeldOutCopies.Remove(hashed.Take(kept), hashed.Take(heldOut), settings.ConfidenceLevel is not null, Once,
            out var copies);
        heldOut = Array.ConvertAll(places, place => heldOut[place]);

        var labels = Take(table.Labels, kept);
        var weights = table.Weights is null ? null : Take(table.Weights, kept);
        var trained = groups.Take(kept).Define(labels, weights, settings.Groups.UndefinedRates, "the training part of the data");
        TrainingChecks.Check(table, labels, weights, trained, "the training part of the data");
        table = table with { Task = settings.KnownTask ?? table.Task.ScaledTo(labels, weights) };
        var (fitted, training) = Encode(table, kept, trained.Partitions, settings, null);
        var data = new TrainingSplits(fitted, training, null, trained, [.. trained.Warnings, .. Known(copies)])
        {
            Fingerprint = DataFingerprint.Of(table),
        };
        if (heldOut.Length == 0)
            return data;
        var others = trained.OfOtherRows(groups.Take(heldOut).Partitions, Take(table.Labels, heldOut), out var warnings);
        var seen = Known(settings.Previous?.Warn(table, kept.Length, settings.Seed));
        return AddHeldOut(data with { Warnings = [.. data.Warnings, .. warnings, .. seen] }, table, heldOut, others, settings,
            safety / fraction);
    }

    /// <summary>Takes the rows to choose the epoch with from data of their own.</summary>
    internal static TrainingSplits Pair(RawTable training, RawTable validation, SplitSettings settings)
    {
        (training, settings) = Prepare(training, settings);
        CheckClasses(validation.Task, training.Task, "the training data");
        var groups = ConstraintGroups.Of(settings.Constraints, training.Partitions(settings.Constraints), settings.Groups)
            .Define(training.Labels, training.Weights, settings.Groups.UndefinedRates, "the training data");
        groups = MeasurableGroups.Of(groups, training, settings.Groups.Unmeasurable);
        TrainingChecks.Check(training, training.Labels, training.Weights, groups, "the training data");
        var (encoder, rows) = Encode(training, AllRows(training), groups.Partitions, settings, null);
        var heldOut = HeldOutCopies.Remove(HashedRows.Of(training), HashedRows.Of(validation), settings.ConfidenceLevel is not null, Apart,
            out var copies);
        var data = new TrainingSplits(encoder, rows, null, groups, [.. groups.Warnings, .. Known(copies)])
        {
            Fingerprint = DataFingerprint.Of(training, validation),
        };
        if (heldOut.Length == 0)
            return data;
        var partitions = GroupFilter.OfValidation(validation.Partitions(settings.Constraints), settings.Groups, out var missing)
            .Take(heldOut);
        var matched = groups.OfOtherRows(partitions, Take(validation.Labels, heldOut), out var warnings);
        return AddHeldOut(data with { Warnings = [.. data.Warnings, .. missing, .. warnings] }, validation with { Task = training.Task },
            heldOut, matched, settings, SafetyShareOfValidationData);
    }

    private static IEnumerable<string> Known(string? warning) => warning is null ? [] : [warning];

    // Adds the rows that are not trained on: all choose the epoch, or, where a confidence is asked for, a share of them tests what was
    // chosen. The partitions are of the held-out rows.
    private static TrainingSplits AddHeldOut(TrainingSplits data, RawTable table, int[] heldOut, GroupPartitions partitions,
        SplitSettings settings, double safetyShare)
    {
        if (settings.ConfidenceLevel is null)
        {
            var (_, all) = Encode(table, heldOut, partitions, settings, data.Encoder);
            TrainingChecks.CheckWeights(all, "the validation data");
            return data with { HeldOut = all, Warnings = [.. data.Warnings, .. TrainingChecks.Warn(all, data.Groups)] };
        }

        var (first, second) = RowSplit.Stratified(
            Strata(table.Task, Take(table.Labels, heldOut), table.Weights is null ? null : Take(table.Weights, heldOut), partitions),
            safetyShare, RowSplit.Derive(settings.Seed));
        if (first.Length == 0 || second.Length == 0)
        {
            throw new InvalidOperationException(
                $"ConfidenceLevel divides the rows that are not trained on into those that choose the epoch and those that test the model, "
                + $"but {heldOut.Length} are too few for that: give more.");
        }

        TrainingRows Part(int[] indices) => Encode(table, Array.ConvertAll(indices, index => heldOut[index]),
            partitions.Take(indices), settings, data.Encoder).Rows;
        var (validation, safety) = (Part(first), Part(second));
        TrainingChecks.CheckWeights(validation, "the validation data");
        TrainingChecks.CheckWeights(safety, "the safety part of the data");
        data = data with { HeldOut = validation, Safety = safety };
        return data with
        {
            Warnings = [.. data.Warnings, .. TrainingChecks.Warn(validation, data.Groups),
                .. TrainingChecks.Warn(safety, data.Groups, "the safety rows"),
                .. Known(settings.Previous?.WarnOfTest(data, settings.Seed))],
        };
    }

    // The table with the scale of its labels, and the constraints with the statistics of its classes.
    private static (RawTable Table, SplitSettings Settings) Prepare(RawTable table, SplitSettings settings)
    {
        table.CheckGroupColumns();
        if (settings.KnownTask is { } known)
            CheckClasses(table.Task, known, "the model to go on from");
        var task = settings.KnownTask ?? table.Task.ScaledTo(table.Labels, table.Weights);
        return (table with { Task = task }, settings with
        {
            Constraints = [.. settings.Constraints.Select(constraint => constraint.Of(task))],
        });
    }

    private static void CheckClasses(TaskLabels labels, TaskLabels others, string whose)
    {
        if (!labels.Classes.SequenceEqual(others.Classes))
        {
            throw new InvalidOperationException($"The label has the classes {List(labels)}, but {whose} {List(others)}: keys must have "
                + "the same values in the same order.");
        }

        static string List(TaskLabels labels) => $"[{string.Join(", ", labels.Classes)}]";
    }

    private static int[] AllRows(RawTable table) => [.. Enumerable.Range(0, table.RowCount)];

    // Rows are divided so that both parts have each class of each group in proportion; rows of weight 0 are not there to be counted.
    private static int[] Strata(TaskLabels task, float[] labels, float[]? weights, GroupPartitions partitions)
    {
        var isClass = task.Task != LearningTask.Regression;
        var classes = Math.Max(2, task.Classes.Count);
        return partitions.Cells([.. labels.Select((label, row) => (isClass ? (int)label : 0) + (weights?[row] == 0 ? classes : 0))]);
    }

    // The rows of a table by their numbers; the partitions are of these rows.
    private static (FeatureEncoder Encoder, TrainingRows Rows) Encode(RawTable table, int[] rows, GroupPartitions partitions,
        SplitSettings settings, FeatureEncoder? fitted)
    {
        settings.Cancellation.ThrowIfCancellationRequested();
        var all = rows.Length == table.RowCount;
        if (settings.KnownEncoder is { } known && known.InputCount != table.Features.FeatureCount)
        {
            throw new InvalidOperationException(
                $"The data has {table.Features.FeatureCount} features, but the model to go on from has {known.InputCount}.");
        }

        var numbers = table.InFeatures(rows);
        var labels = all ? table.Labels : Take(table.Labels, rows);
        var weights = table.Weights is null || all ? table.Weights : Take(table.Weights, rows);
        var encoder = fitted ?? settings.KnownEncoder
            ?? FeatureEncoder.Fit(settings.Encoding?.Invoke(rows.Length), table.Features, numbers,
                LabelsOf(table.Task, labels, weights, partitions), table.Collective, settings.Cancellation);
        if (encoder.OutputCount == 0)
            throw new InvalidOperationException("Every feature has the same value in all training rows: there is nothing to learn from.");
        return (encoder, new TrainingRows(
            encoder,
            table.Features,
            numbers,
            labels,
            weights,
            partitions)
        { Task = table.Task, Collective = table.Collective });
    }

    private static KnownLabels LabelsOf(TaskLabels task, float[] labels, float[]? weights, GroupPartitions partitions)
        => new(labels, task.Task == LearningTask.MulticlassClassification ? task.Classes.Count : 0, weights)
        {
            Groups = [.. partitions.Distinct.Where(partition => partition.GroupCount > 1).Select(partition
                => new KnownLabels(Array.ConvertAll(partition.GroupOfRow, group => (float)group), partition.GroupCount, weights))],
        };

    private static float[] Take(float[] values, int[] rows) => Array.ConvertAll(rows, row => values[row]);
}
