namespace HumanCompatible.ML.Samples.Demo;

/// <summary>The constraints that the main job offers.</summary>
internal enum DemoConstraint
{
    /// <summary>The selection rates of the groups differ by at most the bound.</summary>
    DemographicParity,

    /// <summary>The true positive rates, and the false positive rates, of the groups differ by at most the bound.</summary>
    EqualizedOdds,
}
