using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>Rates with what is expected of them beyond their counts, see <see cref="FlatteredRate.Shift"/>.</summary>
/// <param name="constraint">The constraint whose rates they are.</param>
/// <param name="rates">The rates as they are counted.</param>
/// <param name="shifts">What is added to each, in the order of <see cref="TrainingFlattery.IndexOf"/>; a proportion stays one.</param>
internal sealed class ShiftedRates(FairnessConstraint constraint, IRateEstimates rates, IReadOnlyList<double> shifts) : IRateEstimates
{
    private readonly Dictionary<(string, int), int> _metrics
        = constraint.Metrics.Index().ToDictionary(one => (one.Item.Name, one.Item.Class), one => one.Index);

    public IReadOnlyList<string> GroupNames => rates.GroupNames;

    public RateEstimate Estimate(GroupMetric metric, int group)
    {
        var rate = rates.Estimate(metric, group);
        if (group == IRateEstimates.Overall)
            return rate;
        var value = rate.Value + shifts[(_metrics[(metric.Name, metric.Class)] * GroupNames.Count) + group];
        return rate with { Value = rate.IsProportion ? Math.Clamp(value, 0, 1) : value };
    }

    public double UnitOf(GroupMetric metric) => rates.UnitOf(metric);
}
