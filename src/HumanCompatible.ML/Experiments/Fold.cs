using HumanCompatible.ML.Data;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Experiments;

/// <summary>Rows, as models score them and as they were read.</summary>
internal sealed record DataPart(IDataView View, RawTable Table);

/// <summary>
/// The rows of one training of a run: those that train, those that choose the epoch and guide the search, those that judge finalists.
/// </summary>
/// <param name="featurizer">The user's pipeline, fitted on the training rows alone; null where there is none.</param>
/// <param name="training">The rows to train on.</param>
/// <param name="tuning">The rows that choose the epoch and guide the search.</param>
/// <param name="judging">The rows that only finalists are scored on.</param>
internal sealed class Fold(ITransformer? featurizer, DataPart training, DataPart tuning, DataPart judging)
{
    private readonly Lock _lock = new();
    private readonly List<(ConstrainedTrainerOptions Options, Lazy<TrainingSplits> Splits)> _divided = [];

    internal ITransformer? Featurizer => featurizer;

    internal DataViewSchema Schema => training.View.Schema;

    internal RawTable Training => training.Table;

    internal DataPart Tuning => tuning;

    internal DataPart Judging => judging;

    /// <summary>
    /// The training rows, encoded, with the rows that choose the epoch; made once for all options that do not differ in that.
    /// </summary>
    internal TrainingSplits Divide(ConstrainedTrainerOptions options, SplitSettings settings)
    {
        Lazy<TrainingSplits> splits;
        lock (_lock)
        {
            var known = _divided.FindIndex(other => DivideAlike(other.Options, options));
            if (known < 0)
            {
                // A model to go on from has the encoder that would be fitted here.
                var fresh = settings with { KnownEncoder = null, KnownTask = null, Previous = null };
                _divided.Add((options, new(() => TrainingSplits.Pair(training.Table, tuning.Table, fresh))));
                known = _divided.Count - 1;
            }

            splits = _divided[known].Splits;
        }

        return splits.Value;
    }

    /// <summary>A model of this fold as the bytes of its file.</summary>
    internal byte[] Write(ITransformer model) => ExperimentTask.Write(model, Schema);

    /// <summary>The model that <see cref="Write"/> wrote.</summary>
    internal static ISingleFeaturePredictionTransformer<ConstrainedModelParameters> Read(byte[] bytes)
        => ExperimentTask.PredictionOf(ExperimentTask.Read(bytes));

    private static bool DivideAlike(ConstrainedTrainerOptions one, ConstrainedTrainerOptions other)
        => one.Constraints.SequenceEqual(other.Constraints) && one.Groups.Equals(other.Groups)
            && one.FeatureEncoding == other.FeatureEncoding && one.EncodeMissingValues == other.EncodeMissingValues
            && Equals(one.Encoding, other.Encoding) && one.MayScaleInputs == other.MayScaleInputs
            && one.ConfidenceLevel.Equals(other.ConfidenceLevel) && one.Seed == other.Seed;
}
