using System.Globalization;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Finds texts that a reader takes for the same and a program does not.</summary>
internal static class LookAlikes
{
    // Capital letters of Cyrillic and Greek, dashes and quotes that look like signs of ASCII, each before what it looks like.
    private const string Doubles = "\u0410A\u0412B\u0415E\u0405S\u0406I\u0408J\u041AK\u041CM\u041DH\u041EO\u0420P\u0421C\u0422T\u0423Y"
        + "\u0425X\u04AEY\u04BAH\u0500D\u051AQ\u051CW\u0391A\u0392B\u0395E\u0396Z\u0397H\u0399I\u039AK\u039CM\u039DN\u039FO\u03A1P"
        + "\u03A4T\u03A5Y\u03A7X\u212AK\u0130I\u0131I\u2010-\u2011-\u2012-\u2013-\u2014-\u2212-\u2018'\u2019'\u02BC'";

    // The letters that look like digits. Source: Unicode Technical Standard 39, confusables.
    private static readonly Dictionary<char, char> Digits = new() { ['O'] = '0', ['I'] = '1', ['L'] = '1' };

    private const int MostCodes = 8;
    private static readonly Dictionary<char, char> Ascii = Doubles.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>
    /// A text without case, blanks and signs of no width, with signs of ASCII for those of other scripts and of full width that look like
    /// them.
    /// </summary>
    public static string Folded(string value)
        => string.Concat(value.Where(character
            => !char.IsWhiteSpace(character) && char.GetUnicodeCategory(character) != UnicodeCategory.Format).Select(Plain));

    /// <summary>Of each text the code points in which it differs from the others, such as <c>U+041C</c>.</summary>
    public static IReadOnlyList<string> Codes(IReadOnlyList<string> values)
    {
        var shortest = values.Min(value => value.Length);
        int before = 0, after = 0;
        while (before < shortest && values.All(value => value[before] == values[0][before]))
            before++;
        while (after < shortest - before && values.All(value => value[^(after + 1)] == values[0][^(after + 1)]))
            after++;
        return [.. values.Select(value =>
        {
            string[] codes = [.. value[before..^after].EnumerateRunes().Select(rune => $"U+{rune.Value:X4}")];
            return codes.Length == 0 ? "nothing there"
                : string.Join(' ', codes.Take(MostCodes)) + (codes.Length > MostCodes ? " and more" : "");
        })];
    }

    /// <summary>
    /// The folded texts that differ in this alone: where one has a 0, the other has an O, and where one has a 1, the other has an I or
    /// an L, such as FEMA1E and FEMALE, or 10 and 1O. Codes that have digits as well as letters there are left out: those where a third
    /// text is the first but for another digit in that place, and a fourth the second but for another letter. A1 and AI look alike beside
    /// A2, or beside AB, but not beside both.
    /// </summary>
    public static IEnumerable<(string One, string Other)> ByDigits(IReadOnlyCollection<string> folded)
    {
        var texts = folded.ToHashSet();
        return from alike in texts.GroupBy(WithDigits)
               from one in alike
               from other in alike
               where string.CompareOrdinal(one, other) < 0
               let places = Enumerable.Range(0, one.Length).Where(place => one[place] != other[place]).ToList()
               where places.TrueForAll(place => char.IsAsciiDigit(one[place]) != char.IsAsciiDigit(other[place]))
                   && !places.Exists(place => AreCodes(one, place) && AreCodes(other, place))
               select (one, other);

        bool AreCodes(string text, int place) => (char.IsAsciiDigit(text[place]) ? "0123456789" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            .Any(sign => sign != text[place] && texts.Contains($"{text[..place]}{sign}{text[(place + 1)..]}"));
    }

    /// <summary>
    /// The texts that differ in this alone: where one has a letter beyond ASCII, the other has a letter with an accent after it as a sign
    /// of its own (Unicode's forms NFC and NFD). A program without culture data, as this one, knows no normal forms.
    /// </summary>
    public static IEnumerable<(string Composed, string Decomposed)> InTwoForms(IReadOnlyCollection<string> values)
        => from decomposed in values
           where decomposed.Any(IsMark)
           from composed in values
           where !composed.Any(IsMark) && IsSame(composed, decomposed)
           select (composed, decomposed);

    private static bool IsSame(string composed, string decomposed)
    {
        var at = 0;
        foreach (var letter in composed)
        {
            if (at == decomposed.Length)
                return false;
            var isMarked = at + 1 < decomposed.Length && IsMark(decomposed[at + 1]);
            if (isMarked ? char.IsAscii(letter) || !char.IsLetter(letter) : letter != decomposed[at])
                return false;
            at++;
            while (at < decomposed.Length && IsMark(decomposed[at]))
                at++;
        }

        return at == decomposed.Length;
    }

    private static string WithDigits(string folded)
        => string.Concat(folded.Select(sign => Digits.GetValueOrDefault(sign, sign)));

    private static char Plain(char character)
    {
        if (character is >= '\uFF01' and <= '\uFF5E')
            character = (char)(character - 0xFEE0);
        if (CharUnicodeInfo.GetDecimalDigitValue(character) is >= 0 and var digit)
            return (char)('0' + digit);
        var capital = char.ToUpperInvariant(character);
        return Ascii.GetValueOrDefault(capital, capital);
    }

    private static bool IsMark(char character) => char.GetUnicodeCategory(character) == UnicodeCategory.NonSpacingMark;
}
