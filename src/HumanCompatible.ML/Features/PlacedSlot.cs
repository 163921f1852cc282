using System.Runtime.CompilerServices;

namespace HumanCompatible.ML.Features;

/// <summary>The encoding of a slot, and where its inputs are among those of a row.</summary>
/// <param name="Encoding">The encoding.</param>
/// <param name="Start">The first input.</param>
/// <param name="FirstBin">The number of the first bin among the bins of all slots.</param>
/// <param name="Line">What the slot gives to a weighted sum; null where it has no bins.</param>
internal readonly record struct PlacedSlot(SlotEncoding Encoding, int Start, int FirstBin, BrokenLine? Line)
{
    /// <summary>Whether the slot becomes one input, as it is, and its value is never missing.</summary>
    public bool IsPlain { get; } = Encoding.IsIdentity && !Encoding.TakesMissing;

    /// <summary>Encodes a value into the inputs that are not 0, see <see cref="SlotEncoding"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Encode<TSink>(float value, ref TSink sink, Span<float> target)
        where TSink : struct, IEntrySink
    {
        if (TSink.TakesLines && Line is { } line)
            sink.AddLine(line, value);
        else if (!IsPlain)
            Encoding.Encode(value, Start, FirstBin, ref sink, target);
        else if (value != 0)
            sink.Add(Start, value, target);
    }

    /// <summary>Whether the value 0 has an input that is not 0.</summary>
    public bool IsSeenAtZero()
    {
        if (IsPlain)
            return false;
        var inputs = new float[Encoding.Width];
        Encoding.Encode(0, inputs);
        return Array.Exists(inputs, input => input != 0);
    }
}
