using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;

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

    private const double SafetyShare = 0.5;

    private const string SeenBefore =
        "The confidence of ConfidenceLevel is that of one test on rows that the model has never seen; the model that training goes on from "
        + "may have seen the rows that test it now.";

    /// <summary>Holds out a share of the rows.</summary>
    internal static TrainingSplits Split(RawTable table, SplitSettings settings)
    {
        var groups = ConstraintGroups.Of(settings.Constraints, table.Partitions(settings.Constraints), settings.Groups)
            .Define(table.Labels, table.Weights, settings.Groups.UndefinedRates, "the data");
        TrainingChecks.Check(table.Labels, groups, "the data");
        var fraction = settings.ValidationFraction(table.RowCount);
        if (fraction == 0)
        {
            var (encoder, all) = Encode(table, AllRows(table), groups.Partitions, settings, null);
            return new TrainingSplits(encoder, all, null, groups, groups.Warnings) { Fingerprint = DataFingerprint.Of(table) };
        }

        var (kept, heldOut) = RowSplit.Stratified(Strata(table.Labels, groups.Partitions), fraction, settings.Seed);
        if (heldOut.Length == 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture,
                $"ValidationFraction {fraction} of {table.RowCount} rows holds out no row: give more rows, validation "
                + $"data, or ValidationFraction = 0."));
        }

        var labels = Take(table.Labels, kept);
        var trained = groups.Take(kept).Define(labels, table.Weights is null ? null : Take(table.Weights, kept),
            settings.Groups.UndefinedRates, "the training part of the data");
        TrainingChecks.Check(labels, trained, "the training part of the data");
        var (fitted, training) = Encode(table, kept, trained.Partitions, settings, null);
        var others = trained.OfOtherRows(groups.Take(heldOut).Partitions, Take(table.Labels, heldOut), out var warnings);
        var data = new TrainingSplits(fitted, training, null, trained, [.. trained.Warnings, .. warnings])
        {
            Fingerprint = DataFingerprint.Of(table),
        };
        return AddHeldOut(data, table, heldOut, others, settings);
    }

    /// <summary>Takes the rows to choose the epoch with from data of their own.</summary>
    internal static TrainingSplits Pair(RawTable training, RawTable validation, SplitSettings settings)
    {
        var groups = ConstraintGroups.Of(settings.Constraints, training.Partitions(settings.Constraints), settings.Groups)
            .Define(training.Labels, training.Weights, settings.Groups.UndefinedRates, "the training data");
        TrainingChecks.Check(training.Labels, groups, "the training data");
        var (encoder, rows) = Encode(training, AllRows(training), groups.Partitions, settings, null);
        var partitions = GroupFilter.OfValidation(validation.Partitions(settings.Constraints), settings.Groups, out var missing);
        var matched = groups.OfOtherRows(partitions, validation.Labels, out var warnings);
        var data = new TrainingSplits(encoder, rows, null, groups, [.. groups.Warnings, .. missing, .. warnings])
        {
            Fingerprint = DataFingerprint.Of(training, validation),
        };
        return AddHeldOut(data, validation, AllRows(validation), matched, settings);
    }

    // Adds the rows that are not trained on: all choose the epoch, or, where a confidence is asked for, half do and half test what was
    // chosen. The partitions are of the held-out rows.
    private static TrainingSplits AddHeldOut(TrainingSplits data, RawTable table, int[] heldOut, GroupPartitions partitions,
        SplitSettings settings)
    {
        if (!settings.HoldsOutSafetyRows)
        {
            var (_, all) = Encode(table, heldOut, partitions, settings, data.Encoder);
            return data with { HeldOut = all, Warnings = [.. data.Warnings, .. TrainingChecks.Warn(all, data.Groups)] };
        }

        var (first, second) = RowSplit.Stratified(Strata(Take(table.Labels, heldOut), partitions), SafetyShare,
            RowSplit.Derive(settings.Seed));
        if (second.Length == 0)
        {
            throw new InvalidOperationException(
                $"ConfidenceLevel halves the rows that are not trained on, but the {heldOut.Length} that there are leave none for the "
                + "second half: give more.");
        }

        TrainingRows Part(int[] indices) => Encode(table, Array.ConvertAll(indices, index => heldOut[index]),
            partitions.Take(indices), settings, data.Encoder).Rows;
        var (validation, safety) = (Part(first), Part(second));
        IReadOnlyList<string> seen = settings.KnownEncoder is null ? [] : [SeenBefore];
        IReadOnlyList<string> warnings = [.. data.Warnings, .. TrainingChecks.Warn(validation, data.Groups),
            .. TrainingChecks.Warn(safety, data.Groups, "the safety rows"), .. seen];
        return data with { HeldOut = validation, Safety = safety, Warnings = warnings };
    }

    private static int[] AllRows(RawTable table) => [.. Enumerable.Range(0, table.RowCount)];

    // Rows are divided so that both parts have each class of each group in proportion.
    private static int[] Strata(float[] labels, GroupPartitions partitions)
        => partitions.Cells(Array.ConvertAll(labels, label => (int)label));

    // The rows of a table by their numbers; the partitions are of these rows.
    private static (FeatureEncoder Encoder, TrainingRows Rows) Encode(RawTable table, int[] rows, GroupPartitions partitions,
        SplitSettings settings, FeatureEncoder? fitted)
    {
        var all = rows.Length == table.RowCount;
        var features = all ? table.Features : Take(table.Features, table.FeatureCount, rows);
        if (settings.KnownEncoder is { } known && known.InputCount != table.FeatureCount)
        {
            throw new InvalidOperationException(
                $"The data has {table.FeatureCount} features, but the model to go on from has {known.InputCount}.");
        }

        var encoder = fitted ?? settings.KnownEncoder ?? FeatureEncoder.Fit(settings.Encoding, features, table.FeatureCount);
        if (encoder.OutputCount == 0)
            throw new InvalidOperationException("Every feature has the same value in all training rows: there is nothing to learn from.");
        return (encoder, new TrainingRows(
            encoder.Encode(features, rows.Length),
            encoder.OutputCount,
            all ? table.Labels : Take(table.Labels, rows),
            table.Weights is null || all ? table.Weights : Take(table.Weights, rows),
            partitions)
        { Bins = encoder.Bins });
    }

    private static float[] Take(float[] values, int[] rows) => Array.ConvertAll(rows, row => values[row]);

    private static float[] Take(float[] features, int featureCount, int[] rows)
    {
        var taken = new float[rows.Length * featureCount];
        for (var index = 0; index < rows.Length; index++)
            Array.Copy(features, rows[index] * featureCount, taken, index * featureCount, featureCount);
        return taken;
    }
}
