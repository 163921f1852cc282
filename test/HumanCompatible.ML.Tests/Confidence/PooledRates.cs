using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

/// <summary>Proportions of two sets of unweighted rows together, of which the first count as the weight of their group says.</summary>
/// <param name="groups">The names of the groups.</param>
/// <param name="weights">The weight of each.</param>
/// <param name="first">Those of the first rows, of these groups and maybe others.</param>
/// <param name="second">Those of the second.</param>
/// <param name="excluded">Rates that are left out.</param>
internal sealed class PooledRates(IReadOnlyList<string> groups, IReadOnlyList<double> weights, IRateEstimates first,
    IRateEstimates second, IReadOnlyList<ExcludedGroup> excluded) : IRateEstimates
{
    public IReadOnlyList<string> GroupNames => groups;

    public RateEstimate Estimate(GroupMetric metric, int group)
    {
        int[] counted = group == IRateEstimates.Overall ? [.. Enumerable.Range(0, groups.Count)] : [group];
        var parts = counted.Where(one => !excluded.Any(left => left.Name == groups[one] && left.IsOf(metric.Rows)))
            .SelectMany(one => new[] { (Weight: weights[one], Of(first, one)), (Weight: 1, Of(second, one)) }).ToList();
        var size = parts.Sum(part => part.Weight * part.Item2.Size);
        var selected = parts.Sum(part => part.Item2.IsDefined ? part.Weight * part.Item2.Size * part.Item2.Value : 0);
        return RateEstimate.Proportion(selected / size, size) with
        {
            SizeByLabels = parts.Sum(part => part.Weight * part.Item2.SizeByLabels),
        };

        RateEstimate Of(IRateEstimates rates, int one) => rates.GroupNames.ToList().IndexOf(groups[one]) is >= 0 and var index
            ? rates.Estimate(metric, index) : new RateEstimate(double.NaN, 0, double.NaN);
    }
}
