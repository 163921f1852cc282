using HumanCompatible.ML.Networks;
namespace HumanCompatible.ML.Features;

/// <summary>
/// A <see cref="FeatureEncoder"/> as named arrays, for a model file: <c>encoding.offset</c>, <c>encoding.scale</c>,
/// <c>encoding.dominantCount</c> and
/// <c>encoding.boundaryCount</c> of shape <c>[features]</c>; <c>encoding.dominants</c> and <c>encoding.boundaries</c>, those of all slots
/// one after the other.
/// </summary>
internal static class FeatureEncoderTensors
{
    private const string Offset = "encoding.offset", Scale = "encoding.scale", DominantCount = "encoding.dominantCount",
        BoundaryCount = "encoding.boundaryCount", Dominants = "encoding.dominants", Boundaries = "encoding.boundaries";

    /// <summary>The arrays of an encoder.</summary>
    public static NetworkWeights Write(FeatureEncoder encoder)
    {
        var slots = encoder.Slots;
        return new NetworkWeights(
        [
            Vector(Offset, slots.Select(slot => slot.Offset)),
            Vector(Scale, slots.Select(slot => slot.Scale)),
            Vector(DominantCount, slots.Select(slot => (float)slot.Dominants.Length)),
            Vector(BoundaryCount, slots.Select(slot => (float)slot.Boundaries.Length)),
            Vector(Dominants, slots.SelectMany(slot => slot.Dominants)),
            Vector(Boundaries, slots.SelectMany(slot => slot.Boundaries)),
        ]);
    }

    /// <summary>The encoder of arrays. Arrays of other names are not looked at.</summary>
    /// <param name="arrays">What <see cref="Write"/> gave.</param>
    /// <param name="inputCount">The number of features.</param>
    /// <exception cref="FormatException">An array is missing, of the wrong shape, or holds what no encoder can have; the message says
    /// which.</exception>
    public static FeatureEncoder Read(NetworkWeights arrays, int inputCount)
    {
        ReadOnlySpan<float> offset = Find(arrays, Offset, inputCount), scale = Find(arrays, Scale, inputCount);
        ReadOnlySpan<float> dominants = Find(arrays, Dominants, null), boundaries = Find(arrays, Boundaries, null);
        ReadOnlySpan<float> dominantCount = Find(arrays, DominantCount, inputCount),
            boundaryCount = Find(arrays, BoundaryCount, inputCount);
        var slots = new SlotEncoding[inputCount];
        for (var slot = 0; slot < inputCount; slot++)
        {
            if (!float.IsFinite(offset[slot]))
            {
                throw new FormatException(FormattableString.Invariant(
                    $"'{Offset}' must be finite, got {offset[slot]} for feature {slot}."));
            }

            if (!(scale[slot] >= 0 && float.IsFinite(scale[slot])))
            {
                throw new FormatException(FormattableString.Invariant(
                    $"'{Scale}' must be finite and not negative, got {scale[slot]} for feature {slot}."));
            }

            slots[slot] = new SlotEncoding(
                offset[slot],
                scale[slot],
                Take(ref dominants, Dominants, dominantCount[slot], slot),
                Take(ref boundaries, Boundaries, boundaryCount[slot], slot));
            if (slots[slot].Boundaries.Length == 1)
                throw new FormatException($"'{BoundaryCount}' must be 0 or at least 2, got 1 for feature {slot}.");
        }

        if (!dominants.IsEmpty)
            throw new FormatException($"'{Dominants}' has {dominants.Length} more values than '{DominantCount}' says.");
        if (!boundaries.IsEmpty)
            throw new FormatException($"'{Boundaries}' has {boundaries.Length} more values than '{BoundaryCount}' says.");
        return new FeatureEncoder(slots);
    }

    private static NetworkArray Vector(string name, IEnumerable<float> values)
    {
        float[] array = [.. values];
        return new NetworkArray(name, [array.Length], array);
    }

    private static ReadOnlySpan<float> Find(NetworkWeights arrays, string name, int? length)
    {
        if (arrays.Find(name) is not { } array)
            throw new FormatException($"The array '{name}' is missing.");
        if (array.Shape.Length != 1 || (length is { } expected && array.Shape[0] != expected))
            throw new FormatException($"The array '{name}' must have shape [{length?.ToString() ?? "any"}], got {array.ShapeText}.");
        return array.Values.Span;
    }

    private static float[] Take(ref ReadOnlySpan<float> values, string name, float count, int slot)
    {
        if (!(count >= 0 && count <= values.Length && count == MathF.Floor(count)))
        {
            throw new FormatException(FormattableString.Invariant(
                $"'{name}' has {values.Length} values left for feature {slot}, which needs {count}."));
        }

        var taken = values[..(int)count].ToArray();
        values = values[(int)count..];
        for (var i = 0; i < taken.Length; i++)
        {
            if (!float.IsFinite(taken[i]) || (i > 0 && !(taken[i] > taken[i - 1])))
            {
                throw new FormatException(FormattableString.Invariant(
                    $"'{name}' must be finite and increasing, got {taken[i]} at position {i} of feature {slot}."));
            }
        }

        return taken;
    }
}
