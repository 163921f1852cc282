namespace HumanCompatible.ML.Duals;

/// <summary>When beta ← min(sigma·beta, betaMax) happens.</summary>
public enum PenaltyGrowthSchedule
{
    /// <summary>After every dual update, as in the Python package.</summary>
    PerUpdate,

    /// <summary>At <see cref="DualOptimizer.EndEpoch"/>, the outer iteration of the published algorithm.</summary>
    PerEpoch,
}
