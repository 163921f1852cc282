using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>
/// The verdict on a constraint. Rates are measurable that tell the bound: from the largest group on, one is added where every inequality
/// that it is in with those before it tells (<see cref="HoldingRule.Measurable"/> standard errors fit between parity and the bound); or
/// where one of them is broken by more standard errors than chance brings the worst of all comparisons to.
/// </summary>
internal sealed class VerdictRule
{
    private const double MostRows = 1e9;

    private readonly FairnessConstraint _constraint;
    private readonly EstimatedRates _rates;
    private readonly LinearInequality[] _inequalities;
    private readonly InequalityEstimate[] _estimates;
    private readonly ILookup<(GroupMetric Metric, int Group), int> _inequalitiesOf;
    private readonly HashSet<(GroupMetric Metric, int Group)> _measurable;

    private VerdictRule(FairnessConstraint constraint, IRateEstimates rates)
    {
        (_constraint, _rates) = (constraint, EstimatedRates.Of(constraint, rates));
        _inequalities = [.. constraint.Inequalities(rates.GroupNames)];
        _estimates = [.. _inequalities.Select(inequality => InequalityEstimate.Of(constraint, inequality, _rates, isHeld: false))];
        _inequalitiesOf = _inequalities.SelectMany((inequality, index) => inequality.Terms.Select(term => (term, index)))
            .ToLookup(one => (one.term.Metric, one.term.Group), one => one.index);
        _measurable = [.. constraint.Metrics.SelectMany(Measurable)];
    }

    /// <summary>The rates that a verdict speaks of.</summary>
    internal static IReadOnlySet<(GroupMetric Metric, int Group)> MeasurableRates(FairnessConstraint constraint, IRateEstimates rates)
        => new VerdictRule(constraint, rates)._measurable;

    /// <summary>How many groups can be measured, the most of any statistic.</summary>
    internal static int MeasurableCount(FairnessConstraint constraint, IRateEstimates rates)
        => MeasurableRates(constraint, rates).GroupBy(rate => rate.Metric).Select(groups => groups.Count()).DefaultIfEmpty().Max();

    /// <summary>The verdict.</summary>
    /// <param name="constraint">A constraint that is not a custom one.</param>
    /// <param name="rates">The rates of its groups.</param>
    /// <param name="tail">
    /// The probability with which the limit of a bound that is called shown may fail, where the rows chose nothing; null where they did.
    /// </param>
    /// <param name="intervalTail">The probability with which each end of the interval may fail.</param>
    internal static ConstraintVerdict Of(FairnessConstraint constraint, IRateEstimates rates, double? tail,
        double intervalTail = HoldingRule.Tail)
        => new VerdictRule(constraint, rates).Verdict(tail, intervalTail);

    /// <summary>
    /// The rates of the groups that the verdict on some rows speaks of, on these and on other rows: those that can be measured (the others
    /// are then not defined) or, where these are too few to be compared, all.
    /// </summary>
    /// <param name="constraint">A constraint that is not a custom one.</param>
    /// <param name="rates">The rates that say which groups can be measured.</param>
    /// <param name="others">Those of the same groups on other rows.</param>
    internal static (EstimatedRates Rates, EstimatedRates Others) OfMeasurable(FairnessConstraint constraint, IRateEstimates rates,
        IRateEstimates others)
    {
        var rule = new VerdictRule(constraint, rates);
        EstimatedRates Only(EstimatedRates all) => EstimatedRates.Of(constraint, new MeasuredRates(all, rule._measurable));
        var (own, other) = (rule._rates, EstimatedRates.Of(constraint, others));
        return double.IsNaN(constraint.ValueOf(Only(own))) ? (own, other) : (Only(own), Only(other));
    }

    /// <summary>The verdict on a custom constraint, of whose distribution nothing is known.</summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="value">The largest of its statistics.</param>
    /// <param name="rows">The rows.</param>
    internal static ConstraintVerdict OfCustom(CustomConstraint constraint, double value, int rows)
        => new(constraint.Name, constraint.Bound, constraint.IsLowerBound,
            double.IsNaN(value) ? Confidence.Verdict.NotMeasurable
            : constraint.Violation(value) > 0 ? Confidence.Verdict.Missed : Confidence.Verdict.Kept,
            value, ConfidenceInterval.Undefined, rows);

