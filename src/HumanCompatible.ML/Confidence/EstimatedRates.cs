using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>The rates of the groups that a constraint compares, with the limits of their true values.</summary>
internal sealed class EstimatedRates : IRateEstimates
{
    private readonly Dictionary<(GroupMetric Metric, int Group), RateEstimate> _estimates;
    private readonly Dictionary<(GroupMetric Metric, int Group, double Tail), ConfidenceInterval> _limits = [];

    private readonly Func<GroupMetric, double> _unitOf;

    private EstimatedRates(IReadOnlyList<string> groupNames, Dictionary<(GroupMetric, int), RateEstimate> estimates,
        Func<GroupMetric, double> unitOf)
        => (GroupNames, _estimates, _unitOf) = (groupNames, estimates, unitOf);

    public IReadOnlyList<string> GroupNames { get; }

    public RateEstimate Estimate(GroupMetric metric, int group) => _estimates[(metric, group)];

    public double UnitOf(GroupMetric metric) => _unitOf(metric);

    /// <summary>The rates that a constraint is about.</summary>
    internal static EstimatedRates Of(FairnessConstraint constraint, IRateEstimates rates)
        => new(rates.GroupNames, constraint.Metrics
            .SelectMany(metric => Enumerable.Range(IRateEstimates.Overall, rates.GroupNames.Count + 1).Select(group => (metric, group)))
            .ToDictionary(key => key, key => rates.Estimate(key.metric, key.group)), rates.UnitOf);

    /// <summary>
    /// The limits of a rate, each failing with probability <paramref name="tail"/> at most (a proportion, exact) or about (a mean); kept,
    /// for many pairs of groups ask for them.
    /// </summary>
    internal ConfidenceInterval Limits(GroupMetric metric, int group, double tail)
    {
        if (!_limits.TryGetValue((metric, group, tail), out var limits))
            _limits.Add((metric, group, tail), limits = Limits(metric, Estimate(metric, group), tail));
        return limits;
    }

    /// <summary>
    /// The same counts under an assumption of every rate, or mean loss, with a deviation as large as itself; of a regression the deviation
    /// stays what it is.
    /// </summary>
    /// <param name="value">What each metric is assumed to be.</param>
    internal EstimatedRates Assume(Func<GroupMetric, double> value) => Select((metric, estimate)
        => value(metric) is var assumed && estimate.IsProportion ? RateEstimate.Proportion(Math.Clamp(assumed, 0, 1), estimate.Size)
        : new RateEstimate(assumed, estimate.Size, double.IsNormal(estimate.Variance) ? estimate.Variance : assumed * assumed));

    /// <summary>The same rates, counted over <paramref name="factor"/> times as many rows.</summary>
    internal EstimatedRates Scaled(double factor)
        => Select((_, estimate) => estimate with { Size = estimate.Size * factor, SizeByLabels = estimate.SizeByLabels * factor });

    /// <summary>The same in units of each metric, see <see cref="TaskLabels.UnitOf"/>.</summary>
    internal EstimatedRates WithoutUnit() => new(GroupNames, Select((metric, estimate) => estimate with
    {
        Value = estimate.Value / UnitOf(metric),
        Variance = estimate.Variance / UnitOf(metric) / UnitOf(metric),
    })._estimates, _ => 1);

    private EstimatedRates Select(Func<GroupMetric, RateEstimate, RateEstimate> change)
        => new(GroupNames, _estimates.ToDictionary(pair => pair.Key, pair => change(pair.Key.Metric, pair.Value)), _unitOf);

    private static ConfidenceInterval Limits(GroupMetric metric, RateEstimate estimate, double tail) => estimate.IsProportion
        ? Intervals.ClopperPearson(estimate.Value, estimate.Size, tail)
        : Intervals.Student(estimate.Value, estimate.Variance, estimate.Size, tail, metric.IsSigned ? double.NegativeInfinity : 0);
}
