namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>Which statistic a cell bounds.</summary>
internal enum BoundKind
{
    /// <summary>The largest difference of selection rates.</summary>
    DemographicParity,

    /// <summary>The largest difference of true or of false positive rates.</summary>
    EqualizedOdds,

    /// <summary>The smallest selection rate divided by the largest; bounded from below.</summary>
    DisparateImpact,
}
