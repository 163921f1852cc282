using System.Globalization;
using System.Numerics;
using Microsoft.ML;

namespace HumanCompatible.ML.Data;

/// <summary>Groups by a whole number; NaN is missing.</summary>
internal sealed class GroupNumberReader<T>(DataViewSchema.Column column) : GroupColumnReader(column) where T : struct, INumberBase<T>
{
    // Above 2^53 neighboring whole numbers are the same double, so groups would be merged.
    private const double LargestExact = 9007199254740992;

    private readonly Dictionary<double, int> _codeOf = [];
    private readonly List<double> _numbers = [];
    private ValueGetter<T>? _getter;
    private T _value;

    internal override void Bind(DataViewRow row) => _getter = row.GetGetter<T>(row.Schema[Column.Name]);

    private protected override int ReadCode(int rowIndex)
    {
        _getter!(ref _value);
        var number = double.CreateTruncating(_value);
        if (_codeOf.TryGetValue(number, out var code)) return code; // NaN equals itself here, and -0 equals 0
        if (!double.IsNaN(number) && !(double.IsInteger(number) && Math.Abs(number) <= LargestExact))
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"Group column '{Column.Name}' holds {_value} in row {rowIndex}; a numeric group column must hold whole numbers."));
        }

        _codeOf.Add(number, _numbers.Count);
        _numbers.Add(number);
        CheckCount(_numbers.Count);
        return _numbers.Count - 1;
    }

    private protected override int? MissingCode => _codeOf.TryGetValue(double.NaN, out var code) ? code : null;

    private protected override (string[] Names, int[] Order) OrderedNames()
    {
        string[] names = [.. _numbers.Select(NameOf)];
        return (names, [.. Enumerable.Range(0, names.Length).OrderBy(code => _numbers[code])]); // NaN first
    }

    private string NameOf(double number) =>
        double.IsNaN(number) ? Missing
        : (number + 0.0).ToString("F0", CultureInfo.InvariantCulture); // + 0.0 turns -0 into 0
}
