namespace HumanCompatible.ML.Features;

/// <summary>
/// Some encoded rows by what is not zero in them, such as those of a batch. A one-hot slot is one 1 among many zeros. The bins of a slot
/// are a run of ones, a fraction, and zeros; the run is kept as one entry, in a column that stands for the sum of the slot's first bins. A
/// row of hundreds of inputs has some twenty entries. The memory is used again for the rows that take the place of these.
/// </summary>
/// <remarks>
/// Columns 0 to <see cref="InputCount"/> - 1 are the inputs; the columns after them are sums: column InputCount + j, for j counted over all
/// bins, is the sum of its slot's inputs up to bin j.
/// </remarks>
internal sealed class SparseRows
{
    private readonly FeatureEncoder _encoder;
    private int[] _starts = [0];
    private int[] _columns = [];
    private float[] _values = [];

    /// <param name="encoder">The encoding of the rows.</param>
    public SparseRows(FeatureEncoder encoder)
    {
        _encoder = encoder;
        InputCount = encoder.OutputCount;
        Bins = encoder.Bins;
        ColumnCount = InputCount + Bins.Sum(run => run.Width);
    }

    /// <summary>The inputs of the network.</summary>
    public int InputCount { get; }

    /// <summary>The inputs and the sums.</summary>
    public int ColumnCount { get; }

    /// <summary>Where the bins are.</summary>
    public IReadOnlyList<Bins> Bins { get; }

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>The entries of a row.</summary>
    public ReadOnlySpan<int> Columns(int row) => _columns.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    /// <summary>Their values.</summary>
    public ReadOnlySpan<float> Values(int row) => _values.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    /// <summary>Forgets all rows.</summary>
    public void Clear() => Count = 0;

    /// <summary>Encodes one more row.</summary>
    public void Add(FeatureRow row)
    {
        var start = _starts[Count];
        var most = start + _encoder.MostEntries(row);
        if (_columns.Length < most)
        {
            Array.Resize(ref _columns, Math.Max(most, 2 * _columns.Length));
            Array.Resize(ref _values, _columns.Length);
        }

        var writer = new EntryWriter(_columns, _values, InputCount, start);
        _encoder.Encode(row, ref writer);
        if (++Count == _starts.Length)
            Array.Resize(ref _starts, 2 * _starts.Length);
        _starts[Count] = writer.Count;
    }
}

/// <summary>The inputs of one slot's bins.</summary>
/// <param name="Start">The first.</param>
/// <param name="Width">How many.</param>
internal readonly record struct Bins(int Start, int Width);
