using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>The outputs of a network for a row.</summary>
/// <param name="features">The row.</param>
/// <param name="outputs">Receives them.</param>
internal delegate void RowOutputs(ReadOnlySpan<float> features, Span<float> outputs);

/// <summary>
/// Probes.safetensors: what a network of the user's own gives for a few rows. Names and shapes of the weights cannot tell whether the
/// program that loads them builds the same function. <c>features</c> <c>[rows, features]</c> and <c>outputs</c> <c>[rows, outputs]</c>, as
/// 32-bit floats. The rows are drawn at random about the center of the training rows; none of them is one.
/// </summary>
internal static class ProbesEntry
{
    internal const string Name = "Probes.safetensors";

    private const string Features = "features", Outputs = "outputs";
    private const int RowCount = 4;

    // One device differs from another by rounding; another function differs by much more somewhere.
    private const double Tolerance = 1e-3;

    /// <summary>What a network gives.</summary>
    internal static NetworkProbes Of(TrainedModel model, RowOutputs score)
    {
        var random = new Random(1);
        var slots = model.Encoder.Slots;
        var rows = new float[RowCount * slots.Count];
        for (var index = 0; index < rows.Length; index++)
        {
            var slot = slots[index % slots.Count];
            var value = (float)(slot.Offset + (((4 * random.NextDouble()) - 2) / slot.Scale));
            rows[index] = float.IsFinite(value) ? value : slot.Offset;
        }

        return new NetworkProbes(rows, Score(model, rows, score));
    }

    internal static byte[] Write(NetworkProbes probes) => SafetensorsWriter.ToBytes(
    [
        SafetensorsTensor.From<float>(Features, [RowCount, probes.Features.Length / RowCount], probes.Features),
        SafetensorsTensor.From<float>(Outputs, [RowCount, probes.Outputs.Length / RowCount], probes.Outputs),
    ]);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="inputCount">The features.</param>
    /// <param name="outputCount">The outputs of the network.</param>
    /// <exception cref="InvalidDataException">A tensor is missing, of another type or shape, or a feature is not finite.</exception>
    internal static NetworkProbes Read(byte[] bytes, int inputCount, int outputCount)
    {
        var tensors = new TensorReader(bytes);
        var features = TensorReader.Finite(Features, tensors.Array<float>(Features, [RowCount, inputCount]));
        var outputs = tensors.Array<float>(Outputs, [RowCount, outputCount]);
        tensors.Finish();
        return new NetworkProbes(features, outputs);
    }

    /// <summary>Checks that the network of a loaded model gives what it gave.</summary>
    /// <exception cref="InvalidDataException">It gives something else.</exception>
    internal static void Check(NetworkProbes probes, TrainedModel model, RowOutputs score)
    {
        var outputs = Score(model, probes.Features, score);
        var other = Enumerable.Range(0, outputs.Length).FirstOrDefault(index => !IsSame(probes.Outputs[index], outputs[index]), -1);
        if (other < 0)
            return;
        throw new InvalidDataException(FormattableString.Invariant(
            $"{model.Network} gives {outputs[other]} for a row for which the saved one gave {probes.Outputs[other]}: the factory that is ")
            + "registered under its name in this program builds another function than the one that was trained.");
    }

    private static float[] Score(TrainedModel model, float[] features, RowOutputs score)
    {
        var (width, count) = (model.Encoder.InputCount, model.Task.OutputCount);
        var outputs = new float[RowCount * count];
        for (var row = 0; row < RowCount; row++)
            score(features.AsSpan(row * width, width), outputs.AsSpan(row * count, count));
        return outputs;
    }

    private static bool IsSame(float saved, float given)
        => saved.Equals(given)
            || (float.IsFinite(saved) && Math.Abs((double)given - saved) <= Tolerance * Math.Max(1, Math.Abs((double)saved)));
}
