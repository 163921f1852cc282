using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HumanCompatible.ML.Features;

/// <summary>Finds the values that are not 0.</summary>
internal static class Nonzero
{
    /// <summary>The values of a mask.</summary>
    internal const int Count = 64;

    /// <summary>So much more room than values does <see cref="List"/> need.</summary>
    internal const int Lanes = 8;

    // Of every mask of a vector the places of its bits, the lowest first, and 0 after them.
    private static readonly ulong[] Places = [.. Enumerable.Range(0, 1 << Lanes).Select(mask =>
    {
        ulong places = 0;
        for (var place = Lanes - 1; place >= 0; place--)
            places = (mask & (1 << place)) == 0 ? places : (places << 8) | (uint)place;
        return places;
    })];

    /// <summary>A bit for each value that is not 0, the first value's the lowest.</summary>
    /// <param name="values">At most <see cref="Count"/>, and at least one.</param>
    internal static ulong Mask(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var (zeros, index) = (0UL, 0);
        for (; index <= values.Length - Lanes; index += Lanes)
            zeros |= (ulong)Zeros(Vector256.LoadUnsafe(ref start, (nuint)index)) << index;
        for (; index < values.Length; index++)
            zeros |= (values[index] == 0 ? 1UL : 0) << index;
        return ~zeros & (ulong.MaxValue >> (Count - values.Length));
    }

    /// <summary>Lists the values that are not 0, without a branch: no processor could predict which they are.</summary>
    /// <param name="values">The values.</param>
    /// <param name="first">The number of the first.</param>
    /// <param name="numbers">Receives the number of each. As long as the values and <see cref="Lanes"/> more.</param>
    /// <param name="listed">Receives the values; as long.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="ArgumentException">There is too little room.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)] // so that its registers are its own
    internal static int List(ReadOnlySpan<float> values, int first, Span<int> numbers, Span<float> listed)
        => ListThose(values, first, numbers, listed, withNegative: true);

    /// <summary>Lists what <see cref="List"/> would after ReLU: the values that are above 0, or no number.</summary>
    /// <inheritdoc cref="List"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static int ListRectified(ReadOnlySpan<float> values, int first, Span<int> numbers, Span<float> listed)
        => ListThose(values, first, numbers, listed, withNegative: false);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ListThose(ReadOnlySpan<float> values, int first, Span<int> numbers, Span<float> listed, bool withNegative)
    {
        if (Math.Min(numbers.Length, listed.Length) < values.Length + Lanes)
            throw new ArgumentException("There must be room for a vector more than the values.", nameof(numbers));
        ref var start = ref MemoryMarshal.GetReference(values);
        ref var number = ref MemoryMarshal.GetReference(numbers);
        ref var value = ref MemoryMarshal.GetReference(listed);
        var count = 0;
        if (Avx2.IsSupported && values.Length >= Lanes)
        {
            ref var places = ref MemoryMarshal.GetArrayDataReference(Places);
            var (last, left) = (values.Length - Lanes, (uint)byte.MaxValue);
            for (var index = 0; ; index += Lanes)
            {
                // The last vector begins among the values of the one before, which are not listed again.
                if (index > last)
                    (index, left) = (last, left << (index - last) & byte.MaxValue);
                var some = Vector256.LoadUnsafe(ref start, (nuint)index);
                var mask = ~(withNegative ? Zeros(some) : AtMostZero(some)) & left;
                var order = Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(Unsafe.Add(ref places, (nint)mask)).AsByte());
                (order + Vector256.Create(first + index)).StoreUnsafe(ref number, (nuint)count);
                Avx2.PermuteVar8x32(some, order).StoreUnsafe(ref value, (nuint)count);
                count += BitOperations.PopCount(mask);
                if (index == last)
                    return count;
            }
        }

        for (var index = 0; index < values.Length; index++)
        {
            (numbers[count], listed[count]) = (first + index, values[index]);
            count += (withNegative ? values[index] == 0 : values[index] <= 0) ? 0 : 1;
        }

        return count;
    }

    private static uint AtMostZero(Vector256<float> values)
        => Vector256.LessThanOrEqual(values, Vector256<float>.Zero).ExtractMostSignificantBits();

    private static uint Zeros(Vector256<float> values) => Vector256.Equals(values, Vector256<float>.Zero).ExtractMostSignificantBits();
}
