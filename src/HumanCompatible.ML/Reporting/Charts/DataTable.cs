namespace HumanCompatible.ML.Reporting.Charts;

/// <summary>A table: the numbers of a chart, or of a section.</summary>
/// <param name="Caption">What it shows.</param>
/// <param name="Columns">The titles of the columns; the first is of what names a row.</param>
/// <param name="Rows">The cells.</param>
internal sealed record DataTable(string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    // Names are cut here, and rows of long tables left out, so that no data makes the page too large.
    private const int LongestCell = 80;

    /// <summary>The most rows that are written.</summary>
    internal const int MostRows = 100;

    private string ShortCaption => Figure.Short(Caption, LongestCell);

    /// <summary>The table, which scrolls by itself where the page is narrow.</summary>
    internal Html AsBlock()
    {
        var rest = Rows.Count > MostRows ? $" (the first {MostRows} of {Numbers.Count(Rows.Count)} rows)" : "";
        return Html.Of($"""
            <div class="scroll" role="region" tabindex="0" aria-label="{ShortCaption}"><table><caption>{ShortCaption}{rest}</caption>
            <thead><tr>{Columns.Select(column => Html.Of($"""<th scope="col">{Cell(column)}</th>"""))}</tr></thead>
            <tbody>{Rows.Take(MostRows).Select(Row)}</tbody></table></div>

            """);
    }

    /// <summary>The table, closed until somebody wants it.</summary>
    internal Html AsDetails() => Html.Of($"<details><summary>Numbers: {ShortCaption}</summary>{AsBlock()}</details>");

    private static Html Row(IReadOnlyList<string> cells) => Html.Of($"""
        <tr><th scope="row">{Cell(cells[0])}</th>{cells.Skip(1).Select(cell => Html.Of($"<td>{Cell(cell)}</td>"))}</tr>

        """);

    private static string Cell(string text) => Figure.Short(text, LongestCell);
}
