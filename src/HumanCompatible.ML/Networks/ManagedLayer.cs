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
/// <remarks>
/// The terms of a sum are added in the order of the inputs, whichever registers a processor has. Instructions that multiply and add with
/// one rounding are used where there are any.
/// </remarks>
internal sealed class ManagedLayer
{
    /// <summary>The floats of a vector.</summary>
    private const int Lanes = 8;

    // By entries: [columns, stride], the units beyond the last having weights 0. Otherwise [units, inputs].
    private readonly float[] _weights;
    private readonly float[] _bias;
    private readonly int _inputCount;

    /// <param name="weights">W, [units, inputs].</param>
    /// <param name="bias">b, [units].</param>
    /// <param name="takesEntries">Whether the layer takes entries even if it has few units.</param>
    /// <param name="bins">Which inputs the columns after the inputs are sums of, see <see cref="SparseRows"/>.</param>
    internal ManagedLayer(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, bool takesEntries, IReadOnlyList<Bins> bins)
    {
        UnitCount = bias.Length;
        _inputCount = weights.Length / bias.Length;
        TakesEntries = takesEntries || UnitCount >= Lanes;
        SumCount = TakesEntries && UnitCount >= Lanes ? (UnitCount + Lanes - 1) / Lanes * Lanes : UnitCount;
        _bias = new float[SumCount];
        bias.CopyTo(_bias);
        _weights = TakesEntries ? ByColumn(weights, bins) : weights.ToArray();
    }

    /// <summary>The units.</summary>
    internal int UnitCount { get; }

    /// <summary>The room for z: the units, and what fills the last vector.</summary>
    internal int SumCount { get; }

    /// <summary>Whether the layer takes its inputs as entries; otherwise all of them.</summary>
    internal bool TakesEntries { get; }

    /// <summary>Computes z of all inputs.</summary>
    /// <param name="inputs">x, [inputs].</param>
    /// <param name="sums">Receives z, [SumCount].</param>
    internal void Multiply(ReadOnlySpan<float> inputs, Span<float> sums)
    {
        for (var unit = 0; unit < UnitCount; unit++)
            sums[unit] = TensorPrimitives.Dot(_weights.AsSpan(unit * _inputCount, _inputCount), inputs) + _bias[unit];
    }

    /// <summary>Computes z of entries.</summary>
    /// <param name="columns">The columns of the inputs that are not 0, rising; or of sums of inputs.</param>
    /// <param name="values">Their values, [entries].</param>
    /// <param name="sums">Receives z, [SumCount].</param>
    internal void Multiply(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<float> sums)
    {
        values = values[..columns.Length];
        sums = sums[..SumCount];
        var unit = 0;
        for (; unit <= SumCount - (8 * Lanes); unit += 8 * Lanes)
            MultiplyEight(columns, values, unit, sums);
        for (; unit <= SumCount - (2 * Lanes); unit += 2 * Lanes)
            MultiplyTwo(columns, values, unit, sums);
        for (; unit <= SumCount - Lanes; unit += Lanes)
            MultiplyOne(columns, values, unit, sums);
        for (; unit < SumCount; unit++)
        {
            var sum = _bias[unit];
            for (var entry = 0; entry < columns.Length; entry++)
                sum += values[entry] * _weights[(columns[entry] * SumCount) + unit];
            sums[unit] = sum;
        }
    }

    private void MultiplyEight(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, int unit, Span<float> sums)
    {
        ref float bias = ref _bias[unit], target = ref sums[unit];
        ref var weights = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_weights), unit);
        var (sum0, sum1, sum2, sum3) = (Load(ref bias, 0), Load(ref bias, 1), Load(ref bias, 2), Load(ref bias, 3));
        var (sum4, sum5, sum6, sum7) = (Load(ref bias, 4), Load(ref bias, 5), Load(ref bias, 6), Load(ref bias, 7));
        for (var entry = 0; entry < columns.Length; entry++)
        {
            ref var column = ref Unsafe.Add(ref weights, (nint)columns[entry] * SumCount);
            var value = Vector256.Create(values[entry]);
            sum0 = MultiplyAdd(value, Load(ref column, 0), sum0);
            sum1 = MultiplyAdd(value, Load(ref column, 1), sum1);
            sum2 = MultiplyAdd(value, Load(ref column, 2), sum2);
            sum3 = MultiplyAdd(value, Load(ref column, 3), sum3);
            sum4 = MultiplyAdd(value, Load(ref column, 4), sum4);
            sum5 = MultiplyAdd(value, Load(ref column, 5), sum5);
            sum6 = MultiplyAdd(value, Load(ref column, 6), sum6);
            sum7 = MultiplyAdd(value, Load(ref column, 7), sum7);
        }

        Store(sum0, ref target, 0);
        Store(sum1, ref target, 1);
        Store(sum2, ref target, 2);
        Store(sum3, ref target, 3);
        Store(sum4, ref target, 4);
        Store(sum5, ref target, 5);
        Store(sum6, ref target, 6);
        Store(sum7, ref target, 7);
    }

    private void MultiplyTwo(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, int unit, Span<float> sums)
    {
        ref float bias = ref _bias[unit], target = ref sums[unit];
        ref var weights = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_weights), unit);
        var (sum0, sum1) = (Load(ref bias, 0), Load(ref bias, 1));
        for (var entry = 0; entry < columns.Length; entry++)
        {
            ref var column = ref Unsafe.Add(ref weights, (nint)columns[entry] * SumCount);
            var value = Vector256.Create(values[entry]);
            sum0 = MultiplyAdd(value, Load(ref column, 0), sum0);
            sum1 = MultiplyAdd(value, Load(ref column, 1), sum1);
        }

        Store(sum0, ref target, 0);
        Store(sum1, ref target, 1);
    }

    private void MultiplyOne(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, int unit, Span<float> sums)
    {
        ref var weights = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_weights), unit);
        var sum = Load(ref _bias[unit], 0);
        for (var entry = 0; entry < columns.Length; entry++)
        {
            ref var column = ref Unsafe.Add(ref weights, (nint)columns[entry] * SumCount);
            sum = MultiplyAdd(Vector256.Create(values[entry]), Load(ref column, 0), sum);
        }

        Store(sum, ref sums[unit], 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(ref float start, int vector) => Vector256.LoadUnsafe(ref start, (nuint)(vector * Lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> values, ref float start, int vector) => values.StoreUnsafe(ref start, (nuint)(vector * Lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> sum)
        => Fma.IsSupported ? Fma.MultiplyAdd(left, right, sum) : (left * right) + sum;

    private float[] ByColumn(ReadOnlySpan<float> weights, IReadOnlyList<Bins> bins)
    {
        var columns = new float[checked((_inputCount + bins.Sum(run => run.Width)) * SumCount)];
        for (var unit = 0; unit < UnitCount; unit++)
        {
            var row = weights.Slice(unit * _inputCount, _inputCount);
            for (var input = 0; input < _inputCount; input++)
                columns[(input * SumCount) + unit] = row[input];
            var next = _inputCount;
            foreach (var (start, width) in bins)
            {
                double sum = 0;
                for (var bin = 0; bin < width; bin++, next++)
                {
                    sum += row[start + bin];
                    columns[(next * SumCount) + unit] = (float)sum;
                }
            }
        }

        return columns;
    }
}
