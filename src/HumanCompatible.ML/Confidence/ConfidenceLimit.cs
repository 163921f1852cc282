using HumanCompatible.ML.Constraints;

namespace HumanCompatible.ML.Confidence;

/// <summary>
/// A limit of a constraint's true statistic: the strictest bound under which every inequality of the constraint is shown to hold. The true
/// statistic is the value of the worst inequality, whichever that is; the limit lies beneath it only if the limit of that one inequality
/// fails. So each is tested with the whole tail, and the number of inequalities (pairs of groups) costs nothing. The counts that rates are
/// taken over (of a group, its positives, its predicted positives) are taken as given: then the numerators are binomial.
/// Source of the principle: Berger (1982), Multiparameter hypothesis testing (the intersection-union test).
/// </summary>
internal static class ConfidenceLimit
{
    private const double Unlimited = 1 << 30;
    private const double Precision = 1e-6;

    /// <summary>
    /// The limit: conservative for proportions, approximate for mean losses and for weighted rows. Infinite where the statistic has none.
    /// </summary>
    /// <param name="constraint">The constraint; its bound does not matter.</param>
    /// <param name="rates">The rates that were measured.</param>
    /// <param name="tail">The probability with which the limit may fail.</param>
    internal static double Of(FairnessConstraint constraint, EstimatedRates rates, double tail) => Unit(constraint, rates)
        * Of([.. BoundedInequality.Of(constraint, rates.GroupNames)], constraint, rates.WithoutUnit(), tail);

    /// <summary>The same over the groups whose rates are defined; NaN where no two are compared.</summary>
    /// <inheritdoc cref="Of(FairnessConstraint, EstimatedRates, double)" path="/param"/>
    internal static double OfDefined(FairnessConstraint constraint, EstimatedRates rates, double tail)
        => Unit(constraint, rates) * Of(Defined(constraint, rates), constraint, rates.WithoutUnit(), tail);

    /// <summary>
    /// Both limits of the statistic over the groups whose rates are defined, each failing with the probability <paramref name="tail"/> at
    /// most or about; NaN where no two are compared.
    /// </summary>
    /// <inheritdoc cref="Of(FairnessConstraint, EstimatedRates, double)" path="/param"/>
    internal static ConfidenceInterval Interval(FairnessConstraint constraint, EstimatedRates rates, double tail)
    {
        var unit = Unit(constraint, rates);
        rates = rates.WithoutUnit();
        var defined = Defined(constraint, rates);
        if (defined.Length == 0)
            return ConfidenceInterval.Undefined;

        // What one of several inequalities alone breaks is broken: each gets its share.
        var groups = defined.SelectMany(inequality => inequality.Terms).Select(term => term.Group).Distinct().Count();
        var share = tail / constraint.Comparisons(groups);
        bool IsBroken(double bound)
            => defined.Any(inequality => Value(inequality, rates, share, bound, isUpper: false) > inequality.Bound(bound));
        var outer = Of(defined, constraint, rates, tail);
        var inner = Bisect(IsBroken, Strictest(constraint), constraint.IsLowerBound ? 0 : Unlimited);
        return constraint.IsLowerBound ? new(unit * outer, unit * Math.Max(outer, inner))
            : new(unit * Math.Min(outer, inner), unit * outer);
    }

    // The strictest bound that can be declared.
    private static double Strictest(FairnessConstraint constraint)
        => constraint.IsLowerBound ? Math.Min(constraint.LargestBound, Unlimited) : 0;

    private static BoundedInequality[] Defined(FairnessConstraint constraint, EstimatedRates rates)
        => [.. BoundedInequality.Of(constraint, rates.GroupNames)
            .Where(inequality => inequality.Terms.All(term => rates.Estimate(term.Metric, term.Group).IsDefined))];

    // Limits are searched for without a unit; that of a ratio has none.
    private static double Unit(FairnessConstraint constraint, EstimatedRates rates)
        => constraint.IsLowerBound && constraint is ParityConstraint ? 1 : rates.UnitOf(constraint.Metrics[0]);

    // The inequality that will decide comes first: the others then need to be looked at once only.
    private static double Of(IReadOnlyList<BoundedInequality> inequalities, FairnessConstraint constraint, EstimatedRates rates,
        double tail)
    {
        var predicted = inequalities.Select(one => (Inequality: one, Limit: Strictest([SquaredAndAdded(one, rates, tail)], constraint)));
        var ordered = constraint.IsLowerBound ? predicted.OrderBy(one => one.Limit) : predicted.OrderByDescending(one => one.Limit);
        return Strictest([.. ordered.Select(one => Test(one.Inequality, rates, tail))], constraint);
    }

