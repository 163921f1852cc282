using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// A linear layer, z = W x + b. Of several units, the sums of all are kept in registers while the inputs that are not 0 come one after
/// another: a zero, of which one-hot slots and ReLU give many, is not multiplied. Of few, each is a dot product.
/// </summary>
internal sealed class ManagedLayer
{
    /// <summary>The floats of a vector.</summary>
    private const int Lanes = 8;

    /// <summary>The floats of a line of the processor's cache: a vector on two of them takes twice as long to load.</summary>
    private const int LineFloats = 16;

    // [columns, stride], the units beyond the last having weights 0; or of few units [units, columns]. They begin at _start, with a line.
    private readonly float[] _weights;
    private readonly int _start;
    private readonly int _columnCount;
    private readonly float[] _bias;

    /// <param name="weights">W, [units, inputs].</param>
    /// <param name="bias">b, [units].</param>
    /// <param name="lines">What has the columns after the inputs.</param>
    internal ManagedLayer(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<BrokenLine> lines)
    {
        UnitCount = bias.Length;
        IsByColumn = UnitCount >= Lanes;
        SumCount = IsByColumn ? (UnitCount + Lanes - 1) / Lanes * Lanes : UnitCount;
        _bias = new float[SumCount];
        bias.CopyTo(_bias);

        var inputCount = weights.Length / UnitCount;
        _columnCount = lines.IsEmpty ? inputCount : lines[^1].FirstColumn + lines[^1].ColumnCount;
        _weights = GC.AllocateArray<float>(checked(_columnCount * SumCount) + LineFloats, pinned: true);
        _start = -(int)(Marshal.UnsafeAddrOfPinnedArrayElement(_weights, 0) / sizeof(float)) & (LineFloats - 1);
        var own = _weights.AsSpan(_start);
        var (ofColumn, ofUnit) = IsByColumn ? (SumCount, 1) : (1, _columnCount);
        for (var input = 0; input < inputCount; input++)
        {
            for (var unit = 0; unit < UnitCount; unit++)
                own[(input * ofColumn) + (unit * ofUnit)] = weights[(unit * inputCount) + input];
        }

        foreach (var line in lines)
            line.Draw(weights, inputCount, own[(line.FirstColumn * ofColumn)..], ofColumn, ofUnit);
    }

    /// <summary>The units.</summary>
    internal int UnitCount { get; }

    /// <summary>The room for z: the units, and what fills the last vector.</summary>
    internal int SumCount { get; }

    /// <summary>Whether it takes terms, for which zeros are best left out, rather than all inputs.</summary>
    internal bool IsByColumn { get; }

    /// <summary>Computes z of terms, added one after the other.</summary>
    /// <param name="columns">The column of each.</param>
    /// <param name="values">The value of each; as many.</param>
    /// <param name="sums">Receives z, [SumCount].</param>
    [MethodImpl(MethodImplOptions.NoInlining)] // into a long caller, whose loops would lose their registers
    internal void Sum(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<float> sums)
    {
        if (IsByColumn)
        {
            SumByColumn(columns, values[..columns.Length], sums[..SumCount]);
            return;
        }

        for (var unit = 0; unit < UnitCount; unit++)
        {
            var row = _weights.AsSpan(_start + (unit * _columnCount), _columnCount);
            var sum = _bias[unit];
            for (var entry = 0; entry < columns.Length; entry++)
                sum += values[entry] * row[columns[entry]];
            sums[unit] = sum;
        }
    }

    /// <summary>Adds neighboring inputs, of few units.</summary>
    /// <param name="first">The first input.</param>
    /// <param name="values">The value of each.</param>
    /// <param name="sums">What they are added to, [SumCount].</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Add(int first, ReadOnlySpan<float> values, Span<float> sums)
    {
        for (var unit = 0; unit < UnitCount; unit++)
            sums[unit] += Dot(_weights.AsSpan(_start + (unit * _columnCount) + first, values.Length), values);
    }

