using System.Globalization;
using System.Text.RegularExpressions;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>A way in which tables write numbers. All numbers of a column are written in one.</summary>
internal sealed partial class NumberForm
{
    public static readonly NumberForm DecimalPoint = new(NumberFormatInfo.InvariantInfo);
    public static readonly NumberForm DecimalComma = new(new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "." });

    private static readonly NumberForm[] All = [DecimalPoint, DecimalComma];
    private readonly NumberFormatInfo _format;

    private NumberForm(NumberFormatInfo format) => _format = format;

    /// <summary>The form in which every one of the values is a number; null where there is none.</summary>
    public static NumberForm? Of(IReadOnlyCollection<string> values)
        => values.Count == 0 ? null : Array.Find(All, form => values.All(value => form.TryParse(value, out _)));

    /// <summary>Reads a finite number.</summary>
    public bool TryParse(string value, out float number)
        => float.TryParse(value, NumberStyles.Float, _format, out number) && float.IsFinite(number);

    /// <summary>One of the values if all of them could as well be written with thousands separators; else null.</summary>
    public string? Doubt(IEnumerable<string> values)
    {
        string[] separated = this == DecimalComma ? [.. values.Where(value => value.Contains(','))] : [];
        return separated.All(value => Thousands.IsMatch(value)) ? separated.FirstOrDefault() : null;
    }

    [GeneratedRegex("^[+-]?[1-9][0-9]{0,2},[0-9]{3}$")]
    private static partial Regex Thousands { get; }
}
