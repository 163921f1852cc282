using System.Collections;

namespace HumanCompatible.ML.Data;

/// <summary>
/// Values of a column while it is read, in blocks: growing copies nothing, and what is over is less than a block. A list has up to three
/// times its values in memory while it grows.
/// </summary>
internal sealed class GrowingColumn<T> : IReadOnlyList<T>
{
    private const int BlockShift = 16;
    private const int BlockSize = 1 << BlockShift;

    private readonly List<T[]> _blocks = [];

    public int Count { get; private set; }

    public T this[int row] => _blocks[row >> BlockShift][row & (BlockSize - 1)];

    /// <summary>Appends a value.</summary>
    internal void Add(T value)
    {
        if (Count == _blocks.Count << BlockShift)
            _blocks.Add(new T[BlockSize]);
        _blocks[^1][Count++ & (BlockSize - 1)] = value;
    }

    /// <summary>All values.</summary>
    internal T[] ToArray()
    {
        var all = new T[Count];
        for (var block = 0; block < _blocks.Count; block++)
        {
            var start = block << BlockShift;
            _blocks[block].AsSpan(0, Math.Min(BlockSize, Count - start)).CopyTo(all.AsSpan(start));
        }

        return all;
    }

    public IEnumerator<T> GetEnumerator() => _blocks.SelectMany(block => block).Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
