namespace HumanCompatible.ML.Samples.Csv;

/// <summary>How the numbers of a column are written.</summary>
/// <param name="Sign">The sign before the fraction; null where each number says so by itself.</param>
/// <param name="Affix">The currency, percent sign or unit; empty for none.</param>
internal sealed record NumberForm(DecimalSign? Sign, string Affix = "")
{
    /// <summary>The number of a cell; null where it is none in this form.</summary>
    public double? NumberOf(string cell)
    {
        if (NumberText.Of(cell) is not { } text || (text.Affix != Affix && !(text.Affix.Length == 0 && NumberText.IsCurrency(Affix))))
            return null;
        return Sign is { } sign ? text.If(sign) : text.IsAmbiguous ? null : text.IfPoint ?? text.IfComma;
    }
}

/// <summary>How a table writes its numbers, as far as it is known.</summary>
/// <param name="Separator">What stands between its cells.</param>
/// <param name="Sign">The sign before fractions; null where it is not known.</param>
/// <param name="IsStated">Whether the user says so. Else the columns do that can be read in one way only.</param>
internal sealed record NumberHabit(char Separator, DecimalSign? Sign = null, bool IsStated = false);