    private ConstraintVerdict Verdict(double? tail, double intervalTail)
    {
        var measured = EstimatedRates.Of(_constraint, new MeasuredRates(_rates, _measurable));
        var value = _constraint.ValueOf(measured);
        var isMeasured = !double.IsNaN(value);
        var compared = isMeasured ? measured : _rates;
        if (!isMeasured)
            value = _constraint.ValueOf(_rates);
        var verdict = !isMeasured ? Confidence.Verdict.NotMeasurable
            : _constraint.Violation(value) > 0 ? Confidence.Verdict.Missed
            : tail is { } share && IsShown(share) ? Confidence.Verdict.Shown : Confidence.Verdict.Kept;
        return new ConstraintVerdict(_constraint.Name, _constraint.Bound, _constraint.IsLowerBound, verdict, value,
            double.IsNaN(value) ? ConfidenceInterval.Undefined : ConfidenceLimit.Interval(_constraint, compared, intervalTail),
            Rows(compared))
        {
            IntervalConfidence = 1 - intervalTail,
            GroupCount = _rates.GroupNames.Count,
            UnmeasurableGroups = [.. Unmeasurable(isMeasured)],
            WorstInequality = Worst(compared),
        };
    }

    private bool IsShown(double tail)
        => _constraint.Violation(ConfidenceLimit.Of(_constraint, _rates, tail)) <= 0;

    // The groups whose rates of a metric can be measured.
    private List<(GroupMetric, int Group)> Measurable(GroupMetric metric)
    {
        var found = new List<(GroupMetric, int Group)>();
        var groups = new HashSet<int> { IRateEstimates.Overall };
        var order = InOrder(metric);
        var comparable = order.Count(group => IsComparable(metric, order[0], group));
        var beyondDoubt = HoldingRule.Worst(_constraint, order.Length); // the one that is broken is the worst of all
        foreach (var group in order)
        {
            var z = HoldingRule.Measurable(_constraint, found.Count + 1, comparable);
            InequalityEstimate[] with = [.. _inequalitiesOf[(metric, group)]
                .Where(index => _inequalities[index].Terms.All(term => term.Group == group || groups.Contains(term.Group)))
                .Select(index => _estimates[index])];
            if (!with.All(inequality => inequality.IsMeasurable(z)) && !with.Any(inequality => inequality.IsBroken(beyondDoubt)))
                continue;
            found.Add((metric, group));
            groups.Add(group);
        }

        return found;
    }

    // The groups that define a metric: a reference group, which is in all inequalities, then from the largest on.
    private int[] InOrder(GroupMetric metric)
        => [.. Enumerable.Range(0, _rates.GroupNames.Count).Where(group => _rates.Estimate(metric, group).IsDefined)
            .OrderByDescending(group => _inequalitiesOf[(metric, group)].Count())
            .ThenByDescending(group => _rates.Estimate(metric, group).Size)];

    // Whether a group is one of those that the measurable are chosen from: not where one standard error already is over the bound.
    private bool IsComparable(GroupMetric metric, int first, int group) => _inequalitiesOf[(metric, group)]
        .Where(index => _inequalities[index].Terms.All(term => term.Group == group || term.Group == first
            || term.Group == IRateEstimates.Overall))
        .All(index => _estimates[index].IsMeasurable(1));

    private IEnumerable<UnmeasurableGroup> Unmeasurable(bool isMeasured)
    {
        foreach (var (group, name) in _rates.GroupNames.Index())
        {
            foreach (var metric in _constraint.Metrics.Where(metric => _inequalitiesOf.Contains((metric, group))))
            {
                var (rows, needed) = ((int)_rates.Estimate(metric, group).Size, RowsNeeded(metric, group, isMeasured));
                if (!_measurable.Contains((metric, group)) || (!isMeasured && !(rows >= needed)))
                    yield return new UnmeasurableGroup(name, metric, rows, needed);
            }
        }
    }

