using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HumanCompatible.ML.Features;

/// <summary>Finds the values that are not 0.</summary>
internal static class Nonzero
{
    /// <summary>The values of a mask.</summary>
    internal const int Count = 64;

    /// <summary>A bit for each value that is not 0, the first value's the lowest.</summary>
    /// <param name="values">At most <see cref="Count"/>, and at least one.</param>
    internal static ulong Mask(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var (zeros, index) = (0UL, 0);
        for (; index <= values.Length - Vector256<float>.Count; index += Vector256<float>.Count)
        {
            var some = Vector256.LoadUnsafe(ref start, (nuint)index);
            zeros |= (ulong)Vector256.Equals(some, Vector256<float>.Zero).ExtractMostSignificantBits() << index;
        }

        for (; index < values.Length; index++)
            zeros |= (values[index] == 0 ? 1UL : 0) << index;
        return ~zeros & (ulong.MaxValue >> (Count - values.Length));
    }
}
