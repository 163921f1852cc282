namespace HumanCompatible.ML.Metrics;

/// <summary>The rates of groups that were counted.</summary>
/// <param name="groupNames">The names of the groups.</param>
/// <param name="groups">The counts of each.</param>
internal sealed class CountedRates(IReadOnlyList<string> groupNames, IReadOnlyList<GroupCounts> groups) : IRateEstimates
{
    private readonly GroupCounts _overall = GroupCounts.Sum(groups);

    public IReadOnlyList<string> GroupNames => groupNames;

    public RateEstimate Estimate(GroupMetric metric, int group)
        => (group == IRateEstimates.Overall ? _overall : groups[group]).Estimate(metric);
}
