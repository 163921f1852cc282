namespace HumanCompatible.ML.Metrics;

/// <summary>The rates of groups that were counted for each metric apart.</summary>
/// <param name="metrics">The metrics.</param>
/// <param name="rates">The rates that are those of each; of the same groups.</param>
internal sealed class RatesOfMetrics(IReadOnlyList<GroupMetric> metrics, IReadOnlyList<CountedRates> rates) : IRateEstimates
{
    private readonly Dictionary<(string, int), CountedRates> _rates
        = metrics.Zip(rates).ToDictionary(one => (one.First.Name, one.First.Class), one => one.Second);

    public IReadOnlyList<string> GroupNames => rates[0].GroupNames;

    public RateEstimate Estimate(GroupMetric metric, int group) => _rates[(metric.Name, metric.Class)].Estimate(metric, group);

    public double UnitOf(GroupMetric metric) => rates[0].UnitOf(metric);
}
