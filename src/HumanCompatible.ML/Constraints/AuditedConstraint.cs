namespace HumanCompatible.ML.Constraints;

/// <summary>A declaration and the value of its statistic on hard predictions of some data.</summary>
/// <param name="Constraint">The declaration.</param>
/// <param name="Value">The statistic in the declaration's own terms, such as max - min; over the groups that define it, NaN where none does.</param>
/// <param name="UndefinedGroups">The groups left out because a rate of theirs has no denominator (no row, no positive, no negative ...).</param>
internal sealed record AuditedConstraint(FairnessConstraint Constraint, double Value, IReadOnlyList<string> UndefinedGroups)
{
    /// <summary>By how much the bound is missed: positive when it is; NaN when the value is undefined.</summary>
    internal double Excess => Constraint.Excess(Value);

    /// <summary>Whether the value keeps the bound. An undefined value breaks none.</summary>
    internal bool IsMet => !(Excess > 0);

    /// <summary>Whether every group defines the rates of the constraint.</summary>
    internal bool IsDefined => UndefinedGroups.Count == 0 && !double.IsNaN(Value);

    /// <summary>The worst over the classes, each with its own rates.</summary>
    internal static AuditedConstraint Of(FairnessConstraint constraint, IReadOnlyList<IGroupRates> rates)
    {
        if (rates.Count == 1) return Of(constraint, rates[0]);
        AuditedConstraint[] classes = [.. rates.Select(ofClass => Of(constraint, ofClass))];
        var values = classes.Select(c => c.Value);
        return new(constraint, constraint.IsLowerBound ? RateSpread.Min(values) : RateSpread.Max(values), [.. classes.SelectMany(c => c.UndefinedGroups).Distinct()]);
    }

    internal static AuditedConstraint Of(FairnessConstraint constraint, IGroupRates rates) => new(
        constraint,
        constraint.ValueOf(rates),
        [.. rates.GroupNames.Where((_, g) => constraint.Metrics.Any(metric => double.IsNaN(rates.Rate(metric, g))))]);
}
