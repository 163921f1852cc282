namespace HumanCompatible.ML.Metrics;

/// <summary>The rates of groups that were counted.</summary>
/// <param name="groupNames">The names of the groups.</param>
/// <param name="groups">The counts of each.</param>
/// <param name="task">What they are counts of; binary classification by default.</param>
internal sealed class CountedRates(IReadOnlyList<string> groupNames, IReadOnlyList<IRowCounts> groups, TaskLabels? task = null)
    : IRateEstimates
{
    private readonly TaskLabels _task = task ?? TaskLabels.Binary;
    private readonly IRowCounts _overall = Sum(groups, task ?? TaskLabels.Binary);

    public IReadOnlyList<string> GroupNames => groupNames;

    public RateEstimate Estimate(GroupMetric metric, int group)
        => (group == IRateEstimates.Overall ? _overall : groups[group]).Estimate(metric);

    public double UnitOf(GroupMetric metric) => _task.UnitOf(metric);

    private static IRowCounts Sum(IEnumerable<IRowCounts> groups, TaskLabels task)
    {
        var sum = task.NewCounts();
        foreach (var group in groups)
            sum.Add(group);
        return sum;
    }
}
