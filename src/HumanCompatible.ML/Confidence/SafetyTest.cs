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
    /// <summary>More rows than that many times those at hand are none that anyone has: the model itself is too near its bound.</summary>
    private const double MostTimes = 100;

    private const double LeastShare = 0.1;
    private const double MostShare = 0.4;
    private const double Step = 0.05;
    private readonly double _tail = (1 - level) / constraints.Count;

    internal double Level => level;

    internal TrainingRows Rows => rows;

    /// <summary>
    /// For each constraint the expected distance between the statistic and its limit, from the counts of the safety rows alone: what
    /// training should leave.
    /// </summary>
    internal double[] ExpectedWidths() => [.. constraints.Select((constraint, index)
        => Width(constraint, ExpectedRates.Of(constraint, rows, rows.Partitions[index]), _tail))];

    /// <summary>
    /// The share of all rows that should test the chosen model: the smallest with which the limits of equal rates would leave half of what
    /// the bounds allow, from 10% to 40%. 10% too where 40% would not show the bounds even of equal rates.
    /// </summary>
    /// <param name="constraints">The constraints.</param>
    /// <param name="level">The confidence.</param>
    /// <param name="expected">The expected rates of each on all rows.</param>
    internal static double Share(IReadOnlyList<FairnessConstraint> constraints, double level, IReadOnlyList<EstimatedRates> expected)
    {
        var tail = (1 - level) / constraints.Count;
        bool Leaves(double share, double part) => constraints.Zip(expected).All(pair
            => Width(pair.First, pair.Second.Scaled(share), tail) <= (1 - part) * pair.First.LargestMargin);
        return !Leaves(MostShare, 0) ? LeastShare
            : Enumerable.Range(0, 1 + (int)Math.Round((MostShare - LeastShare) / Step)).Select(step => LeastShare + (step * Step))
                .FirstOrDefault(share => Leaves(share, 0.5), MostShare);
    }

    /// <summary>Tests the shipped model, over the groups that the verdict on the rows it was made of speaks of.</summary>
    /// <param name="ratesOf">The rates on the safety rows of the groups of a constraint, by its number.</param>
    /// <param name="ownRatesOf">The rates on the rows that the model was made of.</param>
    internal IReadOnlyList<SafetyResult> Run(Func<int, IRateEstimates> ratesOf, Func<int, IRateEstimates> ownRatesOf)
        => [.. constraints.Select((constraint, index) => Test(constraint, ratesOf(index), ownRatesOf(index)))];

    private SafetyResult Test(FairnessConstraint constraint, IRateEstimates all, IRateEstimates ownOfAll)
    {
        var (own, rates) = VerdictRule.OfMeasurable(constraint, ownOfAll, all);
        ExcludedGroup[] lacking = [.. constraint.Metrics.SelectMany(metric => rates.GroupNames.Index()
            .Where(group => own.Estimate(metric, group.Index).IsDefined && !rates.Estimate(metric, group.Index).IsDefined)
            .Select(group => new ExcludedGroup(group.Item, UndefinedRate.Reason(metric.Rows, 0)))).Distinct()];
        var value = constraint.ValueOf(rates);
        if (lacking.Length > 0 || double.IsNaN(constraint.ValueOf(own)))
            return new SafetyResult(value, double.NaN, null) { Lacking = lacking };
        var limit = ConfidenceLimit.OfDefined(constraint, rates, _tail);
        return new SafetyResult(value, limit,
            constraint.Violation(limit) <= 0 ? null : RowsNeeded(constraint, rates));
    }

    private static double Width(FairnessConstraint constraint, EstimatedRates assumed, double tail)
    {
        var (value, limit) = (constraint.ValueOf(assumed), ConfidenceLimit.Predict(constraint, assumed, tail));
        return constraint.IsLowerBound ? Math.Max(0, value - limit) : Math.Max(0, limit - value);
    }

    // With how many rows the limit would keep the bound if the rates stayed; null where that is out of reach, as where the value does not.
    private long? RowsNeeded(FairnessConstraint constraint, EstimatedRates rates)
    {
        bool IsEnough(double factor) => ConfidenceLimit.PredictsToHold(constraint, rates.Scaled(factor), _tail);
        double few = 1, enough = 2;
        while (!IsEnough(enough))
        {
            if (enough > MostTimes)
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
/// <param name="Limit">The limit of the true statistic; NaN where nothing can be compared.</param>
/// <param name="RowsNeeded">About how many safety rows would show the bound; null where it is shown, or where no number would.</param>
internal sealed record SafetyResult(double Value, double Limit, long? RowsNeeded)
{
    /// <summary>The groups of which the safety rows do not tell a rate that the verdict speaks of.</summary>
    internal IReadOnlyList<ExcludedGroup> Lacking { get; init; } = [];

    private const string Contradicted = "the safety rows, which neither trained nor chose the model, miss the bound";

    /// <summary>
    /// What is to be said with the safety rows of what the other rows say: shown where these show it; and not kept where these miss the
    /// bound, which the others were chosen to keep.
    /// </summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="verdict">The verdict on the other rows.</param>
    internal ConstraintVerdict Judge(FairnessConstraint constraint, ConstraintVerdict verdict)
    {
        if (constraint.Violation(Limit) <= 0)
        {
            // Where the rows at hand can compare no groups, the safety rows have compared all.
            return verdict with
            {
                Verdict = Verdict.Shown,
                NotMeasurableReason = null,
                UnmeasurableGroups = verdict.Verdict == Verdict.NotMeasurable ? [] : verdict.UnmeasurableGroups,
            };
        }

        return verdict.Verdict == Verdict.Kept && constraint.Violation(Value) > 0
            ? verdict with { Verdict = Verdict.NotMeasurable, NotMeasurableReason = Contradicted } : verdict;
    }
}