    private void SumByColumn(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<float> sums)
    {
        ref var weights = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_weights), _start);
        ref var bias = ref MemoryMarshal.GetArrayDataReference(_bias);
        ref var target = ref MemoryMarshal.GetReference(sums);
        var unit = 0;
        for (; unit <= SumCount - (8 * Lanes); unit += 8 * Lanes)
        {
            ref var first = ref Unsafe.Add(ref weights, unit);
            if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
                SumFourWide(columns, values, ref first, SumCount, ref Unsafe.Add(ref bias, unit), ref Unsafe.Add(ref target, unit));
            else
                SumEight(columns, values, ref first, SumCount, ref Unsafe.Add(ref bias, unit), ref Unsafe.Add(ref target, unit));
        }

        for (; unit <= SumCount - (2 * Lanes); unit += 2 * Lanes)
        {
            SumTwo(columns, values, ref Unsafe.Add(ref weights, unit), SumCount, ref Unsafe.Add(ref bias, unit),
                ref Unsafe.Add(ref target, unit));
        }

        if (unit < SumCount)
        {
            SumOne(columns, values, ref Unsafe.Add(ref weights, unit), SumCount, ref Unsafe.Add(ref bias, unit),
                ref Unsafe.Add(ref target, unit));
        }
    }

    // The sums of SumEight, bit for bit, by half as many instructions.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void SumFourWide(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, ref float weights, int stride, ref float bias,
        ref float sums)
    {
        const int wide = 2 * Lanes;
        Vector512<float> sum0 = Vector512.LoadUnsafe(ref bias), sum1 = Vector512.LoadUnsafe(ref bias, wide),
            sum2 = Vector512.LoadUnsafe(ref bias, 2 * wide), sum3 = Vector512.LoadUnsafe(ref bias, 3 * wide);
        for (var term = 0; term < columns.Length; term++)
        {
            var value = Vector512.Create(values[term]);
            ref var column = ref Unsafe.Add(ref weights, (nint)columns[term] * stride);
            sum0 = Avx512F.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref column), sum0);
            sum1 = Avx512F.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref column, wide), sum1);
            sum2 = Avx512F.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref column, 2 * wide), sum2);
            sum3 = Avx512F.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref column, 3 * wide), sum3);
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, wide);
        sum2.StoreUnsafe(ref sums, 2 * wide);
        sum3.StoreUnsafe(ref sums, 3 * wide);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void SumEight(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, ref float weights, int stride, ref float bias,
        ref float sums)
    {
        Vector256<float> sum0 = Load(ref bias, 0), sum1 = Load(ref bias, 1), sum2 = Load(ref bias, 2), sum3 = Load(ref bias, 3),
            sum4 = Load(ref bias, 4), sum5 = Load(ref bias, 5), sum6 = Load(ref bias, 6), sum7 = Load(ref bias, 7);
        for (var term = 0; term < columns.Length; term++)
        {
            var value = Vector256.Create(values[term]);
            ref var column = ref Unsafe.Add(ref weights, (nint)columns[term] * stride);
            sum0 = MultiplyAdd(value, Load(ref column, 0), sum0);
            sum1 = MultiplyAdd(value, Load(ref column, 1), sum1);
            sum2 = MultiplyAdd(value, Load(ref column, 2), sum2);
            sum3 = MultiplyAdd(value, Load(ref column, 3), sum3);
            sum4 = MultiplyAdd(value, Load(ref column, 4), sum4);
            sum5 = MultiplyAdd(value, Load(ref column, 5), sum5);
            sum6 = MultiplyAdd(value, Load(ref column, 6), sum6);
            sum7 = MultiplyAdd(value, Load(ref column, 7), sum7);
        }

        Store(sum0, ref sums, 0);
        Store(sum1, ref sums, 1);
        Store(sum2, ref sums, 2);
        Store(sum3, ref sums, 3);
        Store(sum4, ref sums, 4);
        Store(sum5, ref sums, 5);
        Store(sum6, ref sums, 6);
        Store(sum7, ref sums, 7);
    }

    private static void SumTwo(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, ref float weights, int stride, ref float bias,
        ref float sums)
    {
        Vector256<float> sum0 = Load(ref bias, 0), sum1 = Load(ref bias, 1);
        for (var term = 0; term < columns.Length; term++)
        {
            var value = Vector256.Create(values[term]);
            ref var column = ref Unsafe.Add(ref weights, (nint)columns[term] * stride);
            sum0 = MultiplyAdd(value, Load(ref column, 0), sum0);
            sum1 = MultiplyAdd(value, Load(ref column, 1), sum1);
        }

        Store(sum0, ref sums, 0);
        Store(sum1, ref sums, 1);
    }

    private static void SumOne(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, ref float weights, int stride, ref float bias,
        ref float sums)
    {
        var sum = Load(ref bias, 0);
        for (var term = 0; term < columns.Length; term++)
        {
            ref var column = ref Unsafe.Add(ref weights, (nint)columns[term] * stride);
            sum = MultiplyAdd(Vector256.Create(values[term]), Load(ref column, 0), sum);
        }

        Store(sum, ref sums, 0);
    }

    // TensorPrimitives.Dot takes twice as long for as few.
    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        ref var first = ref MemoryMarshal.GetReference(left);
        ref var second = ref MemoryMarshal.GetReference(right);
        Vector256<float> sum0 = default, sum1 = default;
        var index = 0;
        for (; index <= right.Length - (2 * Lanes); index += 2 * Lanes)
        {
            sum0 = MultiplyAdd(Load(ref Unsafe.Add(ref first, index), 0), Load(ref Unsafe.Add(ref second, index), 0), sum0);
            sum1 = MultiplyAdd(Load(ref Unsafe.Add(ref first, index), 1), Load(ref Unsafe.Add(ref second, index), 1), sum1);
        }

        if (index <= right.Length - Lanes)
        {
            sum0 = MultiplyAdd(Load(ref Unsafe.Add(ref first, index), 0), Load(ref Unsafe.Add(ref second, index), 0), sum0);
            index += Lanes;
        }

        var sum = Vector256.Sum(sum0 + sum1);
        for (; index < right.Length; index++)
            sum += left[index] * right[index];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(ref float start, nuint vector) => Vector256.LoadUnsafe(ref start, vector * Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> values, ref float start, nuint vector) => values.StoreUnsafe(ref start, vector * Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> sum)
        => Fma.IsSupported ? Fma.MultiplyAdd(left, right, sum) : (left * right) + sum;
}
