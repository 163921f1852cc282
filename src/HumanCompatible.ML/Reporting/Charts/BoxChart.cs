namespace HumanCompatible.ML.Reporting.Charts;

/// <summary>Where the values of some rows lie.</summary>
/// <param name="Name">What they are called.</param>
/// <param name="Low">What 5% are below; NaN where there are none.</param>
/// <param name="Quarter">What a quarter is below.</param>
/// <param name="Middle">What half are below.</param>
/// <param name="ThreeQuarters">What a quarter is above.</param>
/// <param name="High">What 5% are above.</param>
internal sealed record Box(string Name, double Low, double Quarter, double Middle, double ThreeQuarters, double High);

/// <summary>Boxes one below the other: half of the values are in the box, nine of ten between the ends of the line.</summary>
internal static class BoxChart
{
    private const double RowHeight = 38;
    private const double AxisHeight = 22;

    /// <param name="alternative">What it shows, in words.</param>
    /// <param name="boxes">The boxes.</param>
    /// <param name="tick">How a number on the axis is written.</param>
    internal static Html Draw(string alternative, IReadOnlyList<Box> boxes, Func<double, string> tick)
    {
        var axis = Axis.Fit([0, .. boxes.SelectMany(box => new[] { box.Low, box.High })], 14, Figure.Width - 24);
        var bottom = boxes.Count * RowHeight;
        List<Html> shapes =
        [
            .. axis.Ticks().Select(value => Html.Join([Shape.Path("grid", $"M{axis.At(value)} 0V{bottom}"),
                Shape.Tick(axis.At(value), bottom + 15, tick(value))])),
            Shape.Path("reference", $"M{axis.At(0)} 0V{bottom}"),
            .. boxes.Select((box, index) => Draw(box, index * RowHeight, axis)),
        ];
        return Figure.Svg(alternative, bottom + AxisHeight, shapes);
    }

    private static Html Draw(Box box, double top, Axis axis)
    {
        var name = Shape.Text("name", 4, top + 13, Figure.Short(box.Name, 46));
        if (!double.IsFinite(box.Low))
            return Shape.Named(box.Name, name, Shape.Text("tick", 4, top + 30, "not defined"));
        double y = top + 18, low = axis.At(box.Low), high = axis.At(box.High), quarter = axis.At(box.Quarter);
        return Shape.Named(box.Name,
        [
            name,
            Shape.Path("whisker", $"M{low} {y + 3}V{y + 11}M{low} {y + 7}H{high}M{high} {y + 3}V{y + 11}"),
            Shape.Rectangle("bar", quarter, y, Math.Max(1, axis.At(box.ThreeQuarters) - quarter), 14),
            Shape.Path("middle", $"M{axis.At(box.Middle)} {y - 1}V{y + 15}"),
        ]);
    }
}
