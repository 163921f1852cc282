using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Reporting.Charts;

/// <summary>A measured value with its interval, against the bound.</summary>
internal static class BoundChart
{
    /// <param name="alternative">What it shows, in words.</param>
    /// <param name="value">The value, finite.</param>
    /// <param name="interval">Its interval.</param>
    /// <param name="bound">The bound.</param>
    /// <param name="isLowerBound">Whether what is above the bound keeps it.</param>
    /// <param name="text">How a number is written.</param>
    /// <param name="tick">How it is on the axis.</param>
    internal static Html Draw(string alternative, double value, ConfidenceInterval interval, double bound, bool isLowerBound,
        Func<double, string> text, Func<double, string> tick)
    {
        const double start = 12, end = Figure.Width - 20;
        var axis = Axis.Fit([0, value, bound, interval.Lower, interval.Upper], start, end);
        var limit = axis.At(bound);
        var (from, to) = isLowerBound ? (limit, end) : (start, limit);
        List<Html> shapes = [Shape.Rectangle("allowed", from, 18, to - from, 24)];
        if (Shape.IsFinite(interval))
            shapes.Add(Shape.Path("range", $"M{axis.At(interval.Lower)} 30H{axis.At(interval.Upper)}"));
        return Figure.Svg(alternative, 62,
        [
            .. shapes,
            Shape.Path("bound", $"M{limit} 14V46"),
            Shape.Text("tick", Math.Clamp(limit, 50, Figure.Width - 56), 10, "bound " + text(bound), "middle"),
            Shape.Mark(axis.At(value), 30, 0),
            .. axis.Ticks().Select(at => Html.Join([Shape.Path("axis", $"M{axis.At(at)} 42V46"),
                Shape.Text("tick", axis.At(at), 58, tick(at), "middle")])),
        ]);
    }
}
