using System.Globalization;
using System.Text.Json;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Experiments.Pages;
using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Experiments;

/// <summary>A model under some constraints, measured on rows that it was not trained on.</summary>
public sealed record TradeOffPoint
{
    internal TradeOffPoint(ConstrainedTrainerOptions options, ITransformer model) => (Options, Model) = (options, model);

    /// <summary>The options it was trained with.</summary>
    public ConstrainedTrainerOptions Options { get; internal init; }

    /// <summary>The constraints it was trained under.</summary>
    public IReadOnlyList<FairnessConstraint> Constraints => Options.Constraints;

    /// <summary>The metric that is to be best.</summary>
    public double Objective { get; internal init; }

    /// <summary>ML.NET's metrics, by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; internal init; } = new Dictionary<string, double>();

    /// <summary>What may be said of every constraint that is compared, those of other points included.</summary>
    public IReadOnlyList<ConstraintVerdict> Verdicts { get; internal init; } = [];

    /// <summary>Whether the rows can measure every constraint.</summary>
    public bool IsMeasured => Verdicts.All(verdict => verdict.Verdict != Verdict.NotMeasurable);

    /// <summary>The seconds that it took to train.</summary>
    public double Seconds { get; internal init; }

    /// <summary>The model.</summary>
    public ITransformer Model { get; internal init; }

    /// <summary>The constraints in words.</summary>
    public string Label => Constraints.Count == 0 ? "no constraints" : string.Join("; ", Constraints.Select(LabelOf));

    internal static string LabelOf(FairnessConstraint constraint) => string.Create(CultureInfo.InvariantCulture,
        $"{constraint.Name} {(constraint.IsLowerBound ? ">=" : "<=")} {constraint.Bound}");

    /// <summary>The point as a line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Label}: {Objective:0.0000}")
        + string.Concat(Verdicts.Select(verdict
            => double.IsNaN(verdict.Value) ? $", {verdict.Name} not defined"
                : string.Create(CultureInfo.InvariantCulture, $", {verdict.Name} {verdict.Value:0.0000}")));
}

/// <summary>What constraints cost: models under several of them or under several bounds.</summary>
public sealed class TradeOff
{
    internal TradeOff(string objective, bool isLoss, IReadOnlyList<FairnessConstraint> compared, int rows,
        IReadOnlyList<TradeOffPoint> points)
    {
        (Objective, IsLoss, Compared, Rows, Points) = (objective, isLoss, compared, rows, points);
        Front = Dominance.Front(points, point => [isLoss ? point.Objective : -point.Objective,
            .. point.Verdicts.Select(verdict => verdict.Verdict == Verdict.NotMeasurable ? double.NaN
                : verdict.IsLowerBound ? -verdict.Value : verdict.Value)]);
    }

    /// <summary>All points.</summary>
    public IReadOnlyList<TradeOffPoint> Points { get; }

    /// <summary>
    /// The points that no other is at least as good as in the objective and in every statistic, and better in one, on the rows that
    /// measured them; none with a constraint that these rows cannot measure.
    /// </summary>
    public IReadOnlyList<TradeOffPoint> Front { get; }

    /// <summary>The rows that measured the points.</summary>
    public int Rows { get; }

    /// <summary>The metric that is to be best.</summary>
    internal string Objective { get; }

    /// <summary>Whether less of it is better.</summary>
    internal bool IsLoss { get; }

    /// <summary>The constraints that every point has a verdict on.</summary>
    internal IReadOnlyList<FairnessConstraint> Compared { get; }

    /// <summary>Whether the points differ in bounds alone.</summary>
    internal bool IsSweep { get; init; }

    /// <summary>
    /// Writes the points as one HTML page with a chart of each constraint and its numbers; it has no script and loads nothing.
    /// </summary>
    /// <param name="path">The file; what is there is replaced.</param>
    /// <param name="options">What the page, the model and the data are called; null for no names.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveReport(string path, FairnessReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ReportPage.Save(TradeOffPage.Of(this, options ?? new() { Title = "What the bounds cost", ModelName = "Models compared" }), path);
    }

    /// <summary>A table with a row for each constraint of each point.</summary>
    /// <param name="mlContext">The context.</param>
    /// <returns>Point, Constraint, Bound, Value, Verdict, Objective, IsOnFront, Seconds.</returns>
    public IDataView ToDataView(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return mlContext.Data.LoadFromEnumerable(Points.SelectMany(point => point.Verdicts.Select(verdict => new PointRow
        {
            Point = point.Label,
            Constraint = verdict.Name,
            Bound = verdict.Bound,
            Value = verdict.Value,
            Verdict = verdict.Verdict.ToString(),
            Objective = point.Objective,
            IsOnFront = Front.Contains(point),
            Seconds = point.Seconds,
        })).ToList());
    }

    /// <summary>The points as JSON.</summary>
    /// <returns>The text.</returns>
    public string ToJson() => JsonSerializer.Serialize(new
    {
        Objective,
        Rows,
        Points = Points.Select(point => new
        {
            point.Label,
            point.Metrics,
            point.Verdicts,
            IsOnFront = Front.Contains(point),
            point.Seconds,
        }),
    }, JsonDialect.Indented);

    /// <summary>A line for each point; those that another dominates, or that cannot be measured, say so.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join(Environment.NewLine,
        Points.Select(point => point + (Front.Contains(point) ? "" : point.IsMeasured ? " (dominated)" : " (not measurable)")));

    private sealed class PointRow
    {
        public string Point { get; set; } = "";

        public string Constraint { get; set; } = "";

        public double Bound { get; set; }

        public double Value { get; set; }

        public string Verdict { get; set; } = "";

        public double Objective { get; set; }

        public bool IsOnFront { get; set; }

        public double Seconds { get; set; }
    }
}
