namespace HumanCompatible.ML.Duals;

/// <summary>
/// How <see cref="PenaltyBarrier"/> changes the penalty p of each constraint after the dual update; p is then moved into the penalty range.
/// K is the penalty multiplier.
/// </summary>
public enum BarrierPenaltyUpdate
{
    /// <summary>p stays.</summary>
    Constant,

    /// <summary>p ← K·p.</summary>
    Diminishing,

    /// <summary>p ← K·λ·p with the new dual λ.</summary>
    DiminishingByDual,

    /// <summary>p ← K·p + (1 − K)·p/(d + 1e-8), d = phi'(c), times delta where phi'(c) ≥ 1.</summary>
    DiminishingAdaptive,

    /// <summary>p ← p + 0.1 where c ≤ 0, K·p where c &gt; 0.</summary>
    AdditiveIncreaseMultiplicativeDecrease,

    /// <summary>p ← rho·λ with the new dual λ, which makes the step that of an augmented Lagrangian.</summary>
    AugmentedLagrangian,
}
