using System.Runtime.CompilerServices;

namespace HumanCompatible.ML.Features;

/// <summary>
/// A slot with bins gives a broken line of its value to a weighted sum of the inputs: scaled value and bins, each with its weight, grow
/// evenly from one boundary to the next. Two terms make it up, where all of the inputs are more: the height of the line at the beginning
/// of a piece, and the part of the piece's rise. Indicators come beside it.
/// </summary>
internal sealed class BrokenLine
{
    private readonly SlotEncoding _encoding;
    private readonly int _start;

    // The first piece comes before the first boundary, the last after the last; both rise by the weight of the scaled value.
    private readonly (double Origin, double Factor)[] _pieces;

    /// <param name="encoding">The encoding of the slot, which has bins.</param>
    /// <param name="start">The slot's first input.</param>
    /// <param name="firstPiece">The number of its first piece among those of all slots.</param>
    internal BrokenLine(SlotEncoding encoding, int start, int firstPiece)
    {
        (_encoding, _start, FirstPiece) = (encoding, start, firstPiece);
        var ends = encoding.Boundaries;
        _pieces = new (double, double)[ends.Length + 1];
        _pieces[0] = (ends[0], encoding.Scale);
        for (var piece = 1; piece < ends.Length; piece++)
            _pieces[piece] = (ends[piece - 1], 1 / ((double)ends[piece] - ends[piece - 1]));
        _pieces[^1] = (ends[^1], encoding.Scale);
    }

    /// <summary>The number of the first piece among those of all slots.</summary>
    internal int FirstPiece { get; }

    /// <summary>The pieces.</summary>
    internal int PieceCount => _pieces.Length;

    /// <summary>Finds where a value is on the line.</summary>
    /// <param name="value">Finite.</param>
    /// <param name="sink">Receives the place, and the indicators that are 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Encode<TSink>(float value, ref TSink sink)
        where TSink : struct, IEntrySink
    {
        var piece = _encoding.Sorted.CountAtMost(value);
        var (origin, factor) = _pieces[piece];
        sink.AddPoint(FirstPiece + piece, SlotEncoding.Bounded((value - origin) * factor));
        var dominants = _encoding.Dominants;
        for (var index = 0; index < dominants.Length; index++)
        {
            if (value == dominants[index])
                sink.Add(_start + 1 + index, 1, default);
        }
    }

    /// <summary>Draws the lines of sums.</summary>
    /// <param name="weights">The weight of each input in each sum, [sums, inputs].</param>
    /// <param name="inputCount">The inputs.</param>
    /// <param name="columns">Receives the heights of the first piece, then its rises, those of the second, and so on.</param>
    /// <param name="ofColumn">How far heights and rises are apart.</param>
    /// <param name="ofSum">How far the numbers of two sums are apart.</param>
    internal void Draw(ReadOnlySpan<float> weights, int inputCount, Span<float> columns, int ofColumn, int ofSum)
    {
        var (ends, firstBin) = (_encoding.Boundaries, _start + 1 + _encoding.Dominants.Length);
        var first = ((double)ends[0] - _encoding.Offset) * _encoding.Scale;
        var heights = new double[weights.Length / inputCount];
        for (var piece = 0; piece < _pieces.Length; piece++)
        {
            var isClosed = piece > 0 && piece < ends.Length;
            var width = isClosed ? ((double)ends[piece] - ends[piece - 1]) * _encoding.Scale : 1;
            for (var sum = 0; sum < heights.Length; sum++)
            {
                var own = weights.Slice(sum * inputCount, inputCount);
                if (piece == 0)
                    heights[sum] = first * own[_start];
                var rise = (width * own[_start]) + (isClosed ? own[firstBin + piece - 1] : 0);
                var place = (2 * piece * ofColumn) + (sum * ofSum);
                columns[place] = (float)heights[sum];
                columns[place + ofColumn] = (float)rise;
                if (isClosed)
                    heights[sum] += rise;
            }
        }
    }
}
