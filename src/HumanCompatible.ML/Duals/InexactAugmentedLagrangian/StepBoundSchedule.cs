namespace HumanCompatible.ML.Duals;

/// <summary>How gamma, the bound on the length of one dual step, changes with the epoch.</summary>
public enum StepBoundSchedule
{
    /// <summary>The same gamma in every epoch.</summary>
    Constant,

    /// <summary>
    /// gamma_k = gamma / ((k + 1)·ln²(k + 2)) in epoch k = 0, 1, ...: a summable sequence, so that the multipliers stay bounded.
    /// </summary>
    Summable,
}
