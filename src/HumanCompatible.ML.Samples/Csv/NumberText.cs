using System.Globalization;
using System.Text.RegularExpressions;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Which sign stands before the fraction of a number.</summary>
internal enum DecimalSign
{
    /// <summary>A point, as in 1234.5 or 1,234.5.</summary>
    Point,

    /// <summary>A comma, as in 1234,5 or 1.234,5.</summary>
    Comma,
}

/// <summary>
/// A cell that is a number: with a sign or in brackets as accounts write negative ones, with thousands separators (comma, point, blank,
/// apostrophe), and with a currency, a percent sign or a unit.
/// </summary>
/// <param name="Affix">The currency, percent sign or unit; empty where there is none.</param>
/// <param name="IfPoint">The number if a point stands before the fraction; null where it is none then.</param>
/// <param name="IfComma">The number if a comma does.</param>
internal sealed partial record NumberText(string Affix, double? IfPoint, double? IfComma)
{
    /// <summary>What must be known of the table to read the number: it is one, but another, with either sign.</summary>
    public bool IsAmbiguous => IfPoint is not null && IfComma is not null && IfPoint != IfComma;

    /// <summary>What is said after "no number" where one of the cells is a number that a model cannot take, as it is too large.</summary>
    public static string Range(params IEnumerable<string> cells) => cells.Any(IsTooLarge) ? " up to 3.4e38 in size" : "";

    /// <summary>Whether a cell is a number that is too large for networks, which compute in Single.</summary>
    public static bool IsTooLarge(string cell) => Of(cell) is null && Matched(cell, OfAnySize) is not null;

    /// <summary>Reads a cell; null where it is no number, or too large.</summary>
    public static NumberText? Of(string cell)
    {
        // Most cells are so plain that nothing has to be matched.
        if (!cell.AsSpan().ContainsAnyExcept("+-.0123456789") && Parse(cell) is { } plain)
        {
            var point = cell.IndexOf('.', StringComparison.Ordinal);
            if (point != cell.Length - 4 || point < 0)
                return new NumberText("", plain, point < 0 ? plain : null);
        }
        return Matched(cell, Parse);
    }

    /// <summary>The number if <paramref name="sign"/> stands before the fraction; null where it is none then.</summary>
    public double? If(DecimalSign sign) => sign == DecimalSign.Point ? IfPoint : IfComma;

    /// <summary>Whether the text beside a number is a currency, which some numbers of a column may have and others not.</summary>
    public static bool IsCurrency(string affix) => OnlyCurrency.IsMatch(affix);

    private static NumberText? Matched(string cell, Func<string, double?> parse)
    {
        var match = Form.Match(cell);
        if (!match.Success)
            return null;
        var isNegative = match.Groups["minus"].Success || match.Groups["bracket"].Success;
        if (match.Groups["minus"].Captures.Count + match.Groups["bracket"].Captures.Count > 1)
            return null;
        string before = match.Groups["before"].Value.Trim(), after = match.Groups["after"].Value.Trim();
        if (before.Length > 0 && after.Length > 0)
            return null;
        string body = match.Groups["body"].Value, exponent = match.Groups["exponent"].Value;
        double? Read(string digits) => parse((isNegative ? "-" : "") + digits + exponent);
        var ifPoint = Point.IsMatch(body) ? Read(Digits(body, '.')) : null;
        var ifComma = Comma.IsMatch(body) ? Read(Digits(body, ',')) : null;
        return ifPoint is null && ifComma is null ? null : new NumberText(before + after, ifPoint, ifComma);
    }

    private static string Digits(string body, char sign)
        => string.Concat(body.Where(character => char.IsAsciiDigit(character) || character == sign)).Replace(sign, '.');

    private static double? Parse(string text) => OfAnySize(text) is { } number && float.IsFinite((float)number) ? number : null;

    private static double? OfAnySize(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private const string Blank = @"[ \u00A0\u2009\u202F]";
    private const string Currency = @"(?:[A-Z]{0,3}\p{Sc}|(?:USD|EUR|GBP|CHF|JPY|CNY|INR|BRL|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RUB|ZAR"
        + @"|MXN|KRW|TRY|Rs\.?|kr\.?|Fr\.?|K\u010D|z\u0142)(?!\p{L}))";
    private const string Minus = @"(?<minus>[-\u2212])?";
    private const string Body = @"(?<body>[0-9.,](?:[0-9.,]|[ '\u2019\u00A0\u2009\u202F](?=[0-9]{3}))*)"
        + @"(?<exponent>[eE][+-]?[0-9]+(?!\p{L}))?";
    private const string After = @"(?<after>%|\u2030|\p{L}[\p{L}\u00B0\u00B2\u00B3/]*|\u00B0\p{L}?)";

    // Thousands in groups of three, or as in India with pairs before the last three.
    private const string Blanks = @"[1-9][0-9]{0,2}(?<gap>[ '\u2019\u00A0\u2009\u202F])[0-9]{3}(?:\k<gap>[0-9]{3})*";
    private const string Commas = "(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3})";
    private const string Points = @"(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]?(?:\.[0-9]{2})+\.[0-9]{3})";

    [GeneratedRegex($@"^(?<bracket>\()?{Minus}\+?(?<before>{Currency})?{Blank}*{Minus}{Body}"
        + $@"{Blank}*(?:(?<after>{Currency})|{After})?"
        + $@"(?:(?<=[0-9])(?<minus>[-\u2212]))?(?(bracket)\))$", RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }

    [GeneratedRegex($@"^(?:(?:[0-9]+|{Blanks}|{Commas})(?:\.[0-9]*)?|\.[0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Point { get; }

    [GeneratedRegex($@"^(?:(?:[0-9]+|{Blanks}|{Points})(?:,[0-9]*)?|,[0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Comma { get; }

    [GeneratedRegex($"^{Currency}$", RegexOptions.CultureInvariant)]
    private static partial Regex OnlyCurrency { get; }
}
