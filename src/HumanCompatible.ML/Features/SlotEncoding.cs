using System.Runtime.CompilerServices;

namespace HumanCompatible.ML.Features;

/// <summary>
/// How one slot is encoded: a scaled value, indicators of dominant values, bins between boundaries, and an indicator of a missing value.
/// The arrays are never changed.
/// </summary>
/// <param name="Offset">Subtracted from the value before scaling.</param>
/// <param name="Scale">Multiplies the shifted value; 0 leaves the value out.</param>
/// <param name="Dominants">The values that have an indicator, increasing: those that many rows have, and those that matter singly, see
/// <see cref="ValueEffects"/>.</param>
/// <param name="Boundaries">The boundaries, strictly increasing: none, or at least two.</param>
internal sealed record SlotEncoding(float Offset, float Scale, float[] Dominants, float[] Boundaries)
{
    /// <summary>A value becomes at most so many entries: scaled, one indicator, a run of full bins, the rest of a bin.</summary>
    public const int MostEntries = 4;

    /// <summary>A slot that is passed on as it is.</summary>
    public static SlotEncoding Identity { get; } = new(0, 1, [], []);

    /// <summary>A slot that the network does not see.</summary>
    public static SlotEncoding LeftOut { get; } = new(0, 0, [], []);

    /// <summary>Whether a missing value (NaN) has an indicator, the last input; the others are then 0.</summary>
    public bool TakesMissing { get; init; }

    /// <summary>The boundaries to be searched; none where there are none.</summary>
    public SortedValues Sorted { get; } = Boundaries.Length == 0 ? default : new(Boundaries);

    /// <summary>The values that have an indicator, to be searched; none where there are none.</summary>
    public SortedValues SortedDominants { get; } = Dominants.Length == 0 ? default : new(Dominants);

    /// <summary>The number of inputs that the slot becomes.</summary>
    public int Width => (Scale == 0 ? 0 : 1 + Dominants.Length + BinCount) + (TakesMissing ? 1 : 0);

    /// <summary>The number of bins.</summary>
    public int BinCount => Scale == 0 ? 0 : Math.Max(Boundaries.Length - 1, 0);

    /// <summary>Whether the slot becomes one input, its value as it is.</summary>
    public bool IsIdentity => this is { Offset: 0, Scale: 1, Width: 1 };

    /// <summary>Encodes a value into <see cref="Width"/> inputs: scaled value, indicators, bins, missing.</summary>
    /// <param name="value">Finite; or NaN where <see cref="TakesMissing"/>.</param>
    /// <param name="encoded">Receives the inputs, all 0 before.</param>
    public void Encode(float value, Span<float> encoded)
    {
        var sink = default(DenseInputs);
        Encode(value, 0, 0, ref sink, encoded);
    }

    /// <summary>Encodes a value into the inputs that are not 0.</summary>
    /// <param name="value">Finite; or NaN where <see cref="TakesMissing"/>.</param>
    /// <param name="start">The slot's first input.</param>
    /// <param name="firstBin">See <see cref="IEntrySink.AddRun"/>.</param>
    /// <param name="sink">Receives the inputs in rising order.</param>
    /// <param name="target">Handed on to the sink.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // so that what a sink counts stays in a register from slot to slot
    public void Encode<TSink>(float value, int start, int firstBin, ref TSink sink, Span<float> target)
        where TSink : struct, IEntrySink
    {
        if (TakesMissing && float.IsNaN(value))
        {
            sink.Add(start + Width - 1, 1, target);
            return;
        }

        if (Scale == 0)
            return;
        var scaled = Bounded(((double)value - Offset) * Scale);
        if (scaled != 0)
            sink.Add(start, scaled, target);
        if (Dominants.Length > 0 && SortedDominants.Find(value) is >= 0 and var dominant)
            sink.Add(start + 1 + dominant, 1, target);

        if (Boundaries.Length > 0)
            EncodeBins(value, start + 1 + Dominants.Length, firstBin, ref sink, target);
    }

    /// <summary>A number in single precision, where it is finite: the nearest that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Bounded(double value)
    {
        var single = (float)value;
        return float.IsFinite(single) ? single : MathF.CopySign(float.MaxValue, single);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EncodeBins<TSink>(float value, int start, int firstBin, ref TSink sink, Span<float> target)
        where TSink : struct, IEntrySink
    {
        var reached = Sorted.CountAtMost(value);
        var last = Boundaries.Length - 1;
        var full = Math.Clamp(reached - 1, 0, last);
        float rest = 0;
        if (reached >= 1 && full < last)
        {
            double from = Boundaries[full], to = Boundaries[full + 1];
            rest = (float)((value - from) / (to - from));
        }

        // Just below a boundary the rest may round to a full bin.
        if (rest == 1)
            (full, rest) = (full + 1, 0);
        if (full > 0)
            sink.AddRun(start, full, firstBin, target);
        if (rest != 0)
            sink.Add(start + full, rest, target);
    }
}
