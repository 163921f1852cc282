using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>The rates of the groups that a constraint compares, with the limits of their true values.</summary>
internal sealed class EstimatedRates : IRateEstimates
{
    private readonly Dictionary<(GroupMetric Metric, int Group), RateEstimate> _estimates;
    private readonly Dictionary<(GroupMetric Metric, int Group, double Tail), ConfidenceInterval> _limits = [];

    private EstimatedRates(IReadOnlyList<string> groupNames, Dictionary<(GroupMetric, int), RateEstimate> estimates)
        => (GroupNames, _estimates) = (groupNames, estimates);

    public IReadOnlyList<string> GroupNames { get; }

    public RateEstimate Estimate(GroupMetric metric, int group) => _estimates[(metric, group)];

    /// <summary>The rates that a constraint is about.</summary>
    internal static EstimatedRates Of(FairnessConstraint constraint, IRateEstimates rates)
        => new(rates.GroupNames, constraint.Metrics
            .SelectMany(metric => Enumerable.Range(IRateEstimates.Overall, rates.GroupNames.Count + 1).Select(group => (metric, group)))
            .ToDictionary(key => key, key => rates.Estimate(key.metric, key.group)));

    /// <summary>
    /// The limits of a rate, each failing with probability <paramref name="tail"/> at most (a proportion, exact) or about (a mean); kept,
    /// for many pairs of groups ask for them.
    /// </summary>
    internal ConfidenceInterval Limits(GroupMetric metric, int group, double tail)
    {
        if (!_limits.TryGetValue((metric, group, tail), out var limits))
            _limits.Add((metric, group, tail), limits = Limits(Estimate(metric, group), tail));
        return limits;
    }

    /// <summary>The same counts under the assumption that every rate is <paramref name="rate"/>, or every mean loss, with a deviation as
    /// large as itself.</summary>
    internal EstimatedRates Assume(double rate) => Select(estimate => estimate.IsProportion
        ? RateEstimate.Proportion(Math.Clamp(rate, 0, 1), estimate.Size) : new RateEstimate(rate, estimate.Size, rate * rate));

    /// <summary>The same rates, counted over <paramref name="factor"/> times as many rows.</summary>
    internal EstimatedRates Scaled(double factor)
        => Select(estimate => estimate with { Size = estimate.Size * factor, SizeByLabels = estimate.SizeByLabels * factor });

    private EstimatedRates Select(Func<RateEstimate, RateEstimate> change)
        => new(GroupNames, _estimates.ToDictionary(pair => pair.Key, pair => change(pair.Value)));

    private static ConfidenceInterval Limits(RateEstimate estimate, double tail) => estimate.IsProportion
        ? Intervals.ClopperPearson(estimate.Value, estimate.Size, tail)
        : Intervals.Student(estimate.Value, estimate.Variance, estimate.Size, tail);
}
