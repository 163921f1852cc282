using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>The rates of counted groups without the groups, or the rates of groups, that the training of a model left out.</summary>
internal sealed class RatesWithoutExcluded : IRateEstimates
{
    private readonly CountedRates _rates;
    private readonly ILookup<string, ExcludedGroup> _lacking;

    /// <param name="names">The names of the groups.</param>
    /// <param name="counts">The counts of each.</param>
    /// <param name="task">What they are counts of.</param>
    /// <param name="excluded">What was left out.</param>
    internal RatesWithoutExcluded(IReadOnlyList<string> names, IReadOnlyList<IRowCounts> counts, TaskLabels task,
        IReadOnlyCollection<ExcludedGroup> excluded)
    {
        var gone = excluded.Where(group => group.Lacks is null).Select(group => group.Name).ToHashSet();
        var left = names.Zip(counts).Where(group => !gone.Contains(group.First)).ToList();
        _rates = new CountedRates([.. left.Select(group => group.First)], [.. left.Select(group => group.Second)], task);
        _lacking = excluded.Where(group => group.Lacks is not null).ToLookup(group => group.Name);
    }

    public IReadOnlyList<string> GroupNames => _rates.GroupNames;

    public RateEstimate Estimate(GroupMetric metric, int group)
        => group != IRateEstimates.Overall && _lacking[GroupNames[group]].Any(lacking => lacking.IsOf(metric.Rows))
            ? new(double.NaN, 0, double.NaN) : _rates.Estimate(metric, group);

    public double UnitOf(GroupMetric metric) => _rates.UnitOf(metric);
}
