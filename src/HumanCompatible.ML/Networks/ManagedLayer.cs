using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// A linear layer, z = W x + b. Of several units, the sums of all are kept in registers while the inputs that are not 0 come one after
/// another: a zero, of which one-hot slots and ReLU give many, costs nothing. Of few, each is a dot product.
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
    private readonly bool _isByColumn;
    private readonly int _columnCount;
    private readonly float[] _bias;

    /// <param name="weights">W, [units, inputs].</param>
    /// <param name="bias">b, [units].</param>
    /// <param name="lines">What has the columns after the inputs: height and rise of each piece, line after line.</param>
    internal ManagedLayer(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, IReadOnlyList<BrokenLine> lines)
    {
        UnitCount = bias.Length;
        _isByColumn = UnitCount >= Lanes;
        SumCount = _isByColumn ? (UnitCount + Lanes - 1) / Lanes * Lanes : UnitCount;
        _bias = new float[SumCount];
        bias.CopyTo(_bias);

        var inputCount = weights.Length / UnitCount;
        _columnCount = inputCount + (2 * lines.Sum(line => line.PieceCount));
        _weights = GC.AllocateArray<float>(checked(_columnCount * SumCount) + LineFloats, pinned: true);
        _start = -(int)(Marshal.UnsafeAddrOfPinnedArrayElement(_weights, 0) / sizeof(float)) & (LineFloats - 1);
        var own = _weights.AsSpan(_start);
        var (ofColumn, ofUnit) = _isByColumn ? (SumCount, 1) : (1, _columnCount);
        for (var input = 0; input < inputCount; input++)
        {
            for (var unit = 0; unit < UnitCount; unit++)
                own[(input * ofColumn) + (unit * ofUnit)] = weights[(unit * inputCount) + input];
        }

        foreach (var line in lines)
            line.Draw(weights, inputCount, own[((inputCount + (2 * line.FirstPiece)) * ofColumn)..], ofColumn, ofUnit);
    }

    /// <summary>The units.</summary>
    internal int UnitCount { get; }

    /// <summary>The room for z: the units, and what fills the last vector.</summary>
    internal int SumCount { get; }

    /// <summary>Begins z with the bias.</summary>
    /// <param name="sums">Receives it, [SumCount].</param>
    internal void Start(Span<float> sums) => _bias.CopyTo(sums);

    /// <summary>Adds terms one after the other.</summary>
    /// <param name="columns">The column of each.</param>
    /// <param name="values">The value of each; as many or more.</param>
    /// <param name="sums">What they are added to, [SumCount].</param>
    internal void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<float> sums)
    {
        if (_isByColumn)
        {
            AddByColumn(new Listed(columns.Length), columns, values, sums);
            return;
        }

        for (var unit = 0; unit < UnitCount; unit++)
        {
            var row = _weights.AsSpan(_start + (unit * _columnCount), _columnCount);
            var sum = sums[unit];
            for (var entry = 0; entry < columns.Length; entry++)
                sum += values[entry] * row[columns[entry]];
            sums[unit] = sum;
        }
    }

    /// <summary>Adds the terms of neighboring columns, one after the other or, of few units, as a dot product.</summary>
    /// <param name="first">The first column.</param>
    /// <param name="values">The value of each column.</param>
    /// <param name="sums">What they are added to, [SumCount].</param>
    internal void Add(int first, ReadOnlySpan<float> values, Span<float> sums)
    {
        if (_isByColumn)
        {
            for (; !values.IsEmpty; first += Nonzero.Count)
            {
                var some = values[..Math.Min(Nonzero.Count, values.Length)];
                AddByColumn(new Masked(Nonzero.Mask(some), first), default, some, sums);
                values = values[some.Length..];
            }

            return;
        }

        for (var unit = 0; unit < UnitCount; unit++)
            sums[unit] += TensorPrimitives.Dot(_weights.AsSpan(_start + (unit * _columnCount) + first, values.Length), values);
    }

    private void AddByColumn<TOrder>(TOrder order, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<float> sums)
        where TOrder : struct, IOrder
    {
        ref var weights = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_weights), _start);
        ref var target = ref MemoryMarshal.GetReference(sums[..SumCount]);
        var unit = 0;
        for (; unit <= SumCount - (8 * Lanes); unit += 8 * Lanes)
            AddEight(order, columns, values, ref Unsafe.Add(ref weights, unit), SumCount, ref Unsafe.Add(ref target, unit));
        for (; unit <= SumCount - (2 * Lanes); unit += 2 * Lanes)
            AddTwo(order, columns, values, ref Unsafe.Add(ref weights, unit), SumCount, ref Unsafe.Add(ref target, unit));
        if (unit < SumCount)
            AddOne(order, columns, values, ref Unsafe.Add(ref weights, unit), SumCount, ref Unsafe.Add(ref target, unit));
    }

    private static void AddEight<TOrder>(TOrder order, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, ref float weights,
        int stride, ref float sums)
        where TOrder : struct, IOrder
    {
        Vector256<float> sum0 = Load(ref sums, 0), sum1 = Load(ref sums, 1), sum2 = Load(ref sums, 2), sum3 = Load(ref sums, 3),
            sum4 = Load(ref sums, 4), sum5 = Load(ref sums, 5), sum6 = Load(ref sums, 6), sum7 = Load(ref sums, 7);
        for (; order.HasNext; order.MoveNext())
        {
            var value = Vector256.Create(values[order.Index]);
            ref var column = ref Unsafe.Add(ref weights, (nint)order.Column(columns) * stride);
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

    private static void AddTwo<TOrder>(TOrder order, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, ref float weights,
        int stride, ref float sums)
        where TOrder : struct, IOrder
    {
        Vector256<float> sum0 = Load(ref sums, 0), sum1 = Load(ref sums, 1);
        for (; order.HasNext; order.MoveNext())
        {
            var value = Vector256.Create(values[order.Index]);
            ref var column = ref Unsafe.Add(ref weights, (nint)order.Column(columns) * stride);
            sum0 = MultiplyAdd(value, Load(ref column, 0), sum0);
            sum1 = MultiplyAdd(value, Load(ref column, 1), sum1);
        }

        Store(sum0, ref sums, 0);
        Store(sum1, ref sums, 1);
    }

    private static void AddOne<TOrder>(TOrder order, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, ref float weights,
        int stride, ref float sums)
        where TOrder : struct, IOrder
    {
        var sum = Load(ref sums, 0);
        for (; order.HasNext; order.MoveNext())
        {
            ref var column = ref Unsafe.Add(ref weights, (nint)order.Column(columns) * stride);
            sum = MultiplyAdd(Vector256.Create(values[order.Index]), Load(ref column, 0), sum);
        }

        Store(sum, ref sums, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(ref float start, nuint vector) => Vector256.LoadUnsafe(ref start, vector * Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> values, ref float start, nuint vector) => values.StoreUnsafe(ref start, vector * Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> sum)
        => Fma.IsSupported ? Fma.MultiplyAdd(left, right, sum) : (left * right) + sum;

    /// <summary>The order of terms.</summary>
    private interface IOrder
    {
        /// <summary>Whether there is a term.</summary>
        bool HasNext { get; }

        /// <summary>Its number.</summary>
        int Index { get; }

        /// <summary>Its column.</summary>
        int Column(ReadOnlySpan<int> columns);

        /// <summary>Goes on to the next.</summary>
        void MoveNext();
    }

    private struct Listed(int count) : IOrder
    {
        public readonly bool HasNext => Index < count;

        public int Index { get; private set; }

        public readonly int Column(ReadOnlySpan<int> columns) => columns[Index];

        public void MoveNext() => Index++;
    }

    private struct Masked(ulong mask, int first) : IOrder
    {
        private ulong _mask = mask;

        public readonly bool HasNext => _mask != 0;

        public readonly int Index => BitOperations.TrailingZeroCount(_mask);

        public readonly int Column(ReadOnlySpan<int> columns) => first + Index;

        public void MoveNext() => _mask &= _mask - 1;
    }
}
