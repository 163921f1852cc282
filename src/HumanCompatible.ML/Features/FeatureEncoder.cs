namespace HumanCompatible.ML.Features;

/// <summary>
/// A fitted <see cref="FeatureEncoding"/>: turns a row of features into the inputs of the network. The same code runs in training and in
/// scoring. Immutable; safe to use from several threads.
/// </summary>
internal sealed class FeatureEncoder
{
    private readonly SlotEncoding[] _slots;

    /// <summary>Takes the encoding of each slot.</summary>
    internal FeatureEncoder(SlotEncoding[] slots)
    {
        _slots = slots;
        OutputCount = checked(slots.Sum(slot => slot.Width));
    }

    /// <summary>The number of features, before encoding.</summary>
    public int InputCount => _slots.Length;

    /// <summary>The number of inputs of the network, after encoding. 0 when every slot has one value only.</summary>
    public int OutputCount { get; }

    /// <summary>The encoding of each slot, in order.</summary>
    public IReadOnlyList<SlotEncoding> Slots => _slots;

    /// <summary>Whether the inputs are the features as they are.</summary>
    public bool IsIdentity => _slots.All(slot => slot is { Offset: 0, Scale: 1, Width: 1 });

    /// <summary>Where the bins are among the inputs.</summary>
    public IReadOnlyList<Bins> Bins
    {
        get
        {
            var bins = new List<Bins>();
            var start = 0;
            foreach (var slot in _slots)
            {
                if (slot.Width > 0 && slot.Boundaries.Length > 1)
                    bins.Add(new Bins(start + 1 + slot.Dominants.Length, slot.Boundaries.Length - 1));
                start += slot.Width;
            }

            return bins;
        }
    }

    /// <summary>Fits an encoding on the training rows.</summary>
    /// <param name="encoding">Valid numbers, or null to leave the features as they are.</param>
    /// <param name="rows">Finite features, row-major, <c>[rows, features]</c>.</param>
    /// <param name="inputCount">The number of features, at least 1.</param>
    /// <exception cref="ArgumentException">There is no row, or the values do not make up whole rows.</exception>
    public static FeatureEncoder Fit(PiecewiseLinearEncoding? encoding, ReadOnlySpan<float> rows, int inputCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputCount, 1);
        if (rows.IsEmpty || rows.Length % inputCount != 0)
            throw new ArgumentException($"There must be one or more rows of {inputCount} values, got {rows.Length} values.", nameof(rows));
        return encoding is null
            ? new FeatureEncoder([.. Enumerable.Repeat(SlotEncoding.Identity, inputCount)])
            : new FeatureEncoder(SlotEncodingFitter.Fit(encoding, rows, inputCount));
    }

    /// <summary>Encodes one row.</summary>
    /// <param name="row">Finite features, <c>[features]</c>.</param>
    /// <param name="encoded">Receives the inputs, <c>[outputs]</c>.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    public void Encode(ReadOnlySpan<float> row, Span<float> encoded)
    {
        if (row.Length != InputCount)
            throw new ArgumentException($"A row must have {InputCount} features, got {row.Length}.", nameof(row));
        if (encoded.Length != OutputCount)
            throw new ArgumentException($"An encoded row has {OutputCount} values, got room for {encoded.Length}.", nameof(encoded));
        EncodeChecked(row, encoded);
    }

    /// <summary>Encodes rows given by their indices, in that order: a batch.</summary>
    /// <param name="rows">Finite features of all rows, row-major, <c>[rows, features]</c>.</param>
    /// <param name="indices">The rows to encode.</param>
    /// <param name="encoded">Receives the inputs, row-major, <c>[indices, outputs]</c>.</param>
    /// <exception cref="ArgumentException">The span's length differs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is not that of a row.</exception>
    public void Encode(ReadOnlySpan<float> rows, ReadOnlySpan<int> indices, Span<float> encoded)
    {
        if (encoded.Length != (long)indices.Length * OutputCount)
        {
            throw new ArgumentException(
                $"{indices.Length} encoded rows have {(long)indices.Length * OutputCount} values, got room for {encoded.Length}.",
                nameof(encoded));
        }

        for (var i = 0; i < indices.Length; i++)
            EncodeChecked(rows.Slice(indices[i] * InputCount, InputCount), encoded.Slice(i * OutputCount, OutputCount));
    }

    /// <summary>Encodes the first rows of an array.</summary>
    /// <param name="rows">Finite features, row-major, <c>[rows, features]</c>.</param>
    /// <param name="count">The number of rows to encode.</param>
    /// <returns>The inputs, row-major, <c>[count, outputs]</c>.</returns>
    /// <exception cref="ArgumentException">There are fewer rows, or the result is too large for one array.</exception>
    public float[] Encode(float[] rows, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if ((long)count * InputCount > rows.Length)
        {
            throw new ArgumentException($"{count} rows of {InputCount} features are {(long)count * InputCount} values, got {rows.Length}.",
                nameof(rows));
        }

        if ((long)count * OutputCount > Array.MaxLength)
        {
            throw new ArgumentException($"{count} encoded rows of {OutputCount} values do not fit into one array: encode them in batches.",
                nameof(count));
        }

        var encoded = new float[count * OutputCount];
        for (var i = 0; i < count; i++)
            EncodeChecked(rows.AsSpan(i * InputCount, InputCount), encoded.AsSpan(i * OutputCount, OutputCount));
        return encoded;
    }

    private void EncodeChecked(ReadOnlySpan<float> row, Span<float> encoded)
    {
        var start = 0;
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            var encoding = _slots[slot];
            var width = encoding.Width;
            encoding.Encode(row[slot], encoded.Slice(start, width));
            start += width;
        }
    }
}
