using System.Globalization;
using System.Numerics;
using Microsoft.ML;

namespace HumanCompatible.ML.Data;

/// <summary>Groups by the bin that a number is in, such as "25 to &lt; 45"; NaN is missing.</summary>
/// <param name="column">A column of numbers.</param>
/// <param name="edges">The edges between bins, ascending; an edge belongs to the bin above it.</param>
internal sealed class GroupBinReader<T>(DataViewSchema.Column column, double[] edges) : GroupColumnReader(column)
    where T : struct, INumberBase<T>
{
    private readonly int[] _codeOf = [.. Enumerable.Repeat(-1, edges.Length + 2)];
    private readonly List<int> _bins = [];
    private ValueGetter<T>? _getter;
    private T _value;

    // The bin of missing values, so that they are the first group.
    private const int MissingBin = 0;

    internal override void Bind(DataViewRow row) => _getter = row.GetGetter<T>(row.Schema[Column.Name]);

    private protected override int ReadCode(int rowIndex)
    {
        _getter!(ref _value);
        var number = double.CreateTruncating(_value);
        var bin = MissingBin;
        if (!double.IsNaN(number))
        {
            var found = Array.BinarySearch(edges, number);
            bin = 1 + (found >= 0 ? found + 1 : ~found);
        }

        if (_codeOf[bin] < 0)
        {
            _codeOf[bin] = _bins.Count;
            _bins.Add(bin);
        }

        return _codeOf[bin];
    }

    private protected override int? MissingCode => _codeOf[MissingBin] is >= 0 and var code ? code : null;

    private protected override (string[] Names, int[] Order) OrderedNames()
        => ([.. _bins.Select(NameOf)], [.. Enumerable.Range(0, _bins.Count).OrderBy(code => _bins[code])]);

    private string NameOf(int bin)
    {
        string Edge(int index) => edges[index].ToString(CultureInfo.InvariantCulture);
        return bin == MissingBin ? Missing : bin == 1 ? $"< {Edge(0)}"
            : bin == edges.Length + 1 ? $">= {Edge(edges.Length - 1)}" : $"{Edge(bin - 2)} to < {Edge(bin - 1)}";
    }
}
