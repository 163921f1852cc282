namespace HumanCompatible.ML.Constraints;

/// <summary>The rates of one partition's groups out of summed statistics [columns, q].</summary>
internal sealed class SummedRates(double[] statistics, RowQuantities quantities, MembershipLayout layout, GroupPartition partition) : IGroupRates
{
    public IReadOnlyList<string> GroupNames => partition.GroupNames;

    public double Rate(GroupMetric metric, int group)
    {
        int row = layout.ColumnOf(partition, group) * quantities.Count;
        MetricDefinition definition = MetricDefinition.Of(metric);
        double denominator = statistics[row + quantities.IndexOf(definition.Denominator)];
        return denominator > CompiledConstraints.SmallestDenominator ? statistics[row + quantities.IndexOf(definition.Numerator)] / denominator : double.NaN;
    }

    public double OverallRate(GroupMetric metric) => Rate(metric, RateTerm.Overall);
}
