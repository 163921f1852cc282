namespace HumanCompatible.ML.Metrics;

/// <summary>The statistics of a partition's groups, from which a declaration computes its audited value; undefined ones are NaN.</summary>
internal interface IGroupRates
{
    IReadOnlyList<string> GroupNames { get; }

    double Rate(GroupMetric metric, int group);

    double OverallRate(GroupMetric metric);
}
