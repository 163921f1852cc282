using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>
/// The verdict on a constraint. A rate of a group can be measured where one of the inequalities it is in tells the bound: z standard errors
/// fit between parity and the bound, or the inequality is broken by more than z standard errors.
/// </summary>
internal sealed class VerdictRule
{
    private readonly FairnessConstraint _constraint;
    private readonly EstimatedRates _rates;
    private readonly LinearInequality[] _inequalities;
    private readonly InequalityEstimate[] _estimates;
    private readonly ILookup<(GroupMetric Metric, int Group), int> _inequalitiesOf;
    private readonly HashSet<(GroupMetric Metric, int Group)> _told;
    private readonly double _z;

    private VerdictRule(FairnessConstraint constraint, IRateEstimates rates)
    {
        (_constraint, _rates) = (constraint, EstimatedRates.Of(constraint, rates));
        _inequalities = [.. constraint.Inequalities(rates.GroupNames)];
        _estimates = [.. _inequalities.Select(inequality => InequalityEstimate.Of(constraint, inequality, _rates, isHeld: false))];
        var defined = Enumerable.Range(0, rates.GroupNames.Count)
            .Count(group => constraint.Metrics.Any(metric => _rates.Estimate(metric, group).IsDefined));
        _z = HoldingRule.StandardErrors(constraint, defined);
        _inequalitiesOf = _inequalities.SelectMany((inequality, index) => inequality.Terms.Select(term => (term, index)))
            .ToLookup(one => (one.term.Metric, one.term.Group), one => one.index);
        _told = [.. _inequalitiesOf.Where(rate => _rates.Estimate(rate.Key.Metric, rate.Key.Group).IsDefined && rate.Any(IsTold))
            .Select(rate => rate.Key)];
    }

    /// <summary>The verdict.</summary>
    /// <param name="constraint">A constraint that is not a custom one.</param>
    /// <param name="rates">The rates of its groups.</param>
    /// <param name="tail">
    /// The probability with which the limit of a bound that is called shown may fail, where the rows chose nothing; null where they did.
    /// </param>
    internal static ConstraintVerdict Of(FairnessConstraint constraint, IRateEstimates rates, double? tail)
        => new VerdictRule(constraint, rates).Verdict(tail);

    /// <summary>The verdict on a custom constraint, of whose distribution nothing is known.</summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="value">The largest of its statistics.</param>
    /// <param name="rows">The rows.</param>
    internal static ConstraintVerdict OfCustom(CustomConstraint constraint, double value, int rows)
        => new(constraint.Name, constraint.Bound, constraint.IsLowerBound,
            double.IsNaN(value) ? Confidence.Verdict.NotMeasurable
            : constraint.Violation(value) > 0 ? Confidence.Verdict.Missed : Confidence.Verdict.Kept,
            value, ConfidenceInterval.Undefined, rows);

    private ConstraintVerdict Verdict(double? tail)
    {
        var measured = EstimatedRates.Of(_constraint, new MeasuredRates(_rates, _told));
        var value = _constraint.ValueOf(measured);
        var isTold = !double.IsNaN(value);
        var compared = isTold ? measured : _rates;
        if (!isTold)
            value = _constraint.ValueOf(_rates);
        var verdict = !isTold ? Confidence.Verdict.NotMeasurable
            : _constraint.Violation(value) > 0 ? Confidence.Verdict.Missed
            : tail is { } share && IsShown(share) ? Confidence.Verdict.Shown : Confidence.Verdict.Kept;
        return new ConstraintVerdict(_constraint.Name, _constraint.Bound, _constraint.IsLowerBound, verdict, value,
            ConfidenceLimit.Interval(_constraint, compared, HoldingRule.Tail), Rows(compared))
        {
            UnmeasurableGroups = [.. Unmeasurable()],
            WorstInequality = Worst(compared),
        };
    }

    private bool IsShown(double tail)
        => _constraint.Violation(ConfidenceLimit.Of(_constraint, _rates, tail)) <= 0;

    private bool IsTold(int index)
        => _estimates[index] is { IsDefined: true } estimate && (estimate.IsMeasurable(_z) || estimate.IsBroken(_z));

    private IEnumerable<UnmeasurableGroup> Unmeasurable()
    {
        for (var group = 0; group < _rates.GroupNames.Count; group++)
        {
            foreach (var metric in _constraint.Metrics)
            {
                if (!_told.Contains((metric, group)) && _inequalitiesOf.Contains((metric, group)))
                {
                    yield return new UnmeasurableGroup(_rates.GroupNames[group], metric, (int)_rates.Estimate(metric, group).Size,
                        RowsNeeded(metric, group));
                }
            }
        }
    }

    // z se = room, solved for the rows of the group; where the other side of every comparison is too small itself, both must have as many.
    private long RowsNeeded(GroupMetric metric, int group)
    {
        var least = double.PositiveInfinity;
        foreach (var index in _inequalitiesOf[(metric, group)])
        {
            var (terms, room) = (_inequalities[index].Terms, _estimates[index].Room);
            var known = terms.Select(term => _rates.Estimate(term.Metric, term.Group)).ToArray();
            var variance = Variance(known);
            double own = 0, others = 0, all = 0;
            for (var term = 0; term < terms.Count; term++)
            {
                var share = terms[term].Coefficient * terms[term].Coefficient * variance;
                all += share;
                if (terms[term].Group == group)
                    own += share;
                else
                    others += share / known[term].Size;
            }

            var left = (room / _z * (room / _z)) - others;
            var needed = left > 0 ? own / left : double.PositiveInfinity;
            least = Math.Min(least, Math.Min(needed, double.IsFinite(needed) ? needed : all / (room / _z * (room / _z))));
        }

        return RoundedUp(least);
    }

    private static double Variance(RateEstimate[] rates)
    {
        RateEstimate[] defined = [.. rates.Where(rate => rate.IsDefined)];
        if (defined.Length == 0)
            return 0.25;
        var size = defined.Sum(rate => rate.Size);
        if (!defined[0].IsProportion)
            return defined.Where(rate => double.IsFinite(rate.Variance)).Select(rate => rate.Variance).DefaultIfEmpty(1).Average();
        var pooled = (defined.Sum(rate => rate.Value * rate.Size) + 0.5) / (size + 1);
        return pooled * (1 - pooled);
    }

    // To two digits: more would pretend to know more.
    private static long RoundedUp(double rows)
    {
        if (!(rows < 1e15))
            return long.MaxValue;
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(1, rows))) - 1));
        return (long)(Math.Ceiling(rows / unit) * unit);
    }

    private int Rows(EstimatedRates rates) => (int)Math.Round(_constraint.Metrics.DistinctBy(metric => metric.Denominator)
        .Sum(metric => Enumerable.Range(0, rates.GroupNames.Count).Sum(group => rates.Estimate(metric, group).Size)));

    private string? Worst(EstimatedRates rates) => _inequalities
        .Select(inequality => (inequality.Name, InequalityEstimate.Of(_constraint, inequality, rates, isHeld: false).Violation))
        .Where(one => one.Violation > 0).DefaultIfEmpty().MaxBy(one => one.Violation).Name;

    // Only the rates that can be measured; the others are not defined.
    private sealed class MeasuredRates(EstimatedRates rates, HashSet<(GroupMetric, int)> told) : IRateEstimates
    {
        public IReadOnlyList<string> GroupNames => rates.GroupNames;

        public RateEstimate Estimate(GroupMetric metric, int group)
            => group == IRateEstimates.Overall || told.Contains((metric, group)) ? rates.Estimate(metric, group) : new(double.NaN, 0, double.NaN);
    }
}
