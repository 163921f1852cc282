using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Reporting.Charts;

/// <summary>A point with its name and its intervals in both directions.</summary>
internal sealed record ScatterPoint(string Name, double X, double Y, ConfidenceInterval XInterval, ConfidenceInterval YInterval);

/// <summary>Named points, and a bound that those on one side keep.</summary>
internal sealed record ScatterChart(string XTitle, string YTitle, IReadOnlyList<ScatterPoint> Points)
{
    /// <summary>A place across that must be kept; null for none.</summary>
    internal double? Bound { get; init; }

    /// <summary>How a number on the axis across is written.</summary>
    internal required Func<double, string> XTick { get; init; }

    /// <summary>How a number on the axis up is written.</summary>
    internal required Func<double, string> YTick { get; init; }

    /// <param name="alternative">What it shows, in words.</param>
    internal Html Draw(string alternative)
    {
        var x = Axis.Fit([Bound ?? double.NaN, .. Points.SelectMany(point => Values(point.X, point.XInterval))], Plane.Left, Plane.Right);
        var y = Axis.Fit(Points.SelectMany(point => Values(point.Y, point.YInterval)), Plane.Bottom, Plane.Top);
        List<Html> shapes = [.. Points.Select((point, index) => Draw(point, index, x, y))];
        if (Bound is { } bound)
            shapes.Insert(0, Shape.Path("bound", $"M{x.At(bound)} {Plane.Top}V{Plane.Bottom}"));
        return new Plane(x, y) { XTitle = XTitle, YTitle = YTitle, XTick = XTick, YTick = YTick }.Draw(alternative, shapes);
    }

    private static Html Draw(ScatterPoint point, int index, Axis x, Axis y)
    {
        if (!double.IsFinite(point.X) || !double.IsFinite(point.Y))
            return Html.Empty;
        double across = x.At(point.X), up = y.At(point.Y);
        var style = Shape.Series("thin", index);
        List<Html> shapes = [];
        if (Shape.IsFinite(point.XInterval))
            shapes.Add(Shape.Path(style, $"M{x.At(point.XInterval.Lower)} {up}H{x.At(point.XInterval.Upper)}"));
        if (Shape.IsFinite(point.YInterval))
            shapes.Add(Shape.Path(style, $"M{across} {y.At(point.YInterval.Lower)}V{y.At(point.YInterval.Upper)}"));
        return Shape.Named(point.Name, [.. shapes, Shape.Mark(across, up, index)]);
    }

    private static double[] Values(double value, ConfidenceInterval interval) => [value, interval.Lower, interval.Upper];
}
