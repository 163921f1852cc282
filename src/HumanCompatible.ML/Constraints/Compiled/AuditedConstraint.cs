using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>A declaration and the value of its statistic on hard predictions of some data.</summary>
/// <param name="Constraint">The declaration.</param>
/// <param name="Value">The statistic in the declaration's own terms, such as max - min; over the groups that define it, NaN where none
/// does.</param>
/// <param name="UndefinedGroups">The groups left out because a rate of theirs has no denominator (no row, no positive, no negative
/// ...).</param>
internal sealed record AuditedConstraint(FairnessConstraint Constraint, double Value, IReadOnlyList<string> UndefinedGroups)
{
    /// <summary>By how much the bound is violated: positive when it is; NaN when the value is undefined.</summary>
    internal double Violation => Constraint.Violation(Value);

    /// <summary>The inequality with the largest violation; null where the bound is kept.</summary>
    internal string? WorstInequality { get; init; }

    /// <summary>Whether the value keeps the bound. An undefined value breaks none.</summary>
    internal bool IsMet => !(Violation > 0);

    /// <summary>Whether every group defines the rates of the constraint.</summary>
    internal bool IsDefined => UndefinedGroups.Count == 0 && !double.IsNaN(Value);

    /// <summary>The worst over the classes, each with its own rates.</summary>
    internal static AuditedConstraint Of(FairnessConstraint constraint, IReadOnlyList<IGroupRates> rates)
    {
        if (rates.Count == 1)
            return Of(constraint, rates[0]);
        AuditedConstraint[] classes = [.. rates.Select(ofClass => Of(constraint, ofClass))];
        var values = classes.Select(c => c.Value);
        var worst = classes.Where(c => c.Violation > 0).DefaultIfEmpty().MaxBy(c => c?.Violation)?.WorstInequality;
        return new(constraint, constraint.IsLowerBound ? RateSpread.Min(values) : RateSpread.Max(values),
            [.. classes.SelectMany(c => c.UndefinedGroups).Distinct()])
        { WorstInequality = worst };
    }

    internal static AuditedConstraint Of(FairnessConstraint constraint, IGroupRates rates)
    {
        var audited = new AuditedConstraint(
            constraint,
            constraint.ValueOf(rates),
            [.. rates.GroupNames.Where((_, g) => constraint.Metrics.Any(metric => double.IsNaN(rates.Rate(metric, g))))]);
        return audited.IsMet ? audited : audited with { WorstInequality = Worst(constraint, rates) };
    }

    private static string? Worst(FairnessConstraint constraint, IGroupRates rates)
    {
        double ViolationOf(LinearInequality inequality)
            => inequality.Terms.Sum(term => term.Coefficient * (term.Group == RateTerm.Overall
            ? rates.OverallRate(term.Metric) : rates.Rate(term.Metric, term.Group))) - inequality.Bound;
        return constraint.Inequalities(rates.GroupNames).Select(inequality => (inequality.Name, Violation: ViolationOf(inequality)))
            .Where(inequality => inequality.Violation > 0).DefaultIfEmpty().MaxBy(inequality => inequality.Violation).Name;
    }
}
