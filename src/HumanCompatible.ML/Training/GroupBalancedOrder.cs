namespace HumanCompatible.ML.Training;

/// <summary>
/// Plans batches with nearly equally many rows of every cell, and the weights that undo it. With n_k of the N rows in cell k, p_k = n_k /
/// N:
/// the cell's share of a batch is q_k = min(c, 10 p_k), where c makes the shares add up to 1, and its rows weigh w_k = p_k / q_k. A batch
/// of
/// B rows has q_k B rows of the cell, rounded down or up at random with that mean. So the expected value of (1/B) times the sum of w f over
/// its rows is the mean of f over all rows, for any f.
/// </summary>
/// <remarks>
/// The counts are a systematic sample with a random start (Madow, 1949, On the theory of systematic sampling, II). Plain arrays; knows no
/// tensors.
/// </remarks>
internal sealed class GroupBalancedOrder
{
    /// <summary>How many times its natural share a cell may have at most.</summary>
    internal const double LargestRatio = 10;

    // Steps of the golden section spread the starts of successive batches evenly, whatever the first is.
    private const double GoldenSection = 0.6180339887498949;

    private readonly int[][] _rowsOfCell;
    private readonly int _rowCount;
    private readonly int _batchSize;

    /// <param name="cellOfRow">The cell of each row, from 0 without gaps.</param>
    /// <param name="batchSize">Rows per batch, at least 1; the last batch of an epoch may have fewer.</param>
    internal GroupBalancedOrder(int[] cellOfRow, int batchSize)
    {
        (_rowCount, _batchSize) = (cellOfRow.Length, batchSize);
        _rowsOfCell = [.. Enumerable.Range(0, cellOfRow.Length).GroupBy(row => cellOfRow[row]).OrderBy(rows => rows.Key)
            .Select(rows => rows.ToArray())];
        double[] natural = [.. _rowsOfCell.Select(rows => (double)rows.Length / cellOfRow.Length)];
        Shares = SharesOf(natural);
        Weights = Array.ConvertAll(cellOfRow, cell => (float)(natural[cell] / Shares[cell]));
    }

    /// <summary>q, the share of each cell in the batches.</summary>
    internal IReadOnlyList<double> Shares { get; }

    /// <summary>w, the weight of each row.</summary>
    internal float[] Weights { get; }

    /// <summary>
    /// The row numbers of an epoch, batch after batch, as many as there are rows. Each cell goes through its rows in a random order, and
    /// through another one when it has no row left.
    /// </summary>
    /// <param name="seed">Decides; nothing is remembered from other epochs.</param>
    internal long[] Epoch(long seed)
    {
        var random = new Random((int)(seed ^ (seed >> 32)));
        var start = random.NextDouble();
        Walk[] walks = [.. _rowsOfCell.Select(rows => new Walk(rows, random))];
        var order = new long[_rowCount];
        for (var (first, batch) = (0, 0); first < _rowCount; first += _batchSize, batch++)
        {
            // The points start, start + 1, ... on a line of as many units as the batch has rows, of which each cell has its share.
            var count = Math.Min(_batchSize, _rowCount - first);
            var offset = (start + batch * GoldenSection) % 1;
            double end = 0;
            for (var (cell, drawn) = (0, 0); cell < walks.Length; cell++)
            {
                end += Shares[cell] * count;
                var upTo = cell == walks.Length - 1 ? count : Math.Clamp((int)Math.Ceiling(end - offset), drawn, count);
                for (; drawn < upTo; drawn++)
                    order[first + drawn] = walks[cell].Next();
            }
        }

        return order;
    }

    // From the smallest cell on: either it reaches its limit, or all that are left have equal shares of the rest.
    private static double[] SharesOf(double[] natural)
    {
        var shares = new double[natural.Length];
        var rest = 1.0;
        var left = natural.Length;
        foreach (var cell in Enumerable.Range(0, natural.Length).OrderBy(cell => natural[cell]))
        {
            shares[cell] = Math.Min(LargestRatio * natural[cell], rest / left);
            rest -= shares[cell];
            left--;
        }

        return shares;
    }

    private sealed class Walk
    {
        private readonly int[] _rows;
        private readonly Random _random;
        private int _next;

        internal Walk(int[] rows, Random random)
        {
            (_rows, _random) = ([.. rows], random);
            random.Shuffle(_rows);
        }

        internal int Next()
        {
            if (_next == _rows.Length)
            {
                _random.Shuffle(_rows);
                _next = 0;
            }

            return _rows[_next++];
        }
    }
}
