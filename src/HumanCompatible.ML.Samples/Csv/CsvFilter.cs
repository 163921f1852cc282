namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Rows to keep: those that hold one of the values in the column.</summary>
/// <param name="Column">The column.</param>
/// <param name="Values">The values.</param>
internal sealed record CsvFilter(string Column, IReadOnlyList<string> Values)
{
    /// <summary>Reads <c>column=value1|value2</c>.</summary>
    public static CsvFilter Parse(string text)
    {
        var sign = text.IndexOf('=');
        if (sign <= 0 || sign == text.Length - 1)
            throw new SampleInputException($"--where {text}: must be written as column=value1|value2.");
        return new CsvFilter(text[..sign].Trim(), [.. text[(sign + 1)..].Split('|').Select(value => value.Trim())]);
    }
}
