using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HumanCompatible.ML.Features;

/// <summary>
/// A fitted <see cref="FeatureEncoding"/>: turns a row of features into the inputs of the network. The same code runs in training and in
/// scoring. Immutable; safe to use from several threads.
/// </summary>
internal sealed class FeatureEncoder
{
    /// <summary>So many inputs are kept and multiplied by what is not 0 in them wherever that is possible.</summary>
    internal const int WideInputs = 4096;

    private const int MaskBits = 64;

    private readonly SlotEncoding[] _slots;

    // The first input of each slot, then the number of all; the same of the bins.
    private readonly int[] _starts;
    private readonly int[] _firstBins;

    // The slots whose value 0 has an input that is not 0, and a bit for each.
    private readonly int[] _seenAtZero;
    private readonly ulong[] _seenMasks;

    // The slots that become one input as they are: whether each is, runs of them, and the others.
    private readonly bool[] _isPlain;
    private readonly (int Slot, int Count)[] _plainRuns;
    private readonly int[] _others;

    /// <summary>Takes the encoding of each slot.</summary>
    internal FeatureEncoder(SlotEncoding[] slots)
    {
        _slots = slots;
        _starts = new int[slots.Length + 1];
        _firstBins = new int[slots.Length + 1];
        _seenMasks = new ulong[(slots.Length + MaskBits - 1) / MaskBits];
        _isPlain = Array.ConvertAll(slots, slot => slot.IsIdentity && !slot.TakesMissing);
        List<int> seen = [], others = [];
        List<(int Slot, int Count)> runs = [];
        foreach (var (index, slot) in slots.Index())
        {
            _starts[index + 1] = checked(_starts[index] + slot.Width);
            _firstBins[index + 1] = _firstBins[index] + slot.BinCount;
            if (!_isPlain[index])
                others.Add(index);
            else if (index > 0 && _isPlain[index - 1])
                runs[^1] = (runs[^1].Slot, runs[^1].Count + 1);
            else
                runs.Add((index, 1));
            if (!_isPlain[index] && IsSeenAtZero(slot))
            {
                seen.Add(index);
                _seenMasks[index / MaskBits] |= 1UL << (index % MaskBits);
            }
        }

        (_seenAtZero, _others, _plainRuns) = ([.. seen], [.. others], [.. runs]);
        TakesMissing = Array.Exists(slots, slot => slot.TakesMissing);
    }

    /// <summary>The encoding that leaves all features as they are.</summary>
    public static FeatureEncoder Identity(int inputCount) => new([.. Enumerable.Repeat(SlotEncoding.Identity, inputCount)]);

    /// <summary>The number of features, before encoding.</summary>
    public int InputCount => _slots.Length;

    /// <summary>The number of inputs of the network, after encoding. 0 when every slot has one value only.</summary>
    public int OutputCount => _starts[^1];

    /// <summary>Whether there are <see cref="WideInputs"/> inputs or more.</summary>
    public bool IsWide => OutputCount >= WideInputs;

    /// <summary>The encoding of each slot, in order.</summary>
    public IReadOnlyList<SlotEncoding> Slots => _slots;

    /// <summary>Whether the inputs are the features as they are.</summary>
    public bool IsIdentity => Array.TrueForAll(_slots, slot => slot.IsIdentity);

    /// <summary>Whether a slot has an input for a missing value.</summary>
    public bool TakesMissing { get; }

    /// <summary>Where the bins are among the inputs.</summary>
    public IReadOnlyList<Bins> Bins
    {
        get
        {
            var bins = new List<Bins>();
            foreach (var (index, slot) in _slots.Index())
            {
                if (slot.BinCount > 0)
                    bins.Add(new Bins(_starts[index] + 1 + slot.Dominants.Length, slot.BinCount));
            }

            return bins;
        }
    }

    /// <summary>Fits an encoding on training rows.</summary>
    /// <param name="encoding">Valid numbers, or null to leave the features as they are.</param>
    /// <param name="table">The features.</param>
    /// <param name="rows">The numbers of the training rows, at least one.</param>
    /// <exception cref="ArgumentException">There is no feature or no row.</exception>
    public static FeatureEncoder Fit(PiecewiseLinearEncoding? encoding, FeatureTable table, int[] rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(table.FeatureCount, 1, nameof(table));
        if (rows.Length == 0)
            throw new ArgumentException("There must be one row or more.", nameof(rows));
        return new FeatureEncoder(new SlotEncodingFitter(table, rows).Fit(encoding));
    }

