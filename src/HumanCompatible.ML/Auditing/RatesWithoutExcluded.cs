using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>The rates of an audit without the groups, or the rates of groups, that the training of a model left out.</summary>
internal sealed class RatesWithoutExcluded : IRateEstimates
{
    private readonly List<GroupStatistics> _groups;
    private readonly IRowCounts _overall;
    private readonly ILookup<string, ExcludedGroup> _lacking;
    private readonly TaskLabels _labels;

    /// <param name="audit">The audit.</param>
    /// <param name="excluded">What was left out.</param>
    internal RatesWithoutExcluded(GroupAudit audit, IReadOnlyCollection<ExcludedGroup> excluded)
    {
        var gone = excluded.Where(group => group.Lacks is null).Select(group => group.Name).ToHashSet();
        _groups = [.. audit.Groups.Where(group => !gone.Contains(group.Name))];
        _labels = audit.Labels;
        _overall = _labels.NewCounts();
        foreach (var group in _groups)
            _overall.Add(group.Cell.Counts);
        _lacking = excluded.Where(group => group.Lacks is not null).ToLookup(group => group.Name);
        GroupNames = [.. _groups.Select(group => group.Name)];
    }

    public IReadOnlyList<string> GroupNames { get; }

    public RateEstimate Estimate(GroupMetric metric, int group)
        => group == IRateEstimates.Overall ? _overall.Estimate(metric)
        : _lacking[GroupNames[group]].Any(lacking => lacking.IsOf(metric.Rows)) ? new(double.NaN, 0, double.NaN)
        : _groups[group].Estimate(metric);

    public double UnitOf(GroupMetric metric) => _labels.UnitOf(metric);
}
