using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Metrics;

/// <summary>The rates of the groups that a constraint compares, with what is needed for limits of their true values.</summary>
internal sealed class RateEstimates : IGroupRates
{
    private readonly Dictionary<(GroupMetric Metric, int Group), RateEstimate> _estimates;

    private readonly Dictionary<(GroupMetric Metric, int Group, double Tail), ConfidenceInterval> _limits = [];

    private RateEstimates(IReadOnlyList<string> groupNames, Dictionary<(GroupMetric, int), RateEstimate> estimates)
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
    internal static RateEstimates Measure(FairnessConstraint constraint, GroupPartition partition, float[] logits, TrainingRows rows)
        => Of(constraint, partition, rows, metric
            => row => Numerator(metric, logits[row], rows.Labels[row] > 0), metric
            => row => Counts(MetricDefinition.Of(metric).Denominator, logits[row] > 0, rows.Labels[row] > 0));

    /// <summary>
    /// What may be expected before training: every rate is <paramref name="rate"/>, and as many are predicted positive as are positive.
    /// </summary>
    /// <param name="constraint">Which metrics are needed.</param>
    /// <param name="partition">The groups of the rows.</param>
    /// <param name="rows">Their labels and weights.</param>
    /// <param name="rate">The rate, or the mean loss, whose deviation is taken to be as large as itself.</param>
    internal static RateEstimates Assume(FairnessConstraint constraint, GroupPartition partition, TrainingRows rows, double rate)
    {
        var sizes = Of(constraint, partition, rows, _
            => _ => 0, metric => row => Counts(MetricDefinition.Of(metric).Denominator, rows.Labels[row] > 0, rows.Labels[row] > 0));
        return sizes.Select(estimate => estimate.IsProportion
            ? RateEstimate.Proportion(Math.Clamp(rate, 0, 1), estimate.Size) : new RateEstimate(rate, estimate.Size, rate * rate));
    }

    /// <summary>The same rates, counted over <paramref name="factor"/> times as many rows.</summary>
    internal RateEstimates Scaled(double factor) => Select(estimate => estimate with { Size = estimate.Size * factor });

    private RateEstimates Select(Func<RateEstimate, RateEstimate> change)
        => new(GroupNames, _estimates.ToDictionary(pair => pair.Key, pair => change(pair.Value)));

    private static RateEstimates Of(FairnessConstraint constraint, GroupPartition partition, TrainingRows rows,
        Func<GroupMetric, Func<int, double>> numerator, Func<GroupMetric, Func<int, bool>> denominator)
    {
        var estimates = new Dictionary<(GroupMetric, int), RateEstimate>();
        foreach (var metric in constraint.Metrics)
        {
            var (value, counts) = (numerator(metric), denominator(metric));
            var sums = new Sums[partition.GroupCount];
            var overall = default(Sums);
            for (var row = 0; row < rows.Count; row++)
            {
                if (partition.GroupOfRow[row] is not (>= 0 and var group) || !counts(row))
                    continue;
                double weight = rows.Weights?[row] ?? 1;
                sums[group].Add(value(row), weight);
                overall.Add(value(row), weight);
            }

            var isMean = MetricDefinition.Of(metric).Numerator == RowQuantity.Loss;
            for (var group = 0; group < sums.Length; group++)
                estimates[(metric, group)] = sums[group].Estimate(isMean);
            estimates[(metric, RateTerm.Overall)] = overall.Estimate(isMean);
        }

        return new RateEstimates(partition.GroupNames, estimates);
    }

    private static double Numerator(GroupMetric metric, double logit, bool isPositive)
    {
        var quantity = MetricDefinition.Of(metric).Numerator;
        if (quantity == RowQuantity.Loss)
            return Math.Max(logit, 0) - (isPositive ? logit : 0) + Math.Log(1 + Math.Exp(-Math.Abs(logit)));
        return Counts(quantity, logit > 0, isPositive) ? 1 : 0;
    }

    private static bool Counts(RowQuantity quantity, bool isPredicted, bool isPositive) => quantity switch
    {
        RowQuantity.One => true,
        RowQuantity.Positive => isPositive,
        RowQuantity.Negative => !isPositive,
        RowQuantity.PredictedPositive => isPredicted,
        RowQuantity.PredictedNegative => !isPredicted,
        RowQuantity.TruePositive => isPredicted && isPositive,
        RowQuantity.FalsePositive => isPredicted && !isPositive,
        RowQuantity.TrueNegative => !isPredicted && !isPositive,
        RowQuantity.FalseNegative => !isPredicted && isPositive,
        RowQuantity.Correct => isPredicted == isPositive,
        RowQuantity.Incorrect => isPredicted != isPositive,
        _ => throw new InvalidOperationException($"Row quantity {quantity} is not counted."),
    };

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

        internal readonly RateEstimate Estimate(bool isMean)
        {
            var size = _weight > 0 ? _weight * _weight / _squaredWeight : 0;
            var mean = size > 0 ? _value / _weight : double.NaN;
            if (!isMean)
                return RateEstimate.Proportion(Math.Clamp(mean, 0, 1), size);
            return new RateEstimate(mean, size,
                size > 1 ? Math.Max(0, _squaredValue / _weight - mean * mean) * size / (size - 1) : double.PositiveInfinity);
        }
    }
}
