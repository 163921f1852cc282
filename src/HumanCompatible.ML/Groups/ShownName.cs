using System.Globalization;
using System.Text;

namespace HumanCompatible.ML.Groups;

/// <summary>Names from the data as people are shown them: short, on one line, and without signs that do something to the text.</summary>
internal static class ShownName
{
    /// <summary>The most letters of a name in a table.</summary>
    internal const int Longest = 60;

    /// <summary>A name that is safe and fits.</summary>
    /// <param name="name">The name.</param>
    /// <param name="most">The most letters, at least 2.</param>
    internal static string Of(string name, int most = Longest) => Short(Safe(name), most);

    /// <summary>A name that fits.</summary>
    internal static string Short(string name, int most) => name.Length <= most ? name
        : string.Concat(name.AsSpan(0, char.IsHighSurrogate(name[most - 2]) ? most - 2 : most - 1), "…");

    /// <summary>A text whose control and direction signs are replaced; ends of lines and tabs become blanks.</summary>
    internal static string Safe(string text) => Safe(text, keepsLines: false);

    /// <summary>Several lines of text.</summary>
    internal static string SafeLines(string text) => Safe(text, keepsLines: true);

    /// <summary>
    /// Whether a sign cannot be seen, or turns the direction of what follows: it could make a name look like another, or like our own
    /// words. The joiners that scripts need are not among them.
    /// </summary>
    internal static bool IsHidden(Rune rune) => rune.Value is not (0x200C or 0x200D)
        && (rune.Value is 0xFFFE or 0xFFFF || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string Safe(string text, bool keepsLines)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t')
                safe.Append(keepsLines ? (char)rune.Value : ' ');
            else
                safe.Append(IsHidden(rune) ? "\uFFFD" : rune.ToString());
        }

        return safe.ToString();
    }
}
