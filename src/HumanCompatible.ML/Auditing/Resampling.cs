namespace HumanCompatible.ML.Auditing;

/// <summary>
/// Audits of rows drawn with replacement from those of an audit, within each combination of values (stratum), whose numbers of rows stay.
/// </summary>
internal sealed class Resampling
{
    // The most audits without some of the rows, from which the acceleration is computed.
    private const int MostBlocks = 400;
    private const int FewestBlocks = 10;

    private readonly FairnessAudit[] _audits;
    private readonly AuditRows[] _rows;
    private readonly int[][] _rowsOfCell;

    /// <param name="rows">The audits with their rows, which are the same rows in the same order where there are several.</param>
    internal Resampling(params (FairnessAudit Audit, AuditRows Rows)[] rows)
    {
        (_audits, _rows) = ([.. rows.Select(one => one.Audit)], [.. rows.Select(one => one.Rows)]);
        var ofCell = Enumerable.Range(0, _rows[0].Count).ToLookup(_rows[0].CellOf);
        _rowsOfCell = [.. Enumerable.Range(0, ofCell.Count).Select(cell => ofCell[cell].ToArray())];
    }

    /// <summary>A replicate of each audit.</summary>
    internal FairnessAudit[] Replicate(RowDraws draws)
    {
        var chosen = Array.ConvertAll(_rowsOfCell, rows => Array.ConvertAll(rows, _ => rows[draws.Next(rows.Length)]));
        return [.. _audits.Select((audit, index) => audit.WithCells(
            [.. chosen.Select(rows => CellOf(_rows[index], audit.Task, rows))]))];
    }

    /// <summary>
    /// The acceleration of summaries: a sixth of the skewness of their estimates' influences, sum U^3 / n^3 / (6 (sum U^2 / n^2)^1.5) over
    /// strata of n rows, U = (n - 1)(mean - without the row). With more than 400 rows blocks of rows take the place of rows.
    /// </summary>
    /// <param name="summaries">Computes the summaries of an audit of each of the models.</param>
    /// <param name="count">The number of summaries.</param>
    /// <param name="cancellation">Ends it.</param>
    internal double[] Accelerations(Func<FairnessAudit[], double[]> summaries, int count, CancellationToken cancellation)
    {
        var total = _rowsOfCell.Sum(rows => rows.Length);
        AuditCell[][] whole = [.. _audits.Select((audit, index)
            => _rowsOfCell.Select(rows => CellOf(_rows[index], audit.Task, rows)).ToArray())];
        var cubes = new double[count];
        var squares = new double[count];
        for (var cell = 0; cell < _rowsOfCell.Length; cell++)
        {
            var rows = _rowsOfCell[cell];
            var blocks = total <= MostBlocks ? rows.Length
                : Math.Min(rows.Length, Math.Max(FewestBlocks, (int)((long)MostBlocks * rows.Length / total)));
            if (blocks < 2)
                continue;
            var without = new double[blocks][];
            var stratum = cell;
            Parallel.For(0, blocks, new ParallelOptions { CancellationToken = cancellation }, block =>
            {
                int[] kept = [.. rows.Where((_, index) => index % blocks != block)];
                without[block] = summaries([.. _audits.Select((audit, index) =>
                {
                    AuditCell[] cells = [.. whole[index]];
                    cells[stratum] = CellOf(_rows[index], audit.Task, kept);
                    return audit.WithCells(cells);
                })]);
            });
            for (var summary = 0; summary < count; summary++)
            {
                var mean = without.Average(values => values[summary]);
                foreach (var values in without)
                {
                    var influence = (blocks - 1.0) / blocks * (mean - values[summary]);
                    cubes[summary] += influence * influence * influence;
                    squares[summary] += influence * influence;
                }
            }
        }

        // An influence that is not defined leaves the skewness unknown: then only the bias is corrected.
        return [.. cubes.Zip(squares, (cube, square) => square > 0 && double.IsFinite(cube) ? cube / (6 * Math.Pow(square, 1.5)) : 0)];
    }

    private static AuditCell CellOf(AuditRows rows, AuditTask task, int[] chosen)
    {
        var cell = task.NewCell();
        foreach (var row in chosen)
            cell.Add(rows[row]);
        return cell;
    }
}

/// <summary>Random numbers that depend on a seed and a stream alone. Source: Steele, Lea and Flood (2014), SplitMix64.</summary>
internal sealed class RowDraws
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state;

    internal RowDraws(int seed, int stream) => _state = Mix(((ulong)(uint)seed << 32) | (uint)stream);

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    internal int Next(int bound) => (int)Math.BigMul(Mix(_state += Step), (ulong)bound, out _);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
