using HumanCompatible.ML.Collectives;

namespace HumanCompatible.ML.Features;

/// <summary>
/// A fitted <see cref="FeatureEncoding"/>: turns a row of features into the inputs of the network. The same code runs in training and in
/// scoring. Immutable; safe to use from several threads.
/// </summary>
internal sealed class FeatureEncoder
{
    /// <summary>So many inputs are kept and multiplied by what is not 0 in them wherever that is possible.</summary>
    internal const int WideInputs = 4096;

    /// <summary>A scaled value, an indicator, a run of full bins and a part of one.</summary>
    private const int MostEntriesOfSlot = 4;

    private readonly SlotEncoding[] _slots;

    // The first input of each slot, then the number of all; the same of the bins.
    private readonly int[] _starts;
    private readonly int[] _firstBins;

    // The slots whose value 0 has an input that is not 0.
    private readonly int[] _seenAtZero;
    private readonly float[] _zero;

    /// <summary>Takes the encoding of each slot.</summary>
    internal FeatureEncoder(SlotEncoding[] slots)
    {
        _slots = slots;
        _starts = new int[slots.Length + 1];
        _firstBins = new int[slots.Length + 1];
        foreach (var (index, slot) in slots.Index())
        {
            _starts[index + 1] = checked(_starts[index] + slot.Width);
            _firstBins[index + 1] = _firstBins[index] + slot.BinCount;
        }

        _zero = new float[OutputCount];
        var seen = new List<int>();
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var inputs = _zero.AsSpan(_starts[slot], slots[slot].Width);
            slots[slot].Encode(0, inputs);
            if (inputs.ContainsAnyExcept(0f))
                seen.Add(slot);
        }

        _seenAtZero = [.. seen];
        TakesMissing = Array.Exists(slots, slot => slot.TakesMissing);
        IsIdentity = Array.TrueForAll(slots, slot => slot is { Offset: 0, Scale: 1, Width: 1 });
    }

    /// <summary>The number of features, before encoding.</summary>
    public int InputCount => _slots.Length;

    /// <summary>The number of inputs of the network, after encoding. 0 when every slot has one value only.</summary>
    public int OutputCount => _starts[^1];

    /// <summary>Whether there are <see cref="WideInputs"/> inputs or more.</summary>
    public bool IsWide => OutputCount >= WideInputs;

    /// <summary>The encoding of each slot, in order.</summary>
    public IReadOnlyList<SlotEncoding> Slots => _slots;

    /// <summary>Whether the inputs are the features as they are.</summary>
    public bool IsIdentity { get; }

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
    /// <param name="collective">Who fits together, each having the features of some rows, -1 standing for the others; null for one
    /// alone.</param>
    /// <param name="cancellation">Ends the fitting.</param>
    /// <exception cref="ArgumentException">There is no feature or no row.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static FeatureEncoder Fit(PiecewiseLinearEncoding? encoding, FeatureTable table, int[] rows,
        ICollective? collective = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(table.FeatureCount, 1, nameof(table));
        if (rows.Length == 0)
            throw new ArgumentException("There must be one row or more.", nameof(rows));
        return new FeatureEncoder(new SlotEncodingFitter(table, rows, collective ?? Alone.Instance, cancellation).Fit(encoding));
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
        if (row.IsDense && IsIdentity)
        {
            row.Values.CopyTo(encoded);
            return;
        }

        if (row.IsDense)
            encoded.Clear();
        else
            _zero.CopyTo(encoded);
        for (var position = 0; position < row.Values.Length; position++)
        {
            var slot = row.SlotAt(position);
            var inputs = encoded[_starts[slot].._starts[slot + 1]];
            if (!row.IsDense)
                inputs.Clear();
            _slots[slot].Encode(row.Values[position], inputs);
        }
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
        int next = 0, end = row.IsDense ? 0 : _seenAtZero.Length;
        for (var position = 0; position < row.Values.Length; position++)
        {
            var slot = row.SlotAt(position);
            for (; next < end && _seenAtZero[next] < slot; next++)
                Encode(_seenAtZero[next], 0, ref sink, target);
            if (next < end && _seenAtZero[next] == slot)
                next++;
            Encode(slot, row.Values[position], ref sink, target);
        }

        for (; next < end; next++)
            Encode(_seenAtZero[next], 0, ref sink, target);
    }

    /// <summary>The most inputs of a row that are not 0, a run of full bins being one.</summary>
    public int MostEntries(FeatureRow row)
        => MostEntriesOfSlot * (row.Values.Length + (row.IsDense ? 0 : _seenAtZero.Length));

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

    private void Encode<TSink>(int slot, float value, ref TSink sink, Span<float> target)
        where TSink : struct, IEntrySink => _slots[slot].Encode(value, _starts[slot], _firstBins[slot], ref sink, target);

    private void CheckLength(FeatureRow row)
    {
        if (row.Count != InputCount)
            throw new ArgumentException($"A row must have {InputCount} features, got {row.Count}.", nameof(row));
    }
}
