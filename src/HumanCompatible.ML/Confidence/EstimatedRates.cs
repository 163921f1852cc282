using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>The rates of the groups that a constraint compares, with what is needed for limits of their true values.</summary>
internal sealed class EstimatedRates : IGroupRates
{
    private readonly Dictionary<(GroupMetric Metric, int Group), RateEstimate> _estimates;

    private readonly Dictionary<(GroupMetric Metric, int Group, double Tail), ConfidenceInterval> _limits = [];

    private EstimatedRates(IReadOnlyList<string> groupNames, Dictionary<(GroupMetric, int), RateEstimate> estimates)
    {
        GroupNames = groupNames;
        _estimates = estimates;
    }

    public IReadOnlyList<string> GroupNames { get; }

    public double Rate(GroupMetric metric, int group) => Estimate(metric, group).Value;

    public double OverallRate(GroupMetric metric) => Estimate(metric, RateTerm.Overall).Value;

    /// <summary>
    /// The limits of a rate, each failing with probability <paramref name="tail"/>; kept, for many pairs of groups ask for them.
    /// </summary>
    internal ConfidenceInterval Limits(GroupMetric metric, int group, double tail)
    {
        if (!_limits.TryGetValue((metric, group, tail), out var limits))
            _limits.Add((metric, group, tail), limits = Estimate(metric, group).Limits(tail));
        return limits;
    }

    internal RateEstimate Estimate(GroupMetric metric, int group) => _estimates[(metric, group)];

    /// <summary>The rates of the hard predictions of some rows.</summary>
    /// <param name="constraint">Which metrics are needed.</param>
    /// <param name="partition">The groups of the rows.</param>
    /// <param name="logits">Positive predicts positive.</param>
    /// <param name="rows">Their labels and weights.</param>
    internal static EstimatedRates Measure(FairnessConstraint constraint, GroupPartition partition, float[] logits, TrainingRows rows)
        => Of(constraint, partition, rows, row => logits[row] > 0, (quantity, row)
            => quantity == RowQuantity.Loss ? LogLoss(logits[row], rows.Labels[row] > 0)
            : quantity.Counts(rows.Labels[row] > 0, logits[row] > 0) ? 1 : 0);

    /// <summary>
    /// What may be expected before training: every rate is <paramref name="rate"/>, and as many are predicted positive as are positive.
    /// </summary>
    /// <param name="constraint">Which metrics are needed.</param>
    /// <param name="partition">The groups of the rows.</param>
    /// <param name="rows">Their labels and weights.</param>
    /// <param name="rate">The rate, or the mean loss, whose deviation is taken to be as large as itself.</param>
    internal static EstimatedRates Assume(FairnessConstraint constraint, GroupPartition partition, TrainingRows rows, double rate)
        => Of(constraint, partition, rows, row => rows.Labels[row] > 0, (_, _) => 0).Select(estimate => estimate.IsProportion
            ? RateEstimate.Proportion(Math.Clamp(rate, 0, 1), estimate.Size) : new RateEstimate(rate, estimate.Size, rate * rate));

    /// <summary>The same rates, counted over <paramref name="factor"/> times as many rows.</summary>
    internal EstimatedRates Scaled(double factor) => Select(estimate => estimate with { Size = estimate.Size * factor });

    private EstimatedRates Select(Func<RateEstimate, RateEstimate> change)
        => new(GroupNames, _estimates.ToDictionary(pair => pair.Key, pair => change(pair.Value)));

    private static EstimatedRates Of(FairnessConstraint constraint, GroupPartition partition, TrainingRows rows,
        Func<int, bool> prediction, Func<RowQuantity, int, double> value)
    {
        var estimates = new Dictionary<(GroupMetric, int), RateEstimate>();
        foreach (var metric in constraint.Metrics)
        {
            var sums = new Sums[partition.GroupCount];
            var overall = default(Sums);
            for (var row = 0; row < rows.Count; row++)
            {
                if (partition.GroupOfRow[row] is not (>= 0 and var group)
                    || !metric.Denominator.Counts(rows.Labels[row] > 0, prediction(row)))
                {
                    continue;
                }

                double weight = rows.Weights?[row] ?? 1;
                sums[group].Add(value(metric.Numerator, row), weight);
                overall.Add(value(metric.Numerator, row), weight);
            }

            for (var group = 0; group < sums.Length; group++)
                estimates[(metric, group)] = sums[group].Estimate(metric.IsRate);
            estimates[(metric, RateTerm.Overall)] = overall.Estimate(metric.IsRate);
        }

        return new EstimatedRates(partition.GroupNames, estimates);
    }

    private static double LogLoss(double logit, bool isPositive)
        => Math.Max(logit, 0) - (isPositive ? logit : 0) + Math.Log(1 + Math.Exp(-Math.Abs(logit)));

    private struct Sums
    {
        private double _weight, _squaredWeight, _value, _squaredValue;

        internal void Add(double value, double weight)
        {
            _weight += weight;
            _squaredWeight += weight * weight;
            _value += weight * value;
            _squaredValue += weight * value * value;
        }

        internal readonly RateEstimate Estimate(bool isRate)
        {
            var size = _weight > 0 ? _weight * _weight / _squaredWeight : 0;
            var mean = size > 0 ? _value / _weight : double.NaN;
            if (isRate)
                return RateEstimate.Proportion(Math.Clamp(mean, 0, 1), size);
            return new RateEstimate(mean, size,
                size > 1 ? Math.Max(0, _squaredValue / _weight - mean * mean) * size / (size - 1) : double.PositiveInfinity);
        }
    }
}

/// <summary>A rate or mean loss of a group, and how much is known of it.</summary>
/// <param name="Value">The proportion or mean; NaN where nothing is counted.</param>
/// <param name="Size">What it is counted over; of weighted rows the effective number (sum w)^2 / sum w^2.</param>
/// <param name="Variance">The variance of a row for a mean; NaN for a proportion, which needs none.</param>
internal readonly record struct RateEstimate(double Value, double Size, double Variance)
{
    internal bool IsDefined => !double.IsNaN(Value) && Size > 0;

    internal bool IsProportion => double.IsNaN(Variance);

    internal static RateEstimate Proportion(double value, double size) => new(value, size, double.NaN);

    /// <summary>
    /// Limits each of which fails with probability <paramref name="tail"/> at most (a proportion, exact) or about (a mean).
    /// </summary>
    internal ConfidenceInterval Limits(double tail)
        => IsProportion ? Intervals.ClopperPearson(Value, Size, tail) : Intervals.Student(Value, Variance, Size, tail);
}
