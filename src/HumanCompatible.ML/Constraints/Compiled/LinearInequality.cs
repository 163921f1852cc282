using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>One inequality c = sum over terms of coefficient x rate - bound, satisfied when c is at most 0.</summary>
internal sealed record LinearInequality(string Name, double Bound, IReadOnlyList<RateTerm> Terms);

/// <summary>A coefficient times the statistic of one group; <see cref="Overall"/> stands for all rows together.</summary>
internal readonly record struct RateTerm(GroupMetric Metric, int Group, double Coefficient)
{
    internal const int Overall = -1;
}

/// <summary>The bound behind a violation.</summary>
/// <param name="Bound">b, as declared.</param>
/// <param name="Margin">m, at least 0: how much stricter b is for now.</param>
/// <param name="IsTwoSided">Whether the violation is one side of a difference |d| of at most b, whose other side is another
/// violation.</param>
internal readonly record struct ViolationBound(double Bound, double Margin, bool IsTwoSided);
