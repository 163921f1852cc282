namespace HumanCompatible.ML.Auditing;

/// <summary>Numbers the combinations of codes in the order in which they appear: a tree with a level for each column.</summary>
/// <param name="columnCount">The number of columns.</param>
internal sealed class CellIndex(int columnCount)
{
    // Of each column and node the next node by code, 0 for none; nodes are numbered from 1, those of the last column are cells.
    private readonly List<int[]>[] _next = [.. Enumerable.Range(0, columnCount).Select(_ => new List<int[]>())];
    private readonly List<int[]> _codes = [];

    internal int CellOf(ReadOnlySpan<int> codes)
    {
        var node = 0;
        for (var column = 0; column < codes.Length; column++)
        {
            var level = _next[column];
            if (node == level.Count)
                level.Add([]);
            var next = level[node];
            var code = codes[column];
            if (code >= next.Length)
            {
                Array.Resize(ref next, Math.Max(4, 2 * (code + 1)));
                level[node] = next;
            }

            node = next[code] - 1;
            if (node >= 0)
                continue;
            var isLast = column == codes.Length - 1;
            node = isLast ? _codes.Count : _next[column + 1].Count;
            next[code] = node + 1;
            if (isLast)
                _codes.Add(codes.ToArray());
            else
                _next[column + 1].Add([]);
        }

        return node;
    }

    internal int[] CodesOf(int cell) => _codes[cell];
}
