namespace HumanCompatible.ML.Features;

/// <summary>
/// Encoded rows by what is not zero in them. A one-hot slot is one 1 among many zeros. The bins of a slot are a run of ones, a fraction,
/// and
/// zeros; the run is kept as one entry, in a column that stands for the sum of the slot's first bins. A row of hundreds of inputs has some
/// twenty entries.
/// </summary>
/// <remarks>
/// Columns 0 to <see cref="InputCount"/> - 1 are the inputs; the columns after them are sums: column InputCount + j, for j counted over all
/// bins, is the sum of its slot's inputs up to bin j.
/// </remarks>
internal sealed class SparseRows
{
    /// <summary>Rows with more than this share of entries are better multiplied as they are.</summary>
    private const double LargestShare = 0.25;

    private readonly int[] _starts;
    private readonly int[] _columns;
    private readonly float[] _values;

    private SparseRows(int inputCount, IReadOnlyList<Bins> bins, int[] starts, int[] columns, float[] values)
    {
        InputCount = inputCount;
        Bins = bins;
        ColumnCount = inputCount + bins.Sum(run => run.Width);
        (_starts, _columns, _values) = (starts, columns, values);
    }

    /// <summary>The inputs of the network.</summary>
    public int InputCount { get; }

    /// <summary>The inputs and the sums.</summary>
    public int ColumnCount { get; }

    /// <summary>Where the bins are.</summary>
    public IReadOnlyList<Bins> Bins { get; }

    /// <summary>The number of rows.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The entries of a row.</summary>
    public ReadOnlySpan<int> Columns(long row) => _columns.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    /// <summary>Their values.</summary>
    public ReadOnlySpan<float> Values(long row) => _values.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    /// <summary>The rows, or null where too little of them is zero.</summary>
    /// <param name="inputs">Encoded rows, row-major, <c>[rows, inputCount]</c>.</param>
    /// <param name="inputCount">Inputs per row.</param>
    /// <param name="bins">Where the bins are, in order.</param>
    public static SparseRows? TryOf(ReadOnlySpan<float> inputs, int inputCount, IReadOnlyList<Bins> bins)
    {
        var rows = inputs.Length / inputCount;
        var most = (long)(LargestShare * inputs.Length);
        if (most > Array.MaxLength / 2)
            return null;
        var starts = new int[rows + 1];
        List<int> columns = new(rows * 16);
        List<float> values = new(rows * 16);
        for (var row = 0; row < rows; row++)
        {
            Take(inputs.Slice(row * inputCount, inputCount), bins, columns, values);
            starts[row + 1] = columns.Count;
            if (columns.Count > most)
                return null;
        }

        return new SparseRows(inputCount, bins, starts, [.. columns], [.. values]);
    }

    private static void Take(ReadOnlySpan<float> row, IReadOnlyList<Bins> bins, List<int> columns, List<float> values)
    {
        int column = 0, sums = row.Length;
        for (var run = 0; run <= bins.Count; run++)
        {
            var end = run < bins.Count ? bins[run].Start : row.Length;
            for (; column < end; column++)
                Add(column, row[column]);
            if (run == bins.Count)
                break;

            var inBins = row.Slice(column, bins[run].Width);
            var full = inBins.IndexOfAnyExcept(1f);
            full = full < 0 ? inBins.Length : full;
            if (full > 0)
                Add(sums + full - 1, 1);
            if (full < inBins.Length)
                Add(column + full, inBins[full]);
            sums += inBins.Length;
            column += inBins.Length;
        }

        void Add(int index, float value)
        {
            if (value == 0)
                return;
            columns.Add(index);
            values.Add(value);
        }
    }
}

/// <summary>The inputs of one slot's bins.</summary>
/// <param name="Start">The first.</param>
/// <param name="Width">How many.</param>
internal readonly record struct Bins(int Start, int Width);
