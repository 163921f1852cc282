using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// Encoding.safetensors: a <see cref="FeatureEncoder"/>. <c>offset</c>, <c>scale</c> (32-bit floats), <c>dominantCounts</c>,
/// <c>boundaryCounts</c> and <c>missing</c> (32-bit integers; 1 where a missing value has an input) have shape <c>[features]</c>;
/// <c>dominants</c> and <c>boundaries</c> (32-bit floats) hold those of all features one after the other.
/// </summary>
internal static class EncodingEntry
{
    internal const string Name = "Encoding.safetensors";

    private const string Offset = "offset", Scale = "scale", DominantCounts = "dominantCounts", BoundaryCounts = "boundaryCounts",
        Dominants = "dominants", Boundaries = "boundaries", Missing = "missing";

    internal static byte[] Write(FeatureEncoder encoder) => SafetensorsWriter.ToBytes(Tensors(encoder));

    /// <summary>The tensors, their names after a prefix.</summary>
    internal static IReadOnlyList<SafetensorsTensor> Tensors(FeatureEncoder encoder, string prefix = "")
    {
        var slots = encoder.Slots;
        return
        [
            SafetensorsTensor.From<float>(prefix + Offset, [.. slots.Select(slot => slot.Offset)]),
            SafetensorsTensor.From<float>(prefix + Scale, [.. slots.Select(slot => slot.Scale)]),
            SafetensorsTensor.From<int>(prefix + DominantCounts, [.. slots.Select(slot => slot.Dominants.Length)]),
            SafetensorsTensor.From<int>(prefix + BoundaryCounts, [.. slots.Select(slot => slot.Boundaries.Length)]),
            SafetensorsTensor.From<float>(prefix + Dominants, [.. slots.SelectMany(slot => slot.Dominants)]),
            SafetensorsTensor.From<int>(prefix + Missing, [.. slots.Select(slot => slot.TakesMissing ? 1 : 0)]),
            SafetensorsTensor.From<float>(prefix + Boundaries, [.. slots.SelectMany(slot => slot.Boundaries)]),
        ];
    }

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="inputCount">The number of features.</param>
    /// <exception cref="InvalidDataException">A tensor is missing, of another type or shape, or holds what no encoder can have.</exception>
    internal static FeatureEncoder Read(byte[] bytes, int inputCount)
    {
        var tensors = new TensorReader(bytes);
        float[] offset = tensors.Vector<float>(Offset, inputCount), scale = tensors.Vector<float>(Scale, inputCount);
        int[] dominantCounts = tensors.Vector<int>(DominantCounts, inputCount),
            boundaryCounts = tensors.Vector<int>(BoundaryCounts, inputCount),
            missing = tensors.Vector<int>(Missing, inputCount);
        ReadOnlySpan<float> dominants = tensors.Vector<float>(Dominants), boundaries = tensors.Vector<float>(Boundaries);
        tensors.Finish();

        var slots = new SlotEncoding[inputCount];
        for (var slot = 0; slot < inputCount; slot++)
        {
            if (!float.IsFinite(offset[slot]))
                throw Problem($"'{Offset}' must be finite, got {offset[slot]} for feature {slot}.");
            if (!(scale[slot] >= 0 && float.IsFinite(scale[slot])))
                throw Problem($"'{Scale}' must be finite and not negative, got {scale[slot]} for feature {slot}.");
            if (boundaryCounts[slot] == 1)
                throw Problem($"'{BoundaryCounts}' must be 0 or at least 2, got 1 for feature {slot}.");
            if (missing[slot] is not (0 or 1))
                throw Problem($"'{Missing}' must be 0 or 1, got {missing[slot]} for feature {slot}.");
            slots[slot] = new SlotEncoding(
                offset[slot],
                scale[slot],
                Take(ref dominants, Dominants, dominantCounts[slot], slot),
                Take(ref boundaries, Boundaries, boundaryCounts[slot], slot))
            {
                TakesMissing = missing[slot] == 1,
            };
        }

        if (!dominants.IsEmpty)
            throw Problem($"'{Dominants}' has {dominants.Length} more values than '{DominantCounts}' says.");
        if (!boundaries.IsEmpty)
            throw Problem($"'{Boundaries}' has {boundaries.Length} more values than '{BoundaryCounts}' says.");
        return new FeatureEncoder(slots);
    }

    private static float[] Take(ref ReadOnlySpan<float> values, string name, int count, int slot)
    {
        if (count < 0 || count > values.Length)
            throw Problem($"'{name}' has {values.Length} values left for feature {slot}, which needs {count}.");
        var taken = values[..count].ToArray();
        values = values[count..];
        for (var i = 0; i < taken.Length; i++)
        {
            if (!float.IsFinite(taken[i]) || (i > 0 && !(taken[i] > taken[i - 1])))
                throw Problem($"'{name}' must be finite and increasing, got {taken[i]} at position {i} of feature {slot}.");
        }

        return taken;
    }

    private static InvalidDataException Problem(FormattableString message) => new(FormattableString.Invariant(message));
}
