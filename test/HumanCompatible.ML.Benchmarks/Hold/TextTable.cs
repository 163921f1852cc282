namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>A table as aligned text or as Markdown. The first column is left-aligned, all others right.</summary>
internal static class TextTable
{
    internal static void Write(TextWriter to, IReadOnlyList<string> titles, IReadOnlyList<IReadOnlyList<string>> rows, bool isMarkdown)
    {
        int[] widths = [.. titles.Select((title, column) => rows.Select(row => row[column].Length).Append(title.Length).Max())];
        string Line(IReadOnlyList<string> cells) => isMarkdown
            ? $"| {string.Join(" | ", cells)} |"
            : string.Join("  ", cells.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column])));
        to.WriteLine(Line(titles));
        if (isMarkdown)
            to.WriteLine("|---|" + string.Concat(Enumerable.Repeat("---:|", titles.Count - 1)));
        foreach (var row in rows)
            to.WriteLine(Line(row));
    }
}
