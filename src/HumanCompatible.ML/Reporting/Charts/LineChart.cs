using System.Text;
using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Reporting.Charts;

/// <summary>A point of a line.</summary>
/// <param name="X">Across.</param>
/// <param name="Y">Up; NaN where the line has a gap.</param>
/// <param name="Interval">The interval of <paramref name="Y"/>; null for none.</param>
internal sealed record LinePoint(double X, double Y, ConfidenceInterval? Interval = null);

/// <summary>A line.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Points">Its points.</param>
internal sealed record Line(string Name, IReadOnlyList<LinePoint> Points);

/// <summary>Lines, each with a color, dashes and, where it has few points, marks of its own.</summary>
internal sealed record LineChart(string XTitle, string YTitle, IReadOnlyList<Line> Lines)
{
    /// <summary>Whether both axes go from 0 to 1, with the line from corner to corner.</summary>
    internal bool IsSquare { get; init; }

    /// <summary>Whether points have marks and intervals.</summary>
    internal bool HasMarks { get; init; }

    /// <summary>A height that must be kept, drawn across; null for none.</summary>
    internal double? Bound { get; init; }

    /// <summary>A place across that is marked, such as the chosen epoch; null for none.</summary>
    internal double? Marked { get; init; }

    /// <summary>How a number on the axis across is written.</summary>
    internal Func<double, string> XTick { get; init; } = value => Numbers.Plain(value, "0.##");

    /// <summary>How a number on the axis up is written.</summary>
    internal Func<double, string> YTick { get; init; } = value => Numbers.Plain(value, "0.####");

    /// <param name="alternative">What it shows, in words.</param>
    internal Html Draw(string alternative)
    {
        var points = Lines.SelectMany(line => line.Points).ToList();
        Axis x = new(0, 1, Plane.Left, Plane.Right), y = new(0, 1, Plane.Bottom, Plane.Top);
        if (!IsSquare)
        {
            var across = points.Select(point => point.X).ToList();
            x = across.Distinct().Count() < 2 ? Axis.Fit(across, Plane.Left, Plane.Right)
                : new Axis(across.Min(), across.Max(), Plane.Left, Plane.Right);
            y = Axis.Fit([.. points.Select(point => point.Y), Bound ?? double.NaN], Plane.Bottom, Plane.Top);
        }

        List<Html> shapes = [];
        if (IsSquare)
            shapes.Add(Shape.Path("reference", $"M{Plane.Left} {Plane.Bottom}L{Plane.Right} {Plane.Top}"));
        if (Bound is { } bound)
            shapes.Add(Shape.Path("bound", $"M{Plane.Left} {y.At(bound)}H{Plane.Right}"));
        if (Marked is { } marked)
            shapes.Add(Shape.Path("reference", $"M{x.At(marked)} {Plane.Top}V{Plane.Bottom}"));
        shapes.AddRange(Lines.Select((line, index) => Draw(line, index, x, y)));
        return new Plane(x, y) { XTitle = XTitle, YTitle = YTitle, XTick = XTick, YTick = YTick }.Draw(alternative, shapes);
    }

    /// <summary>The legend; none where there is one line, which the title names.</summary>
    internal Html Legend() => Lines.Count < 2 ? Html.Empty : Figure.Legend([.. Lines.Select(line => line.Name)], HasMarks);

    private Html Draw(Line line, int index, Axis x, Axis y)
    {
        var path = new StringBuilder();
        var isDrawing = false;
        List<Html> shapes = [];
        foreach (var point in line.Points)
        {
            double across = x.At(point.X), up = y.At(point.Y);
            if (double.IsFinite(point.Y))
                path.Append(isDrawing ? 'L' : 'M').Append(Numbers.Coordinate(across)).Append(' ').Append(Numbers.Coordinate(up));
            isDrawing = double.IsFinite(point.Y);
            if (!HasMarks || !isDrawing)
                continue;
            if (Shape.IsFinite(point.Interval))
            {
                shapes.Add(Shape.Path(Shape.Series("thin", index),
                    $"M{across} {y.At(point.Interval!.Lower)}V{y.At(point.Interval.Upper)}"));
            }

            shapes.Add(Shape.Mark(across, up, index));
        }

        return Shape.Named(line.Name, [Shape.Path(Shape.Series("line", index), $"{path.ToString()}"), .. shapes]);
    }
}
