using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>
/// The rates that a summary speaks of, straight from their definitions: of the rows trained on, each of which counts as the summary says,
/// and of held-out ones.
/// </summary>
internal sealed class PooledRates : IRateEstimates
{
    private readonly ConstraintSummary _summary;
    private readonly TaskLabels _labels;
    private readonly Dictionary<(string, int), double[]> _shifts;
    private readonly Dictionary<GroupMetric, ILookup<string, ScoredRow>> _rows = [];

    /// <param name="constraint">The constraint.</param>
    /// <param name="summary">What is said of it, where rows were held out.</param>
    /// <param name="training">The rows trained on.</param>
    /// <param name="heldOut">The others.</param>
    /// <param name="labels">What was learned; of a regression with the scale of the labels.</param>
    /// <param name="asCounted">Whether to leave out what the summary adds to what is counted.</param>
    internal PooledRates(FairnessConstraint constraint, ConstraintSummary summary, ScoredRow[] training, ScoredRow[] heldOut,
        TaskLabels labels, bool asCounted = false)
    {
        _shifts = constraint.Metrics.Zip(summary.TrainingShifts!.Chunk(summary.Groups.Count)).ToDictionary(
            one => (one.First.Name, one.First.Class), one => asCounted ? new double[one.Second.Length] : one.Second);
        (_summary, _labels) = (summary, labels);
        Assert.HasCount(constraint.Metrics.Count * summary.Groups.Count, summary.TrainingWeights!);
        foreach (var (metric, weights) in constraint.Metrics.Zip(summary.TrainingWeights!.Chunk(summary.Groups.Count)))
        {
            var countsAs = summary.Groups.Zip(weights).ToDictionary(group => group.First, group => group.Second);
            _rows.Add(metric, training.Select(row => row with { CountsAs = countsAs.GetValueOrDefault(row.GroupOf(constraint)) })
                .Concat(heldOut).ToLookup(row => row.GroupOf(constraint)));
        }
    }

    public IReadOnlyList<string> GroupNames => _summary.Groups;

    /// <summary>The rows of the groups, as they count in the metric of a name, of a class.</summary>
    internal IReadOnlyCollection<ScoredRow> RowsOf(string metric, double positive)
    {
        var own = _rows.Single(one => one.Key.Name == metric && (one.Key.ClassName is null || one.Key.Class == positive)).Value;
        return [.. GroupNames.SelectMany(name => own[name])];
    }

    public RateEstimate Estimate(GroupMetric metric, int group)
    {
        var positive = metric.ClassName is null ? 1 : metric.Class;
        string[] names = group == IRateEstimates.Overall ? [.. GroupNames] : [GroupNames[group]];
        ScoredRow[] rows = [.. names.Where(name => !_summary.ExcludedGroups.Any(left => left.Name == name && left.IsOf(metric.Rows)))
            .SelectMany(name => _rows[metric][name])];
        double Mean(Func<ScoredRow, double> value) => rows.Sum(row => row.Share * value(row))
            / rows.Sum(row => row.Share * row.Denominator(metric.Name, positive));
        double Size(string name)
        {
            double Sum(Func<ScoredRow, double> value) => rows.Sum(row => row.CountsAs * row.Denominator(name, positive) * value(row));
            return Sum(row => 1) > 0 ? Math.Pow(Sum(row => row.Weight), 2) / Sum(row => row.Weight * row.Weight) : 0;
        }

        var (mean, size) = (Mean(row => row.Numerator(metric.Name, positive)), Size(metric.Name));
        var shift = group == IRateEstimates.Overall ? 0 : _shifts[(metric.Name, metric.Class)][group];
        return new RateEstimate(metric.IsRate ? Math.Clamp(mean + shift, 0, 1) : mean + shift, size,
            metric.IsRate ? double.NaN : size <= 1 ? double.PositiveInfinity
            : Mean(row => Math.Pow(row.Numerator(metric.Name, positive) - mean, 2)) * size / (size - 1))
        {
            SizeByLabels = Size(metric.Name switch
            {
                "PositivePredictiveValue" => "TruePositiveRate",
                "FalseOmissionRate" => "FalsePositiveRate",
                var name => name,
            }),
        };
    }

    public double UnitOf(GroupMetric metric) => _labels.UnitOf(metric);
}