    /// <summary>
    /// Nearly the same and fast, for what is only predicted: the deviations of the rates from their own limits are squared and added, as
    /// Newcombe (1998) does.
    /// </summary>
    internal static double Predict(FairnessConstraint constraint, EstimatedRates rates, double tail)
    {
        var plain = rates.WithoutUnit();
        return Unit(constraint, rates) * Strictest(
            [.. BoundedInequality.Of(constraint, rates.GroupNames).Select(one => SquaredAndAdded(one, plain, tail))], constraint);
    }

    /// <summary>Whether <see cref="Predict"/> keeps the bound of the constraint, over the groups whose rates are defined.</summary>
    internal static bool PredictsToHold(FairnessConstraint constraint, EstimatedRates rates, double tail)
        => Defined(constraint, rates).All(one => SquaredAndAdded(one, rates, tail)(constraint.Bound));

    // The strictest bound under which all tests hold.
    private static double Strictest(List<Func<double, bool>> tests, FairnessConstraint constraint)
    {
        if (tests.Count == 0)
            return double.NaN;
        var limit = Strictest(constraint);
        foreach (var holds in tests)
        {
            if (!holds(limit))
                limit = constraint.IsLowerBound ? Bisect(holds, 0, limit) : Loosen(holds, limit);
        }

        return limit;
    }

    private static double Loosen(Func<double, bool> holds, double broken)
    {
        var kept = Math.Max(1, broken);
        while (!holds(kept))
        {
            if (kept >= Unlimited)
                return double.PositiveInfinity;
            kept *= 2;
        }

        return Bisect(holds, kept, broken);
    }

    private static double Bisect(Func<double, bool> holds, double kept, double broken)
    {
        while (Math.Abs(kept - broken) > Precision * Math.Max(1, kept))
        {
            var middle = (kept + broken) / 2;
            if (holds(middle))
                kept = middle;
            else
                broken = middle;
        }

        return kept;
    }

    private static Func<double, bool> Test(BoundedInequality inequality, EstimatedRates rates, double tail)
    {
        // Each rate gets its share of the tail: that holds for rates of any kind and dependence.
        var share = tail / inequality.Terms.Count;
        var shared = Ends(inequality, [.. inequality.Terms.Select(term => rates.Limits(term.Metric, term.Group, share))]);
        if (!inequality.IsDifference)
            return shared;
        var (first, second) = (rates.Estimate(inequality.Terms[0].Metric, inequality.Terms[0].Group),
            rates.Estimate(inequality.Terms[1].Metric, inequality.Terms[1].Group));
        if (!first.IsProportion)
            return SquaredAndAdded(inequality, rates, tail); // of Student's limits

        // What the shares show, the melded limit shows as well, but it costs more. A group and all rows together are not independent, but
        // rise together: their difference varies less than that of independent rates.
        var pair = new Lazy<MeldedProportions>(() => new(first, second, tail));
        return bound => shared(bound)
            || pair.Value.IsAtMost(inequality.Coefficient(0, bound), -inequality.Coefficient(1, bound), inequality.Bound(bound));
    }

    private static Func<double, bool> SquaredAndAdded(BoundedInequality inequality, EstimatedRates rates, double tail)
    {
        if (inequality.Terms.Any(term => !rates.Estimate(term.Metric, term.Group).IsDefined))
            return Ends(inequality, [.. inequality.Terms.Select(term => rates.Limits(term.Metric, term.Group, tail))]);
        return bound => Value(inequality, rates, tail, bound, isUpper: true) <= inequality.Bound(bound);
    }

    // The largest (or smallest) value that the tail allows.
    private static double Value(BoundedInequality inequality, EstimatedRates rates, double tail, double bound, bool isUpper)
    {
        double value = 0, squares = 0;
        for (var index = 0; index < inequality.Terms.Count; index++)
        {
            var (term, coefficient) = (inequality.Terms[index], inequality.Coefficient(index, bound));
            var (estimate, limits) = (rates.Estimate(term.Metric, term.Group).Value, rates.Limits(term.Metric, term.Group, tail));
            value += coefficient * estimate;
            var deviation = double.IsNegative(coefficient) != isUpper ? limits.Upper - estimate : estimate - limits.Lower;
            squares += coefficient * coefficient * deviation * deviation;
        }

        return isUpper ? value + Math.Sqrt(squares) : value - Math.Sqrt(squares);
    }

    private static Func<double, bool> Ends(BoundedInequality inequality, ConfidenceInterval[] limits) => bound =>
    {
        double worst = 0;
        for (var index = 0; index < limits.Length; index++)
        {
            var coefficient = inequality.Coefficient(index, bound);
            worst += Math.Max(coefficient * limits[index].Lower, coefficient * limits[index].Upper);
        }

        return worst <= inequality.Bound(bound);
    };
}
