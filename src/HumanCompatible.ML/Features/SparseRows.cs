namespace HumanCompatible.ML.Features;

/// <summary>
/// Encoded rows by what is not zero in them. A one-hot slot is one 1 among many zeros. The bins of a slot are a run of ones, a fraction,
/// and zeros; the run is kept as one entry, in a column that stands for the sum of the slot's first bins. A row of hundreds of inputs has
/// some twenty entries.
/// </summary>
/// <remarks>
/// Columns 0 to <see cref="InputCount"/> - 1 are the inputs; the columns after them are sums: column InputCount + j, for j counted over all
/// bins, is the sum of its slot's inputs up to bin j.
/// </remarks>
internal sealed class SparseRows
{
    /// <summary>Rows with more than this share of entries are better multiplied as they are.</summary>
    private const double LargestShare = 0.25;

    private const int BlockShift = 10;
    private const int BlockRows = 1 << BlockShift;

    private readonly Block[] _blocks;

    // The inputs of each sum.
    private readonly (int Start, int Count)[] _runs;

    private SparseRows(FeatureEncoder encoder, int count, Block[] blocks)
    {
        (Count, _blocks) = (count, blocks);
        InputCount = encoder.OutputCount;
        Bins = encoder.Bins;
        ColumnCount = InputCount + Bins.Sum(run => run.Width);
        _runs = [.. Bins.SelectMany(run => Enumerable.Range(0, run.Width).Select(bin => (run.Start, bin + 1)))];
    }

    /// <summary>The inputs of the network.</summary>
    public int InputCount { get; }

    /// <summary>The inputs and the sums.</summary>
    public int ColumnCount { get; }

    /// <summary>Where the bins are.</summary>
    public IReadOnlyList<Bins> Bins { get; }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The entries of a row.</summary>
    public ReadOnlySpan<int> Columns(long row) => _blocks[row >> BlockShift].Of(row, _blocks[row >> BlockShift].Columns);

    /// <summary>Their values.</summary>
    public ReadOnlySpan<float> Values(long row) => _blocks[row >> BlockShift].Of(row, _blocks[row >> BlockShift].Values);

    /// <summary>The row with all its inputs.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="inputs">Receives the inputs, <c>[InputCount]</c>.</param>
    public void CopyTo(long row, Span<float> inputs)
    {
        inputs.Clear();
        var columns = Columns(row);
        var values = Values(row);
        for (var entry = 0; entry < columns.Length; entry++)
        {
            if (columns[entry] < InputCount)
            {
                inputs[columns[entry]] = values[entry];
                continue;
            }

            var (start, count) = _runs[columns[entry] - InputCount];
            inputs.Slice(start, count).Fill(1);
        }
    }

    /// <summary>The encoded rows, or null where too little of them is zero.</summary>
    /// <param name="encoder">The encoding.</param>
    /// <param name="table">The features.</param>
    /// <param name="rows">The numbers of the rows.</param>
    public static SparseRows? TryOf(FeatureEncoder encoder, FeatureTable table, int[] rows)
    {
        var most = (long)(LargestShare * rows.Length * encoder.OutputCount);
        var counts = new int[rows.Length];
        long total = 0;
        foreach (var (index, row) in rows.Index())
        {
            var counter = default(Counter);
            encoder.Encode(table[row], ref counter);
            counts[index] = counter.Count;
            total += counter.Count;
            if (total > most)
                return null;
        }

        var blocks = new Block[(rows.Length + BlockRows - 1) / BlockRows];
        for (var block = 0; block < blocks.Length; block++)
        {
            var first = block * BlockRows;
            var part = rows.AsSpan(first, Math.Min(BlockRows, rows.Length - first));
            var starts = new int[part.Length + 1];
            for (var row = 0; row < part.Length; row++)
                starts[row + 1] = checked(starts[row] + counts[first + row]);
            blocks[block] = new Block(starts, new int[starts[^1]], new float[starts[^1]]);
            var writer = new EntryWriter(blocks[block].Columns, blocks[block].Values, encoder.OutputCount);
            foreach (var row in part)
                encoder.Encode(table[row], ref writer);
        }

        return new SparseRows(encoder, rows.Length, blocks);
    }

    private sealed record Block(int[] Starts, int[] Columns, float[] Values)
    {
        public ReadOnlySpan<T> Of<T>(long row, T[] array)
        {
            var index = (int)(row & (BlockRows - 1));
            return array.AsSpan(Starts[index], Starts[index + 1] - Starts[index]);
        }
    }

    private struct Counter : IEntrySink
    {
        public int Count { get; private set; }

        public void Add(int input, float value, Span<float> target) => Count++;

        public void AddRun(int start, int count, int firstBin, Span<float> target) => Count++;
    }
}

/// <summary>The inputs of one slot's bins.</summary>
/// <param name="Start">The first.</param>
/// <param name="Width">How many.</param>
internal readonly record struct Bins(int Start, int Width);
