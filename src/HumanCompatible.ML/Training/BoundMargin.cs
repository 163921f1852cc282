namespace HumanCompatible.ML.Training;

/// <summary>How much stricter a bound is while training.</summary>
internal static class BoundMargin
{
    /// <summary>The wanted margin, but at most half of what the bound leaves: half of an upper bound, half the way from a lower bound to 1.</summary>
    internal static double For(FairnessConstraint constraint, double wanted)
        => Math.Min(wanted, (constraint.IsLowerBound ? 1 - constraint.Bound : constraint.Bound) / 2);
}
