using System.Globalization;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Data;

/// <summary>The rows to train on and the rows to choose the epoch with, encoded and divided into groups.</summary>
/// <param name="Encoder">The feature encoding, fitted on the training rows only.</param>
/// <param name="Training">The rows to train on.</param>
/// <param name="Validation">The rows to choose the epoch with; the same object as <paramref name="Training"/> where none are held
/// out.</param>
/// <param name="Groups">The groups of the training rows that the constraints speak of.</param>
/// <param name="Warnings">What the user should know.</param>
internal sealed record TrainingSplits(FeatureEncoder Encoder, TrainingRows Training, TrainingRows Validation, ConstraintGroups Groups,
    IReadOnlyList<string> Warnings)
{
    /// <summary>The rows that test the chosen model; null where no confidence is asked for.</summary>
    internal TrainingRows? Safety { get; init; }

    private const double SafetyShare = 0.5;

    private const string SeenBefore =
        "The confidence of ConfidenceLevel is that of one test on rows that the model has never seen; the model that training goes on from "
        + "may have seen the rows that test it now.";

    /// <summary>Holds out a share of the rows.</summary>
    internal static TrainingSplits Split(RawTable table, ConstrainedTrainerOptions options, int seed)
    {
        var groups = ConstraintGroups.Of(table, options).Define(table.Labels, table.Weights, options.UndefinedRates, "the data");
        TrainingChecks.Check(table.Labels, groups, "the data");
        if (options.ValidationFraction == 0)
        {
            var (encoder, all) = Encode(table, AllRows(table), groups.Partitions, options, null);
            return new TrainingSplits(encoder, all, all, groups, groups.Warnings);
        }

        var (kept, heldOut) = RowSplit.Stratified(Strata(table.Labels, groups.Partitions), options.ValidationFraction, seed);
        if (heldOut.Length == 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture,
                $"ValidationFraction {options.ValidationFraction} of {table.RowCount} rows holds out no row: give more rows, validation "
                + $"data, or ValidationFraction = 0."));
        }

        var labels = Take(table.Labels, kept);
        var trained = groups.Take(kept).Define(labels, table.Weights is null ? null : Take(table.Weights, kept), options.UndefinedRates,
            "the training part of the data");
        TrainingChecks.Check(labels, trained, "the training part of the data");
        var (fitted, training) = Encode(table, kept, trained.Partitions, options, null);
        var others = trained.OfOtherRows(groups.Take(heldOut).Partitions, Take(table.Labels, heldOut), out var warnings);
        return AddHeldOut(new TrainingSplits(fitted, training, training, trained, [.. trained.Warnings, .. warnings]), table, heldOut, others,
            options, seed);
    }

    /// <summary>Takes the rows to choose the epoch with from data of their own.</summary>
    internal static TrainingSplits Pair(RawTable training, RawTable validation, ConstrainedTrainerOptions options, int seed)
    {
        var groups = ConstraintGroups.Of(training, options)
            .Define(training.Labels, training.Weights, options.UndefinedRates, "the training data");
        TrainingChecks.Check(training.Labels, groups, "the training data");
        var (encoder, rows) = Encode(training, AllRows(training), groups.Partitions, options, null);
        var partitions = GroupFilter.OfValidation(validation.Partitions(options.Constraints), options, out var missing);
        var matched = groups.OfOtherRows(partitions, validation.Labels, out var warnings);
        return AddHeldOut(new TrainingSplits(encoder, rows, rows, groups, [.. groups.Warnings, .. missing, .. warnings]), validation,
            AllRows(validation), matched, options, seed);
    }

    // Adds the rows that are not trained on: all choose the epoch, or, where a confidence is asked for, half do and half test what was
    // chosen. The partitions are of the held-out rows.
    private static TrainingSplits AddHeldOut(TrainingSplits data, RawTable table, int[] heldOut, IReadOnlyList<GroupPartition> partitions,
        ConstrainedTrainerOptions options, int seed)
    {
        if (options.ConfidenceLevel is null)
        {
            var (_, all) = Encode(table, heldOut, partitions, options, data.Encoder);
            return data with { Validation = all, Warnings = [.. data.Warnings, .. TrainingChecks.Warn(all, data.Groups)] };
        }

        var (first, second) = RowSplit.Stratified(Strata(Take(table.Labels, heldOut), partitions), SafetyShare, RowSplit.Derive(seed));
        if (second.Length == 0)
        {
            throw new InvalidOperationException(
                $"ConfidenceLevel halves the rows that are not trained on, but the {heldOut.Length} that there are leave none for the "
                + "second half: give more.");
        }

        TrainingRows Part(int[] indices) => Encode(table, Array.ConvertAll(indices, index => heldOut[index]),
            (data.Groups with { Partitions = partitions }).Take(indices).Partitions, options, data.Encoder).Rows;
        var (validation, safety) = (Part(first), Part(second));
        IReadOnlyList<string> seen = options.ContinueFrom is null ? [] : [SeenBefore];
        IReadOnlyList<string> warnings = [.. data.Warnings, .. TrainingChecks.Warn(validation, data.Groups),
            .. TrainingChecks.Warn(safety, data.Groups, "the safety rows"), .. seen];
        return data with { Validation = validation, Safety = safety, Warnings = warnings };
    }

    private static int[] AllRows(RawTable table) => [.. Enumerable.Range(0, table.RowCount)];

    // Rows are divided so that both parts have each class of each group in proportion.
    private static int[] Strata(float[] labels, IReadOnlyList<GroupPartition> partitions)
    {
        var strata = Array.ConvertAll(labels, label => (int)label);
        foreach (var partition in partitions.Distinct(ReferenceEqualityComparer.Instance).Cast<GroupPartition>())
        {
            var seen = new Dictionary<(int, int), int>();
            for (var row = 0; row < strata.Length; row++)
            {
                var key = (strata[row], partition.GroupOfRow[row]);
                if (!seen.TryGetValue(key, out var stratum))
                    seen.Add(key, stratum = seen.Count);
                strata[row] = stratum;
            }
        }

        return strata;
    }

    // The rows of a table by their numbers; the partitions are of these rows.
    private static (FeatureEncoder Encoder, TrainingRows Rows) Encode(RawTable table, int[] rows, IReadOnlyList<GroupPartition> partitions,
        ConstrainedTrainerOptions options, FeatureEncoder? fitted)
    {
        var all = rows.Length == table.RowCount;
        var features = all ? table.Features : Take(table.Features, table.FeatureCount, rows);
        if (options.ContinueFrom is { } model && model.FeatureCount != table.FeatureCount)
        {
            throw new InvalidOperationException(
                $"The data have {table.FeatureCount} features, but the model to continue from has {model.FeatureCount}.");
        }

        var encoder = fitted ?? options.ContinueFrom?.Encoder ?? FeatureEncoder.Fit(options.FeatureEncoding, features, table.FeatureCount);
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
