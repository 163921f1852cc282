using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Reporting.Charts;

/// <summary>A chart with its title, what it says in words, and its numbers as a table.</summary>
internal static class Figure
{
    /// <summary>The width of every drawing: that of a phone, so that letters keep their size there.</summary>
    internal const double Width = 360;

    /// <summary>The most letters of a name.</summary>
    internal const int LongestName = 120;

    private const int LongestDescription = 1000;

    /// <param name="title">The title.</param>
    /// <param name="note">How to read it.</param>
    /// <param name="drawing">The drawing, with <see cref="Svg"/>.</param>
    /// <param name="table">Its numbers; null where a table beside it has them.</param>
    /// <param name="legend">What the lines are; null for none.</param>
    internal static Html Of(string title, string note, Html drawing, DataTable? table, Html? legend = null) => Html.Of($"""
        <figure><figcaption><strong>{Short(title, LongestName)}</strong><span class="note">{note}</span></figcaption>
        {drawing}{legend ?? Html.Empty}{table?.AsDetails() ?? Html.Empty}</figure>

        """);

    /// <summary>A drawing that a screen reader reads as one picture with the words of <paramref name="alternative"/>.</summary>
    internal static Html Svg(string alternative, double height, IEnumerable<Html> shapes) => Html.Of($"""
        <svg role="img" aria-label="{Short(alternative, LongestDescription)}" viewBox="0 0 {Width} {height}">{shapes}</svg>

        """);

    /// <summary>What the lines or marks are.</summary>
    internal static Html Legend(IReadOnlyList<string> names, bool hasMarks = false)
        => Html.Of($"""<ul class="legend">{names.Select((name, index) => Entry(name, index, hasMarks))}</ul>""");

    /// <summary>A name that fits.</summary>
    internal static string Short(string name, int most) => ShownName.Short(name, most);

    private static Html Entry(string name, int index, bool hasMarks)
    {
        var line = Shape.Path(Shape.Series("line", index), $"M1 6H27");
        var mark = hasMarks ? Shape.Mark(14, 6, index) : Html.Empty;
        return Html.Of($"""
            <li><svg aria-hidden="true" width="28" height="12" viewBox="0 0 28 12">{line}{mark}</svg> {Short(name, 60)}</li>
            """);
    }
}
