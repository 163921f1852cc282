using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Reporting.Charts;

/// <summary>A bar with what it stands for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its length; NaN where it is not defined.</param>
/// <param name="Text">The value as text.</param>
/// <param name="Interval">Its interval, drawn as a line with two ends; null for none.</param>
internal sealed record Bar(string Name, double Value, string Text, ConfidenceInterval? Interval = null);

/// <summary>Bars one below the other, the name of each above it, so that long names have room.</summary>
internal static class BarChart
{
    private const double RowHeight = 38;
    private const double RightMargin = 58;
    private const double AxisHeight = 22;

    /// <param name="alternative">What it shows, in words.</param>
    /// <param name="bars">The bars; one of a value below 0 goes to the left.</param>
    /// <param name="maximum">Where the axis of values of at least 0 ends; null for where the bars do.</param>
    /// <param name="tick">How a number on the axis is written.</param>
    /// <param name="reference">Where a dashed line stands, such as the value of all; null for none.</param>
    internal static Html Draw(string alternative, IReadOnlyList<Bar> bars, double? maximum, Func<double, string> tick,
        double? reference = null)
    {
        const double start = 4, end = Figure.Width - RightMargin;
        var axis = maximum is { } last ? new Axis(0, last, start, end)
            : Axis.Fit([0, .. bars.SelectMany(Ends)], start, end);
        var bottom = bars.Count * RowHeight;
        List<Html> shapes =
        [
            .. axis.Ticks().Select(value => Html.Join([Shape.Path("grid", $"M{axis.At(value)} 0V{bottom}"),
                Shape.Tick(axis.At(value), bottom + 15, tick(value))])),
            .. bars.Select((bar, index) => Draw(bar, index * RowHeight, axis)),
        ];
        if (axis.Minimum < 0)
            shapes.Add(Shape.Path("axis", $"M{axis.At(0)} 0V{bottom}"));
        if (reference is { } line && double.IsFinite(line))
            shapes.Add(Shape.Path("reference", $"M{axis.At(line)} 0V{bottom}"));
        return Figure.Svg(alternative, bottom + AxisHeight, shapes);
    }

    private static double[] Ends(Bar bar) => [bar.Value, bar.Interval?.Lower ?? bar.Value, bar.Interval?.Upper ?? bar.Value];

    private static Html Draw(Bar bar, double top, Axis axis)
    {
        var name = Shape.Text("name", 4, top + 13, Figure.Short(bar.Name, 46));
        if (!double.IsFinite(bar.Value))
            return Shape.Named(bar.Name, name, Shape.Text("tick", 4, top + 30, "not defined"));
        double zero = axis.At(0), value = axis.At(bar.Value), end = Math.Max(zero, value), y = top + 18;
        List<Html> shapes = [name, Shape.Rectangle("bar", Math.Min(zero, value), y, Math.Max(1, Math.Abs(value - zero)), 14)];
        if (Shape.IsFinite(bar.Interval))
        {
            double low = axis.At(bar.Interval!.Lower), high = axis.At(bar.Interval.Upper);
            shapes.Add(Shape.Path("whisker", $"M{low} {y + 3}V{y + 11}M{low} {y + 7}H{high}M{high} {y + 3}V{y + 11}"));
            end = Math.Max(end, high);
        }

        return Shape.Named($"{bar.Name}: {bar.Text}", [.. shapes, Shape.Text("value", end + 6, y + 11, bar.Text)]);
    }
}
