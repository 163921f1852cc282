using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HumanCompatible.ML.Features;

/// <summary>
/// Increasing numbers in blocks of a vector, and the last of each block: two comparisons find a value among 64. No processor could predict
/// the branches of a search by halves.
/// </summary>
internal readonly struct SortedValues
{
    private static readonly int Lanes = Vector256<float>.Count;

    // Filled up with infinity; of the values one block more than is full.
    private readonly float[] _values;
    private readonly float[] _lasts;

    /// <param name="values">Finite numbers, increasing; copied.</param>
    internal SortedValues(ReadOnlySpan<float> values)
    {
        _values = Filled(values, values.Length / Lanes);
        var lasts = new float[values.Length / Lanes];
        for (var block = 0; block < lasts.Length; block++)
            lasts[block] = values[(block * Lanes) + Lanes - 1];
        _lasts = Filled(lasts, (lasts.Length - 1) / Lanes);
    }

    /// <summary>How many of the numbers are at most a value.</summary>
    /// <param name="value">Finite.</param>
    internal int CountAtMost(float value)
    {
        var blocks = 0;
        for (var index = 0; index < _lasts.Length; index += Lanes)
            blocks += CountAtMost(_lasts, index, value);
        return (blocks * Lanes) + CountAtMost(_values, blocks * Lanes, value);
    }

    /// <summary>The place of a value among the numbers; -1 where it is not one of them.</summary>
    /// <param name="value">Finite.</param>
    internal int Find(float value)
    {
        var place = CountAtMost(value) - 1;
        return place >= 0 && _values[place] == value ? place : -1;
    }

    private static int CountAtMost(float[] values, int index, float value)
    {
        var some = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(values), (nuint)index);
        return BitOperations.PopCount(Vector256.LessThanOrEqual(some, Vector256.Create(value)).ExtractMostSignificantBits());
    }

    private static float[] Filled(ReadOnlySpan<float> values, int blocks)
    {
        var filled = new float[(blocks + 1) * Lanes];
        filled.AsSpan().Fill(float.PositiveInfinity);
        values.CopyTo(filled);
        return filled;
    }
}
