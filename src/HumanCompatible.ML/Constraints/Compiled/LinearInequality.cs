using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>One inequality c = sum over terms of coefficient x rate - bound, satisfied when c is at most 0.</summary>
internal sealed record LinearInequality(string Name, double Bound, IReadOnlyList<RateTerm> Terms);

/// <summary>A coefficient times the statistic of one group; <see cref="Overall"/> stands for all rows together.</summary>
internal readonly record struct RateTerm(GroupMetric Metric, int Group, double Coefficient)
{
    internal const int Overall = -1;
}