    /// <summary>Fits an encoding on all rows.</summary>
    /// <param name="encoding">Valid numbers, or null to leave the features as they are.</param>
    /// <param name="rows">Features, row-major, <c>[rows, features]</c>.</param>
    /// <param name="inputCount">The number of features, at least 1.</param>
    /// <exception cref="ArgumentException">There is no row, or the values do not make up whole rows.</exception>
    public static FeatureEncoder Fit(PiecewiseLinearEncoding? encoding, ReadOnlySpan<float> rows, int inputCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputCount, 1);
        if (rows.IsEmpty || rows.Length % inputCount != 0)
            throw new ArgumentException($"There must be one or more rows of {inputCount} values, got {rows.Length} values.", nameof(rows));
        return Fit(encoding, FeatureTable.Of(rows, inputCount), [.. Enumerable.Range(0, rows.Length / inputCount)]);
    }

    /// <summary>Encodes one row.</summary>
    /// <param name="row">Features that <see cref="CanEncode"/>.</param>
    /// <param name="encoded">Receives the inputs, <c>[outputs]</c>.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    public void Encode(FeatureRow row, Span<float> encoded)
    {
        CheckLength(row);
        if (encoded.Length != OutputCount)
            throw new ArgumentException($"An encoded row has {OutputCount} values, got room for {encoded.Length}.", nameof(encoded));
        encoded.Clear();
        if (!row.IsDense)
        {
            var sink = default(DenseInputs);
            EncodeEntries(row, ref sink, encoded);
            return;
        }

        foreach (var (slot, count) in _plainRuns)
            row.Values.Slice(slot, count).CopyTo(encoded[_starts[slot]..]);
        foreach (var slot in _others)
            _slots[slot].Encode(row.Values[slot], encoded[_starts[slot].._starts[slot + 1]]);
    }

    /// <inheritdoc cref="Encode(FeatureRow, Span{float})"/>
    public void Encode(ReadOnlySpan<float> row, Span<float> encoded) => Encode(FeatureRow.Dense(row), encoded);

    /// <summary>
    /// Encodes one row into the inputs that are not 0, in rising order. It takes time in proportion to the entries of the row.
    /// </summary>
    /// <param name="row">Features that <see cref="CanEncode"/>.</param>
    /// <param name="sink">Receives the inputs.</param>
    /// <param name="target">Handed on to the sink.</param>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    public void Encode<TSink>(FeatureRow row, ref TSink sink, Span<float> target = default)
        where TSink : struct, IEntrySink
    {
        CheckLength(row);
        if (row.IsDense)
            EncodeValues(row.Values, ref sink, target);
        else
            EncodeEntries(row, ref sink, target);
    }

    /// <summary>The most inputs of a row that are not 0, a run of ones counted once.</summary>
    public int MostEntries(FeatureRow row)
        => (int)Math.Min(OutputCount, SlotEncoding.MostEntries * (row.Values.Length + (long)_seenAtZero.Length));

    /// <summary>Whether a row has neither infinite values nor missing ones in slots that have no input for them.</summary>
    public bool CanEncode(FeatureRow row)
    {
        for (var position = 0; position < row.Values.Length; position++)
        {
            var value = row.Values[position];
            if (!float.IsFinite(value) && !(float.IsNaN(value) && _slots[row.SlotAt(position)].TakesMissing))
                return false;
        }

        return true;
    }

    private void EncodeValues<TSink>(ReadOnlySpan<float> values, ref TSink sink, Span<float> target)
        where TSink : struct, IEntrySink
    {
        for (var first = 0; first < values.Length; first += MaskBits)
        {
            var mask = Nonzero(values[first..Math.Min(first + MaskBits, values.Length)]) | _seenMasks[first / MaskBits];
            for (; mask != 0; mask &= mask - 1)
            {
                var slot = first + BitOperations.TrailingZeroCount(mask);
                if (_isPlain[slot])
                    sink.Add(_starts[slot], values[slot], target);
                else
                    Encode(slot, values[slot], ref sink, target);
            }
        }
    }

    private void EncodeEntries<TSink>(FeatureRow row, ref TSink sink, Span<float> target)
        where TSink : struct, IEntrySink
    {
        var next = 0;
        for (var position = 0; position < row.Values.Length; position++)
        {
            var slot = row.Indices[position];
            for (; next < _seenAtZero.Length && _seenAtZero[next] < slot; next++)
                Encode(_seenAtZero[next], 0, ref sink, target);
            if (next < _seenAtZero.Length && _seenAtZero[next] == slot)
                next++;
            Encode(slot, row.Values[position], ref sink, target);
        }

        for (; next < _seenAtZero.Length; next++)
            Encode(_seenAtZero[next], 0, ref sink, target);
    }

    private void Encode<TSink>(int slot, float value, ref TSink sink, Span<float> target)
        where TSink : struct, IEntrySink => _slots[slot].Encode(value, _starts[slot], _firstBins[slot], ref sink, target);

    private static bool IsSeenAtZero(SlotEncoding slot)
    {
        var inputs = new float[slot.Width];
        slot.Encode(0, inputs);
        return inputs.AsSpan().ContainsAnyExcept(0f);
    }

    /// <summary>A bit for each value that is not 0; at most <see cref="MaskBits"/> values.</summary>
    private static ulong Nonzero(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var mask = 0UL;
        var index = 0;
        for (; index <= values.Length - Vector256<float>.Count; index += Vector256<float>.Count)
        {
            var isZero = Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)index), Vector256<float>.Zero);
            mask |= (ulong)(~isZero.ExtractMostSignificantBits() & 0xFF) << index;
        }

        for (; index < values.Length; index++)
            mask |= (values[index] != 0 ? 1UL : 0) << index;
        return mask;
    }

    private void CheckLength(FeatureRow row)
    {
        if (row.Count != InputCount)
            throw new ArgumentException($"A row must have {InputCount} features, got {row.Count}.", nameof(row));
    }
}
