using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>The rows to train on and the rows to choose the epoch with, encoded and divided into groups.</summary>
/// <param name="Encoder">The feature encoding, fitted on the training rows only.</param>
/// <param name="Training">The rows to train on.</param>
/// <param name="Selection">The rows to choose the epoch with; the same object as <paramref name="Training"/> where none are held out.</param>
/// <param name="Warnings">What the user should know.</param>
internal sealed record TrainingData(FeatureEncoder Encoder, TrainingRows Training, TrainingRows Selection, IReadOnlyList<string> Warnings)
{
    /// <summary>The rows that test the chosen model; null where no confidence is asked for.</summary>
    internal TrainingRows? Safety { get; init; }

    private const double SafetyShare = 0.5;

    private const string SeenBefore = "The confidence of ConfidenceLevel is that of one test on rows that the model has never seen; the model that training goes on from may have seen the rows that test it now.";

    /// <summary>Holds out a share of the rows.</summary>
    internal static TrainingData Split(TrainingTable table, ConstrainedTrainerOptions options, int seed)
    {
        var partitions = table.Partitions(options.Constraints);
        if (options.ValidationFraction == 0)
        {
            var (encoder, all) = Encode(table, Enumerable.Range(0, table.RowCount).ToArray(), partitions, options, null);
            TrainingChecks.Check(all, options.Constraints, "the data");
            return new TrainingData(encoder, all, all, []);
        }

        TrainingChecks.Check(new TrainingRows([], 0, table.Labels, table.Weights, partitions), options.Constraints, "the data");
        var strata = Strata(table, partitions);
        var (kept, heldOut) = RowSplit.Stratified(strata, options.ValidationFraction, seed);
        if (heldOut.Length == 0)
            throw new InvalidOperationException(FormattableString.Invariant($"ValidationFraction {options.ValidationFraction} of {table.RowCount} rows holds out no row: give more rows, validation data, or ValidationFraction = 0."));
        var (fitted, training) = Encode(table, kept, partitions, options, null);
        TrainingChecks.Check(training, options.Constraints, "the training part of the data");
        return Judge(new TrainingData(fitted, training, training, []), table, heldOut, strata, partitions, options, seed);
    }

    /// <summary>Takes the rows to choose the epoch with from data of their own.</summary>
    internal static TrainingData Pair(TrainingTable training, TrainingTable validation, ConstrainedTrainerOptions options, int seed)
    {
        var partitions = training.Partitions(options.Constraints);
        var (encoder, rows) = Encode(training, Enumerable.Range(0, training.RowCount).ToArray(), partitions, options, null);
        TrainingChecks.Check(rows, options.Constraints, "the training data");
        var matched = PartitionMatching.Match(validation.Partitions(options.Constraints), partitions, out var warnings);
        return Judge(new TrainingData(encoder, rows, rows, warnings), validation, Enumerable.Range(0, validation.RowCount).ToArray(), Strata(validation, matched), matched, options, seed);
    }

    // Adds the rows that are not trained on: all choose the epoch, or, where a confidence is asked for, half do and half test what was chosen.
    private static TrainingData Judge(TrainingData data, TrainingTable table, int[] heldOut, int[] strata, IReadOnlyList<GroupPartition> partitions, ConstrainedTrainerOptions options, int seed)
    {
        if (options.ConfidenceLevel is null)
        {
            var (_, all) = Encode(table, heldOut, partitions, options, data.Encoder);
            return data with { Selection = all, Warnings = [.. data.Warnings, .. TrainingChecks.Warn(all, options.Constraints)] };
        }

        var (first, second) = RowSplit.Stratified(Array.ConvertAll(heldOut, row => strata[row]), SafetyShare, RowSplit.Again(seed));
        if (second.Length == 0)
            throw new InvalidOperationException($"ConfidenceLevel halves the rows that are not trained on, but the {heldOut.Length} that there are leave none for the second half: give more.");
        var (_, selection) = Encode(table, Array.ConvertAll(first, index => heldOut[index]), partitions, options, data.Encoder);
        var (_, safety) = Encode(table, Array.ConvertAll(second, index => heldOut[index]), partitions, options, data.Encoder);
        IReadOnlyList<string> seen = options.ContinueFrom is null ? [] : [SeenBefore];
        IReadOnlyList<string> warnings = [.. data.Warnings, .. TrainingChecks.Warn(selection, options.Constraints), .. TrainingChecks.Warn(safety, options.Constraints, "the safety rows"), .. seen];
        return data with { Selection = selection, Safety = safety, Warnings = warnings };
    }

    // Rows are divided so that both parts have each class of each group in proportion.
    private static int[] Strata(TrainingTable table, IReadOnlyList<GroupPartition> partitions)
    {
        var strata = Array.ConvertAll(table.Labels, label => (int)label);
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

    private static (FeatureEncoder Encoder, TrainingRows Rows) Encode(TrainingTable table, int[] rows, IReadOnlyList<GroupPartition> partitions, ConstrainedTrainerOptions options, FeatureEncoder? fitted)
    {
        var all = rows.Length == table.RowCount;
        var features = all ? table.Features : Take(table.Features, table.FeatureCount, rows);
        if (options.ContinueFrom is { } model && model.FeatureCount != table.FeatureCount)
            throw new InvalidOperationException($"The data have {table.FeatureCount} features, but the model to continue from has {model.FeatureCount}.");
        var encoder = fitted ?? options.ContinueFrom?.Encoder ?? FeatureEncoder.Fit(options.FeatureEncoding, features, table.FeatureCount);
        if (encoder.OutputCount == 0)
            throw new InvalidOperationException("Every feature has the same value in all training rows: there is nothing to learn from.");
        var taken = new Dictionary<GroupPartition, GroupPartition>(ReferenceEqualityComparer.Instance);
        foreach (var partition in partitions)
            taken.TryAdd(partition, all ? partition : PartitionMatching.Take(partition, rows));
        return (encoder, new TrainingRows(
            encoder.Encode(features, rows.Length),
            encoder.OutputCount,
            all ? table.Labels : Array.ConvertAll(rows, row => table.Labels[row]),
            table.Weights is null || all ? table.Weights : Array.ConvertAll(rows, row => table.Weights[row]),
            [.. partitions.Select(partition => taken[partition])]));
    }

    private static float[] Take(float[] features, int featureCount, int[] rows)
    {
        var taken = new float[rows.Length * featureCount];
        for (var index = 0; index < rows.Length; index++)
            Array.Copy(features, rows[index] * featureCount, taken, index * featureCount, featureCount);
        return taken;
    }
}
