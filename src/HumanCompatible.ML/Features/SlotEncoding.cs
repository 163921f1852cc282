namespace HumanCompatible.ML.Features;

/// <summary>
/// How one slot is encoded: a scaled value, indicators of dominant values, and bins between boundaries. The arrays are never changed.
/// </summary>
/// <param name="Offset">Subtracted from the value before scaling.</param>
/// <param name="Scale">Multiplies the shifted value; 0 leaves the slot out.</param>
/// <param name="Dominants">The values that have an indicator, increasing.</param>
/// <param name="Boundaries">The boundaries, strictly increasing: none, or at least two.</param>
internal sealed record SlotEncoding(float Offset, float Scale, float[] Dominants, float[] Boundaries)
{
    /// <summary>A slot that is passed on as it is.</summary>
    public static SlotEncoding Identity { get; } = new(0, 1, [], []);

    /// <summary>A slot that the network does not see.</summary>
    public static SlotEncoding LeftOut { get; } = new(0, 0, [], []);

    /// <summary>The number of inputs that the slot becomes.</summary>
    public int Width => Scale == 0 ? 0 : 1 + Dominants.Length + Math.Max(Boundaries.Length - 1, 0);

    /// <summary>Encodes a finite value into <see cref="Width"/> inputs: scaled value, indicators, bins.</summary>
    public void Encode(float value, Span<float> encoded)
    {
        if (encoded.IsEmpty)
            return;
        encoded[0] = (float)Math.Clamp(((double)value - Offset) * Scale, float.MinValue, float.MaxValue);
        if (encoded.Length == 1)
            return;
        for (var i = 0; i < Dominants.Length; i++)
            encoded[1 + i] = value == Dominants[i] ? 1 : 0;

        var bins = encoded[(1 + Dominants.Length)..];
        var reached = CountAtMost(value);
        var full = Math.Clamp(reached - 1, 0, bins.Length);
        bins[..full].Fill(1);
        bins[full..].Clear();
        if (reached >= 1 && full < bins.Length)
        {
            double from = Boundaries[full], to = Boundaries[full + 1];
            bins[full] = (float)((value - from) / (to - from));
        }
    }

    /// <summary>The number of boundaries that are at most the value.</summary>
    private int CountAtMost(float value)
    {
        int low = 0, high = Boundaries.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Boundaries[middle] <= value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
