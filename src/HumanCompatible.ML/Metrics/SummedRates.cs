using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Groups;
namespace HumanCompatible.ML.Metrics;

/// <summary>The rates of one partition's groups, within a class where there are several, out of summed statistics [columns, q].</summary>
internal sealed class SummedRates(double[] statistics, RowQuantities quantities, MembershipLayout layout, GroupPartition partition,
    int @class) : IGroupRates
{
    public IReadOnlyList<string> GroupNames => partition.GroupNames;

    public double Rate(GroupMetric metric, int group)
    {
        var row = layout.ColumnOf(partition, group) * quantities.Count;
        var denominator = statistics[row + quantities.DenominatorOf(metric, @class)];
        return denominator > CompiledConstraints.SmallestDenominator
            ? statistics[row + quantities.NumeratorOf(metric, @class)] / denominator : double.NaN;
    }

    public double OverallRate(GroupMetric metric) => Rate(metric, RateTerm.Overall);
}
