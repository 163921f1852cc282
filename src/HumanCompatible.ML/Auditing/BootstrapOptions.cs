namespace HumanCompatible.ML.Auditing;

/// <summary>How intervals are made of replicates.</summary>
public enum BootstrapMethod
{
    /// <summary>
    /// The bias-corrected and accelerated interval, which corrects for the bias and the skewness of the summary. Source: Efron (1987).
    /// </summary>
    BiasCorrectedAccelerated,

    /// <summary>The quantiles of the replicates.</summary>
    Percentile,
}

/// <summary>How the bootstrap is done.</summary>
public sealed class BootstrapOptions
{
    /// <summary>The number of replicates, at least 100.</summary>
    public int Replicates { get; init; } = 2000;

    /// <summary>The seed: with the same one the intervals are the same, whatever the number of threads.</summary>
    public int Seed { get; init; }

    /// <summary>How intervals are made of replicates.</summary>
    public BootstrapMethod Method { get; init; }

    /// <summary>
    /// Whether all intervals of one call hold together with the confidence of the audit, as wanted where the worst of several groups is
    /// looked at; otherwise each by itself.
    /// </summary>
    public bool IsSimultaneous { get; init; }

    /// <summary>Told the share of the replicates that is done, from 0 to 1; null for nobody.</summary>
    public IProgress<double>? Progress { get; init; }

    internal void Validate()
    {
        if (Replicates < 100)
            throw new ArgumentOutOfRangeException(nameof(Replicates), Replicates, "There must be at least 100 replicates.");
        if (!Enum.IsDefined(Method))
            throw new ArgumentOutOfRangeException(nameof(Method), Method, "There is no such method.");
    }
}
