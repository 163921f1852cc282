using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>
/// The test whether a model keeps its bounds on unseen data with a stated confidence: limits of the true statistics from rows that neither
/// trained the model nor chose it, looked at once. (They were divided from the others so that each part has its share of every group and
/// class; that makes their rates vary less than those of rows drawn freely, which the limits assume.) Every limit holds at the same time
/// with the confidence: each may fail with probability (1 - level) / number of constraints.
/// Source: Thomas et al. (2019), Preventing undesirable behavior of intelligent machines; Woodworth et al. (2017), Learning
/// non-discriminatory predictors.
/// </summary>
/// <param name="constraints">The constraints, at least one.</param>
/// <param name="level">The confidence, above 1/2 and below 1.</param>
/// <param name="rows">The safety rows.</param>
internal sealed class SafetyTest(IReadOnlyList<FairnessConstraint> constraints, double level, TrainingRows rows)
{
    private const double MostRows = 1e9;
    private readonly double _tail = (1 - level) / constraints.Count;

    internal double Level => level;

    internal TrainingRows Rows => rows;

    /// <summary>
    /// For each constraint the expected distance between the statistic and its limit, from the counts of the safety rows alone: what
    /// training should leave.
    /// </summary>
    internal double[] ExpectedWidths()
    {
        var positive = Math.Clamp(rows.Labels.Average(label => (double)label), 0.01, 0.99);
        var entropy = -positive * Math.Log(positive) - (1 - positive) * Math.Log(1 - positive);
        return [.. constraints.Select((constraint, index) =>
        {
            // A bounded rate will be near its bound; rates that are compared are taken to be the share of positives, their losses those of
            // that guess. As many are taken to be predicted positive as are positive.
            var rate = constraint is GroupBoundConstraint
                ? constraint.Bound : constraint.Metrics.Contains(GroupMetric.MeanLoss) ? entropy : positive;
            var assumed = EstimatedRates.Of(constraint, LabelCounts(rows.Partitions[index])).Assume(rate);
            var (value, limit) = (constraint.ValueOf(assumed), ConfidenceLimit.Predict(constraint, assumed, _tail));
            return constraint.IsLowerBound ? Math.Max(0, value - limit) : Math.Max(0, limit - value);
        })];
    }

    /// <summary>Tests the shipped model.</summary>
    /// <param name="ratesOf">The rates on the safety rows of the groups of a constraint, by its number.</param>
    internal IReadOnlyList<SafetyResult> Run(Func<int, IRateEstimates> ratesOf) => [.. constraints.Select((constraint, index) =>
    {
        var rates = EstimatedRates.Of(constraint, ratesOf(index));
        var limit = ConfidenceLimit.Of(constraint, rates, _tail);
        var value = constraint.ValueOf(rates);
        return new SafetyResult(value, limit,
            constraint.Violation(limit) <= 0 || !(constraint.Violation(value) < 0) ? null : RowsNeeded(constraint, rates));
    })];

    // As if every prediction were right.
    private CountedRates LabelCounts(GroupPartition partition)
    {
        GroupCounts[] counts = [.. Enumerable.Range(0, partition.GroupCount).Select(_ => new GroupCounts())];
        for (var row = 0; row < rows.Count; row++)
        {
            if (partition.GroupOfRow[row] is >= 0 and var group)
                counts[group].Add(rows.Labels[row] > 0, rows.Labels[row] > 0, rows.Weights?[row] ?? 1, 0);
        }

        return new CountedRates(partition.GroupNames, counts);
    }

    // With how many rows the limit would keep the bound if the rates stayed; null where that is out of reach.
    private long? RowsNeeded(FairnessConstraint constraint, EstimatedRates rates)
    {
        bool IsEnough(double factor) => ConfidenceLimit.PredictsToHold(constraint, rates.Scaled(factor), _tail);
        double few = 1, enough = 2;
        while (!IsEnough(enough))
        {
            if (enough * rows.Count > MostRows)
                return null;
            few = enough;
            enough *= 2;
        }

        while (enough / few > 1.01)
        {
            var middle = Math.Sqrt(few * enough);
            if (IsEnough(middle))
                enough = middle;
            else
                few = middle;
        }

        return (long)Math.Ceiling(enough * rows.Count);
    }
}

/// <summary>What the safety rows say of a constraint.</summary>
/// <param name="Value">The statistic on them; NaN where it is not defined.</param>
/// <param name="Limit">The limit of the true statistic.</param>
/// <param name="RowsNeeded">About how many safety rows would show the bound; null where it is shown, or where no number would.</param>
internal sealed record SafetyResult(double Value, double Limit, long? RowsNeeded);
