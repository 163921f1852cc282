using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Auditing;

/// <summary>A summary with its bootstrap interval.</summary>
public sealed record BootstrapInterval
{
    internal BootstrapInterval(double value, ConfidenceInterval interval, double standardError, int replicates)
        => (Value, Interval, StandardError, Replicates) = (value, interval, standardError, replicates);

    /// <summary>The summary of the rows as they are.</summary>
    public double Value { get; }

    /// <summary>The interval at the audit's confidence; undefined where the value is, or fewer than half of the replicates are
    /// defined.</summary>
    public ConfidenceInterval Interval { get; }

    /// <summary>The standard deviation of the replicates.</summary>
    public double StandardError { get; }

    /// <summary>In how many replicates the summary was defined.</summary>
    public int Replicates { get; }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
