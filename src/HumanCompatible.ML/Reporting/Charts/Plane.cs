namespace HumanCompatible.ML.Reporting.Charts;

/// <summary>Two axes with ticks and titles, and what is drawn between them.</summary>
/// <param name="X">The axis across.</param>
/// <param name="Y">The axis up.</param>
internal sealed record Plane(Axis X, Axis Y)
{
    internal const double Left = 50;
    internal const double Right = Figure.Width - 16;
    internal const double Top = 20;
    internal const double Bottom = 220;

    internal required string XTitle { get; init; }

    internal required string YTitle { get; init; }

    /// <summary>How a number on the axis across is written.</summary>
    internal required Func<double, string> XTick { get; init; }

    /// <summary>How a number on the axis up is written.</summary>
    internal required Func<double, string> YTick { get; init; }

    /// <param name="alternative">What it shows, in words.</param>
    /// <param name="shapes">What is between the axes.</param>
    internal Html Draw(string alternative, params IEnumerable<Html> shapes) => Figure.Svg(alternative, Bottom + 40,
    [
        .. Y.Ticks().Select(tick => Html.Join([Shape.Path("grid", $"M{Left} {Y.At(tick)}H{Right}"),
            Shape.Text("tick", Left - 5, Y.At(tick) + 4, YTick(tick), "end")])),
        .. X.Ticks().Select(tick => Html.Join([Shape.Path("axis", $"M{X.At(tick)} {Bottom}V{Bottom + 4}"),
            Shape.Text("tick", X.At(tick), Bottom + 17, XTick(tick), "middle")])),
        Shape.Path("axis", $"M{Left} {Top}V{Bottom}H{Right}"),
        Shape.Text("tick", (Left + Right) / 2, Bottom + 35, XTitle, "middle"),
        Shape.Text("tick", 4, 11, YTitle),
        .. shapes,
    ]);
}
