using System.Text;
using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Reporting.Charts;

/// <summary>A point of a cloud, with its name and its intervals in both directions, null for none.</summary>
internal sealed record CloudPoint(string Name, double X, double Y, ConfidenceInterval? XInterval = null,
    ConfidenceInterval? YInterval = null);

/// <summary>Points of one kind.</summary>
/// <param name="Name">What they are.</param>
/// <param name="Points">The points.</param>
internal sealed record Cloud(string Name, IReadOnlyList<CloudPoint> Points)
{
    /// <summary>Whether a line joins them from left to right.</summary>
    internal bool IsJoined { get; init; }
}

/// <summary>Kinds of points, each with a color and marks of its own; the first is drawn last, above the others.</summary>
internal sealed record CloudChart(string XTitle, string YTitle, IReadOnlyList<Cloud> Clouds)
{
    /// <summary>A place across that must be kept; null for none.</summary>
    internal double? Bound { get; init; }

    /// <summary>How a number on the axis across is written.</summary>
    internal required Func<double, string> XTick { get; init; }

    /// <summary>How a number on the axis up is written.</summary>
    internal Func<double, string> YTick { get; init; } = value => Numbers.Plain(value, "0.####");

    /// <param name="alternative">What it shows, in words.</param>
    internal Html Draw(string alternative)
    {
        var points = Clouds.SelectMany(cloud => cloud.Points).Where(IsDrawn).ToList();
        var x = Axis.Fit([Bound ?? double.NaN, .. points.SelectMany(point => Values(point.X, point.XInterval))], Plane.Left, Plane.Right);
        var y = Axis.Fit(points.SelectMany(point => Values(point.Y, point.YInterval)), Plane.Bottom, Plane.Top);
        List<Html> shapes = [.. Clouds.Select((cloud, index) => Draw(cloud, index, x, y)).Reverse()];
        if (Bound is { } bound)
            shapes.Insert(0, Shape.Path("bound", $"M{x.At(bound)} {Plane.Top}V{Plane.Bottom}"));
        return new Plane(x, y) { XTitle = XTitle, YTitle = YTitle, XTick = XTick, YTick = YTick }.Draw(alternative, shapes);
    }

    /// <summary>What the marks are.</summary>
    internal Html Legend() => Figure.Legend([.. Clouds.Select(cloud => cloud.Name)], hasMarks: true);

    private static Html Draw(Cloud cloud, int index, Axis x, Axis y)
    {
        List<CloudPoint> points = [.. cloud.Points.Where(IsDrawn).OrderBy(point => point.X)];
        var path = new StringBuilder();
        foreach (var point in cloud.IsJoined ? points : [])
        {
            path.Append(path.Length == 0 ? 'M' : 'L').Append(Numbers.Coordinate(x.At(point.X))).Append(' ')
                .Append(Numbers.Coordinate(y.At(point.Y)));
        }

        return Html.Join([path.Length == 0 ? Html.Empty : Shape.Path(Shape.Series("line", index), $"{path.ToString()}"),
            .. points.Select(point => Draw(point, index, x, y))]);
    }

    private static Html Draw(CloudPoint point, int index, Axis x, Axis y)
    {
        double across = x.At(point.X), up = y.At(point.Y);
        var style = Shape.Series("thin", index);
        List<Html> shapes = [];
        if (Shape.IsFinite(point.XInterval))
            shapes.Add(Shape.Path(style, $"M{x.At(point.XInterval!.Lower)} {up}H{x.At(point.XInterval.Upper)}"));
        if (Shape.IsFinite(point.YInterval))
            shapes.Add(Shape.Path(style, $"M{across} {y.At(point.YInterval!.Lower)}V{y.At(point.YInterval.Upper)}"));
        return Shape.Named(point.Name, [.. shapes, Shape.Mark(across, up, index)]);
    }

    private static bool IsDrawn(CloudPoint point) => double.IsFinite(point.X) && double.IsFinite(point.Y);

    private static double[] Values(double value, ConfidenceInterval? interval)
        => Shape.IsFinite(interval) ? [value, interval!.Lower, interval.Upper] : [value];
}
