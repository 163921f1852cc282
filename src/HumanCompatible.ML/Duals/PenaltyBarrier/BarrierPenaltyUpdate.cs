namespace HumanCompatible.ML.Duals;

/// <summary>
/// How <see cref="PenaltyBarrier"/> changes the penalty p of each constraint after its multiplier λ; p is then moved into its range.
/// K is <see cref="PenaltyBarrierOptions.PenaltyMultiplier"/>.
/// </summary>
public enum BarrierPenaltyUpdate
{
    /// <summary>p stays.</summary>
    Constant,

    /// <summary>p ← K·p.</summary>
    Diminishing,

    /// <summary>p ← K·λ·p with the new multiplier.</summary>
    DiminishingByDual,

    /// <summary>
    /// p ← K·p + (1 − K)·p/(d + 1e-8), with d = φ'(c) where that is below 1, else <see cref="PenaltyBarrierOptions.Delta"/>·φ'(c).
    /// </summary>
    DiminishingAdaptive,

    /// <summary>p ← p + 0.1 where c ≤ 0, K·p where c &gt; 0.</summary>
    AdditiveIncreaseMultiplicativeDecrease,

    /// <summary>
    /// p ← <see cref="PenaltyBarrierOptions.Rho"/>·λ with the new multiplier, which makes the step that of an augmented Lagrangian as
    /// long as the range of the penalties does not cut it.
    /// </summary>
    AugmentedLagrangian,
}
