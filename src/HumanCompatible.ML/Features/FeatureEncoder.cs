using System.Numerics;
using System.Runtime.CompilerServices;
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

    /// <summary>Of fewer neighboring slots it is quicker to look at each.</summary>
    private const int ShortestRun = 16;

    private readonly SlotEncoding[] _slots;
    private readonly PlacedSlot[] _placed;

    // The slots whose value 0 has an input that is not 0, and a bit for each.
    private readonly int[] _seenAtZero;
    private readonly ulong[] _seenMasks;

    private readonly PlainRun[] _plainRuns;
    private readonly int[] _others;

    // Those with bins among the others, and the rest of them.
    private readonly BrokenLine[] _lines;
    private readonly int[] _otherThanLines;

    /// <summary>Takes the encoding of each slot.</summary>
    internal FeatureEncoder(SlotEncoding[] slots)
    {
        _slots = slots;
        _placed = new PlacedSlot[slots.Length];
        _seenMasks = new ulong[(slots.Length + Nonzero.Count - 1) / Nonzero.Count];
        List<int> seen = [], others = [], otherThanLines = [];
        List<BrokenLine> lines = [];
        foreach (var slot in slots)
            OutputCount = checked(OutputCount + slot.Width);
        var (start, firstBin, firstColumn) = (0, 0, OutputCount);
        for (var index = 0; index < slots.Length; index++)
        {
            var slot = slots[index];
            var line = slot.BinCount > 0 ? new BrokenLine(slot, index, start, firstColumn) : null;
            _placed[index] = new PlacedSlot(slot, start, firstBin, line);
            start += slot.Width;
            firstBin += slot.BinCount;
            firstColumn = checked(firstColumn + (line?.ColumnCount ?? 0));
            if (line is not null)
                lines.Add(line);
            if (_placed[index].IsSeenAtZero())
            {
                seen.Add(index);
                _seenMasks[index / Nonzero.Count] |= 1UL << (index % Nonzero.Count);
            }
        }

        _seenAtZero = [.. seen];
        _plainRuns = [.. PlainRun.Of(_placed).Where(run => run.Count >= ShortestRun)];
        var isInRun = new bool[slots.Length];
        foreach (var run in _plainRuns)
        {
            for (var slot = run.Slot; slot < run.Slot + run.Count; slot++)
                isInRun[slot] = true;
        }

        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (isInRun[slot] || slots[slot].Width == 0)
                continue;
            others.Add(slot);
            if (_placed[slot].Line is null)
                otherThanLines.Add(slot);
        }

        (_others, _otherThanLines, _lines) = ([.. others], [.. otherThanLines], [.. lines]);
        TakesMissing = Array.Exists(slots, slot => slot.TakesMissing);
        IsIdentity = Array.TrueForAll(slots, slot => slot.IsIdentity);
    }

    /// <summary>The encoding that leaves all features as they are.</summary>
    public static FeatureEncoder Identity(int inputCount) => new([.. Enumerable.Repeat(SlotEncoding.Identity, inputCount)]);

    /// <summary>The number of features, before encoding.</summary>
    public int InputCount => _slots.Length;

    /// <summary>The number of inputs of the network, after encoding. 0 when every slot has one value only.</summary>
    public int OutputCount { get; }

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
            foreach (var (slot, start, _, _) in _placed)
            {
                if (slot.BinCount > 0)
                    bins.Add(new Bins(start + 1 + slot.Dominants.Length, slot.BinCount));
            }

            return bins;
        }
    }

    /// <summary>What the slots with bins give to a weighted sum.</summary>
    public ReadOnlySpan<BrokenLine> Lines => _lines;

    /// <summary>Most of the slots that become one input, as they are.</summary>
    public ReadOnlySpan<PlainRun> PlainRuns => _plainRuns;

    /// <summary>Fits an encoding on training rows.</summary>
    /// <param name="encoding">Valid numbers, or null to leave the features as they are.</param>
    /// <param name="table">The features.</param>
    /// <param name="rows">The numbers of the training rows, at least one.</param>
    /// <param name="labels">Their labels; null where no values are to be told apart by labels.</param>
    /// <param name="collective">Who fits together, each having the features of some rows, -1 standing for the others; null for one
    /// alone.</param>
    /// <param name="cancellation">Ends the fitting.</param>
    /// <exception cref="ArgumentException">There is no feature or no row.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static FeatureEncoder Fit(PiecewiseLinearEncoding? encoding, FeatureTable table, int[] rows,
        KnownLabels? labels = null, ICollective? collective = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(table.FeatureCount, 1, nameof(table));
        if (rows.Length == 0)
            throw new ArgumentException("There must be one row or more.", nameof(rows));
        return new FeatureEncoder(new SlotEncodingFitter(table, rows, labels, collective ?? Alone.Instance, cancellation).Fit(encoding));
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

        foreach (var (slot, start, count) in _plainRuns)
            row.Values.Slice(slot, count).CopyTo(encoded[start..]);
        var dense = default(DenseInputs);
        foreach (var slot in _others)
            _placed[slot].Encode(row.Values[slot], ref dense, encoded);
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

    /// <summary>Writes the terms of the slots with bins.</summary>
    /// <param name="values">Features that <see cref="CanEncode"/>, [features].</param>
    /// <param name="columns">Receives the column of each term, see <see cref="BrokenLine"/>.</param>
    /// <param name="terms">Receives its value.</param>
    /// <returns>How many there are.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)] // so that its registers are its own
    public int WriteLines(ReadOnlySpan<float> values, int[] columns, float[] terms)
    {
        var count = 0;
        foreach (var line in _lines)
            count = line.Write(values[line.Slot], columns, terms, count);
        return count;
    }

    /// <summary>
    /// Encodes the slots of a row that neither have bins nor are among <see cref="PlainRuns"/> into the inputs that are not 0.
    /// </summary>
    /// <param name="values">Features that <see cref="CanEncode"/>, [features].</param>
    /// <param name="sink">Receives the inputs.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void EncodeOthers<TSink>(ReadOnlySpan<float> values, ref TSink sink)
        where TSink : struct, IEntrySink
    {
        if (_otherThanLines.Length == 0)
            return;
        var own = sink;
        foreach (var slot in _otherThanLines)
            _placed[slot].Encode(values[slot], ref own, default);
        sink = own;
    }

    /// <summary>At most so many entries come of a row.</summary>
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EncodeValues<TSink>(ReadOnlySpan<float> values, ref TSink sink, Span<float> target)
        where TSink : struct, IEntrySink
    {
        for (var first = 0; first < values.Length; first += Nonzero.Count)
        {
            var mask = Nonzero.Mask(values[first..Math.Min(first + Nonzero.Count, values.Length)]) | _seenMasks[first / Nonzero.Count];
            for (; mask != 0; mask &= mask - 1)
            {
                var slot = first + BitOperations.TrailingZeroCount(mask);
                _placed[slot].Encode(values[slot], ref sink, target);
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
                _placed[_seenAtZero[next]].Encode(0, ref sink, target);
            if (next < _seenAtZero.Length && _seenAtZero[next] == slot)
                next++;
            _placed[slot].Encode(row.Values[position], ref sink, target);
        }

        for (; next < _seenAtZero.Length; next++)
            _placed[_seenAtZero[next]].Encode(0, ref sink, target);
    }

    private void CheckLength(FeatureRow row)
    {
        if (row.Count != InputCount)
            throw new ArgumentException($"A row must have {InputCount} features, got {row.Count}.", nameof(row));
    }
}