    // With as many rows in every group that has too few, all of them can be measured, in whatever order they are taken: beside the groups
    // that can be already, which stay as they are, and beside each other.
    private long? RowsNeeded(GroupMetric metric, int group, bool isMeasured)
    {
        var all = Enumerable.Range(0, _rates.GroupNames.Count).Count(other => _inequalitiesOf.Contains((metric, other)));
        var z = HoldingRule.Measurable(_constraint, all, all);
        bool Stays(int other) => other == IRateEstimates.Overall || (isMeasured && _measurable.Contains((metric, other)));
        int Other(int index) => _inequalities[index].Terms.Select(term => term.Group)
            .FirstOrDefault(other => other != group, IRateEstimates.Overall);
        return RoundedUp(_inequalitiesOf[(metric, group)].Max(index => RowsNeeded(index, group, z, !Stays(Other(index)))));
    }

    // z se = room, solved for the rows of the group; where the other side grows, or is too small itself, both have as many.
    private double RowsNeeded(int index, int group, double z, bool bothGrow)
    {
        var (terms, room) = (_inequalities[index].Terms, _estimates[index].Room);
        RateEstimate[] known = [.. terms.Select(term => _rates.Estimate(term.Metric, term.Group))];
        RateEstimate[] defined = [.. known.Where(rate => rate.IsDefined)];
        var pooled = (defined.Sum(rate => rate.Value * rate.Size) + 0.5) / (defined.Sum(rate => rate.Size) + 1);
        var variance = known.Select(rate => rate.Variance).FirstOrDefault(double.IsFinite, 1);
        double SquaredError(int term, double rows) => terms[term].Coefficient * terms[term].Coefficient / rows
            * (terms[term].Metric.IsRate ? InequalityEstimate.CautiousVariance(pooled, rows)
                : double.IsFinite(known[term].Variance) ? known[term].Variance : variance);
        bool IsEnough(double rows, bool forAll) => Enumerable.Range(0, terms.Count).Sum(term => SquaredError(term,
            terms[term].Group == group ? rows : forAll ? Math.Max(rows, known[term].Size) : known[term].Size)) <= room / z * (room / z);
        var forAll = bothGrow || !IsEnough(MostRows, forAll: false);
        if (!IsEnough(MostRows, forAll))
            return double.PositiveInfinity;
        double few = 0, enough = MostRows;
        while (enough - few > 0.5)
        {
            var middle = (few + enough) / 2;
            if (IsEnough(middle, forAll))
                enough = middle;
            else
                few = middle;
        }

        return enough;
    }

    // To two digits: more would pretend to know more.
    private static long? RoundedUp(double rows)
    {
        if (!double.IsFinite(rows))
            return null;
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(1, rows))) - 1));
        return (long)(Math.Ceiling(rows / unit) * unit);
    }

    // Both kinds of rows that odds of a class are counted over are all rows, for each class the same; rows of one kind are others by class.
    private int Rows(EstimatedRates rates)
    {
        var kinds = _constraint.Metrics.DistinctBy(metric => metric.Rows).GroupBy(metric => metric.Class, metric
            => Enumerable.Range(0, rates.GroupNames.Count).Sum(group => rates.Estimate(metric, group).Size)).ToList();
        return (int)Math.Round(kinds.Exists(own => own.Count() > 1) ? kinds.Max(own => own.Sum()) : kinds.Sum(own => own.Sum()));
    }

    private string? Worst(EstimatedRates rates) => _inequalities
        .Select(inequality => (inequality.Name, InequalityEstimate.Of(_constraint, inequality, rates, isHeld: false).Violation))
        .Where(one => one.Violation > 0).DefaultIfEmpty().MaxBy(one => one.Violation).Name;

    // Only the rates that can be measured; the others are not defined.
    private sealed class MeasuredRates(EstimatedRates rates, HashSet<(GroupMetric, int)> measurable) : IRateEstimates
    {
        public IReadOnlyList<string> GroupNames => rates.GroupNames;

        public RateEstimate Estimate(GroupMetric metric, int group)
            => group == IRateEstimates.Overall || measurable.Contains((metric, group))
                ? rates.Estimate(metric, group) : new(double.NaN, 0, double.NaN);

        public double UnitOf(GroupMetric metric) => rates.UnitOf(metric);
    }
}
