using HumanCompatible.ML.Constraints;

namespace HumanCompatible.ML.Training.Multipliers;

/// <summary>How much stricter a bound is while training.</summary>
internal static class TrainingMargin
{
    /// <summary>
    /// The wanted margin, but at most half of what the bound leaves: half of an upper bound, half the way from a lower bound to 1. Where
    /// the statistic has no end that a bound could approach (a custom statistic, a mean), at most half the magnitude of the bound.
    /// </summary>
    internal static double For(FairnessConstraint constraint, double wanted)
        => Math.Min(wanted, (double.IsFinite(constraint.LargestMargin) ? constraint.LargestMargin : Math.Abs(constraint.Bound)) / 2);
}
