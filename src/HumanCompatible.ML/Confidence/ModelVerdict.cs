using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>The verdict on a constraint of a model on any rows: what its training left out is left out.</summary>
internal static class ModelVerdict
{
    /// <param name="constraint">A constraint that is not a custom one, for the task of the counts.</param>
    /// <param name="names">The groups of the rows.</param>
    /// <param name="counts">The counts of each.</param>
    /// <param name="task">What they are counts of.</param>
    /// <param name="excluded">What training left out; those that these rows do not have do not matter.</param>
    /// <param name="tail">
    /// The probability with which the limit of a bound that is called shown may fail, where the rows chose nothing; null where they did.
    /// </param>
    /// <param name="intervalTail">The probability with which each end of the interval may fail.</param>
    internal static ConstraintVerdict Of(FairnessConstraint constraint, IReadOnlyList<string> names, IReadOnlyList<IRowCounts> counts,
        TaskLabels task, IReadOnlyList<ExcludedGroup> excluded, double? tail, double intervalTail = HoldingRule.Tail)
    {
        List<ExcludedGroup> present = [.. excluded.Where(group => names.Contains(group.Name))];
        var rates = new RatesWithoutExcluded(names, counts, task, present);
        if (constraint is ParityConstraint { ReferenceGroup: { } reference } && !rates.GroupNames.Contains(reference))
        {
            return new ConstraintVerdict(constraint.Name, constraint.Bound, constraint.IsLowerBound, Verdict.NotMeasurable, double.NaN,
                ConfidenceInterval.Undefined, 0)
            {
                UnmeasurableGroups = [.. constraint.Metrics.Select(metric => new UnmeasurableGroup(reference, metric, 0))],
                ExcludedGroups = present,
            };
        }

        return VerdictRule.Of(constraint, rates, tail, intervalTail) with { ExcludedGroups = present };
    }
}
