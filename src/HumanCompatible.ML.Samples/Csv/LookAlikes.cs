using System.Globalization;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Finds texts that a reader takes for the same and a program does not.</summary>
internal static class LookAlikes
{
    /// <summary>A text without case, blanks and signs of no width.</summary>
    public static string Folded(string value)
        => string.Concat(value.Select(char.ToUpperInvariant).Where(character
            => !char.IsWhiteSpace(character) && char.GetUnicodeCategory(character) != UnicodeCategory.Format));

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

    private static bool IsMark(char character) => char.GetUnicodeCategory(character) == UnicodeCategory.NonSpacingMark;
}
