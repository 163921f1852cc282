using System.Runtime.CompilerServices;

namespace HumanCompatible.ML.Features;

/// <summary>
/// A slot with bins gives a broken line of its value to a weighted sum of the inputs: scaled value and bins, each with its weight, grow
/// evenly from one boundary to the next. Two terms make it up, where all of the inputs are more: between two boundaries the heights of the
/// line there, and beyond the first or the last its height there and the rest of the scaled value. Indicators come beside it.
/// </summary>
internal sealed class BrokenLine
{
    private readonly SlotEncoding _encoding;
    private readonly SortedValues _sorted;
    private readonly SortedValues _dominants;
    private readonly int _dominantCount;
    private readonly int _start;
    private readonly (int Column, float Value) _missing;

    // The first piece comes before the first boundary, the last after the last.
    private readonly Piece[] _pieces;

    /// <param name="encoding">The encoding of the slot, which has bins.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="start">The slot's first input.</param>
    /// <param name="firstColumn">The column of the height at its first boundary; those at the others follow.</param>
    internal BrokenLine(SlotEncoding encoding, int slot, int start, int firstColumn)
    {
        (_encoding, _sorted) = (encoding, encoding.Sorted);
        (_dominants, _dominantCount) = (encoding.SortedDominants, encoding.Dominants.Length);
        (Slot, _start, FirstColumn) = (slot, start, firstColumn);
        _missing = encoding.TakesMissing ? (start + encoding.Width - 1, 1) : (start, float.NaN);
        var ends = encoding.Boundaries;
        _pieces = new Piece[ends.Length + 1];
        _pieces[0] = new(ends[0], encoding.Scale, firstColumn, start, 0);
        for (var piece = 1; piece < ends.Length; piece++)
        {
            var column = firstColumn + piece - 1;
            _pieces[piece] = new(ends[piece - 1], 1 / ((double)ends[piece] - ends[piece - 1]), column, column + 1, 1);
        }

        _pieces[^1] = new(ends[^1], encoding.Scale, firstColumn + ends.Length - 1, start, 0);
    }

    /// <summary>The slot.</summary>
    internal int Slot { get; }

    /// <summary>The column of the height at the first boundary.</summary>
    internal int FirstColumn { get; }

    /// <summary>The boundaries, each with a column.</summary>
    internal int ColumnCount => _encoding.Boundaries.Length;

    /// <summary>Writes the terms of a value: two, and its indicators; of a missing one its own indicator.</summary>
    /// <param name="value">Finite; or NaN where the encoding takes it.</param>
    /// <param name="columns">Receives the column of each.</param>
    /// <param name="values">Receives its value.</param>
    /// <param name="count">The terms that are there.</param>
    /// <returns>The terms that are there then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Write(float value, int[] columns, float[] values, int count)
    {
        if (float.IsNaN(value))
        {
            (columns[count], values[count]) = _missing;
            return count + 1;
        }

        ref readonly var piece = ref _pieces[_sorted.CountAtMost(value)];
        var part = SlotEncoding.Bounded((value - piece.Origin) * piece.Factor);
        (columns[count], values[count]) = (piece.Column, 1 - (part * piece.IsClosed));
        (columns[count + 1], values[count + 1]) = (piece.Other, part);
        count += 2;
        if (_dominantCount > 0 && _dominants.Find(value) is >= 0 and var dominant)
            (columns[count], values[count++]) = (_start + 1 + dominant, 1);

        return count;
    }

    /// <summary>Draws the lines of sums.</summary>
    /// <param name="weights">The weight of each input in each sum, [sums, inputs].</param>
    /// <param name="inputCount">The inputs.</param>
    /// <param name="columns">Receives the heights at the first boundary, those at the second, and so on.</param>
    /// <param name="ofColumn">How far the heights at two boundaries are apart.</param>
    /// <param name="ofSum">How far the heights of two sums are apart.</param>
    internal void Draw(ReadOnlySpan<float> weights, int inputCount, Span<float> columns, int ofColumn, int ofSum)
    {
        var (ends, firstBin) = (_encoding.Boundaries, _start + 1 + _dominantCount);
        for (var sum = 0; sum * inputCount < weights.Length; sum++)
        {
            var own = weights.Slice(sum * inputCount, inputCount);
            var bins = 0d;
            for (var end = 0; end < ends.Length; end++)
            {
                var scaled = ((double)ends[end] - _encoding.Offset) * _encoding.Scale;
                columns[(end * ofColumn) + (sum * ofSum)] = (float)((scaled * own[_start]) + bins);
                if (end < ends.Length - 1)
                    bins += own[firstBin + end];
            }
        }
    }

    /// <summary>A piece, where p = (value - Origin) Factor: 1 - p IsClosed times a column, and p times another.</summary>
    private readonly record struct Piece(double Origin, double Factor, int Column, int Other, float IsClosed);
}
