using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Auditing;

/// <summary>The rows whose probability is in one of ten bins of equal width: what was promised of them and what came.</summary>
public sealed record CalibrationBin
{
    internal CalibrationBin(double lower, double upper, double weight, double meanProbability, double positiveShare,
        ConfidenceInterval interval) => (Lower, Upper, Weight, MeanProbability, PositiveShare, Interval)
            = (lower, upper, weight, meanProbability, positiveShare, interval);

    /// <summary>The lower end, not in the bin (but 0 is in the first).</summary>
    public double Lower { get; }

    /// <summary>The upper end, in the bin.</summary>
    public double Upper { get; }

    /// <summary>The sum of the weights of its rows; their number where there are no weights.</summary>
    public double Weight { get; }

    /// <summary>The mean probability of its rows; NaN where it has none.</summary>
    public double MeanProbability { get; }

    /// <summary>The share of its rows that are positive; NaN where it has none.</summary>
    public double PositiveShare { get; }

    /// <summary>Wilson's interval of <see cref="PositiveShare"/> at the audit's confidence; undefined where it has no rows.</summary>
    public ConfidenceInterval Interval { get; }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
