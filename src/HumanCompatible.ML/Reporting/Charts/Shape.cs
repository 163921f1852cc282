using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Reporting.Charts;

/// <summary>The shapes of a drawing. Their styles are classes of report.css.</summary>
internal static class Shape
{
    internal static Html Path(string style, Html.Handler data) => Html.Of($"""<path class="{style}" d="{Html.Of(data)}"/>""");

    internal static Html Text(string style, double x, double y, string text, string anchor = "start")
        => Html.Of($"""<text class="{style}" x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>""");

    /// <summary>A number below an axis, within the drawing.</summary>
    internal static Html Tick(double x, double y, string text)
    {
        var half = Math.Min(Figure.Width / 2, 3.6 * text.Length + 1);
        return Text("tick", Math.Clamp(x, half, Figure.Width - half), y, text, "middle");
    }

    internal static Html Rectangle(string style, double x, double y, double width, double height)
        => Html.Of($"""<rect class="{style}" x="{x}" y="{y}" width="{Math.Max(0, width)}" height="{height}"/>""");

    /// <summary>What a pointer that rests on the shapes is told.</summary>
    internal static Html Named(string name, params IEnumerable<Html> shapes)
        => Html.Of($"<g><title>{Figure.Short(name, Figure.LongestName)}</title>{shapes}</g>\n");

    /// <summary>The class of a series: its color and its dashes.</summary>
    internal static string Series(string style, int series) => style + " s" + (char)('0' + series % 8);

    /// <summary>The mark of a series: its shape tells it as its color does.</summary>
    internal static Html Mark(double x, double y, int series)
    {
        var style = Series("mark", series);
        return (series % 4) switch
        {
            0 => Html.Of($"""<circle class="{style}" cx="{x}" cy="{y}" r="4.5"/>"""),
            1 => Path(style, $"M{x - 4} {y - 4}H{x + 4}V{y + 4}H{x - 4}Z"),
            2 => Path(style, $"M{x} {y - 5}L{x + 5} {y + 4}H{x - 5}Z"),
            _ => Path(style, $"M{x} {y - 5.5}L{x + 5.5} {y}L{x} {y + 5.5}L{x - 5.5} {y}Z"),
        };
    }

    /// <summary>Whether an interval can be drawn.</summary>
    internal static bool IsFinite(ConfidenceInterval? interval)
        => interval is not null && double.IsFinite(interval.Lower) && double.IsFinite(interval.Upper);
}
