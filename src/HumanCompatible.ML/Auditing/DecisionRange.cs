namespace HumanCompatible.ML.Auditing;

/// <summary>The lowest score of a row that is predicted positive, and the highest of one that is predicted negative.</summary>
internal record struct DecisionRange
{
    /// <summary>Of no row.</summary>
    internal static DecisionRange Empty => new() { LowestPositive = double.PositiveInfinity, HighestNegative = double.NegativeInfinity };

    /// <summary>Infinite where no row is predicted positive.</summary>
    internal double LowestPositive { get; private set; }

    /// <summary>Minus infinity where no row is predicted negative.</summary>
    internal double HighestNegative { get; private set; }

    /// <summary>Whether one threshold tells the positive predictions from the negative ones.</summary>
    internal readonly bool HasThreshold => HighestNegative < LowestPositive;

    /// <summary>
    /// What the scores of the positive predictions, and no others, are above: the usual one where it is that, else what is in the middle;
    /// NaN where there is none.
    /// </summary>
    internal readonly double Threshold(double usual) => !HasThreshold ? double.NaN
        : usual >= HighestNegative && usual < LowestPositive ? usual
        : double.IsInfinity(LowestPositive) ? HighestNegative
        : Math.Min(Math.BitDecrement(LowestPositive),
            double.IsInfinity(HighestNegative) ? LowestPositive : (HighestNegative + LowestPositive) / 2);

    internal void Add(double score, bool isPositive)
    {
        if (!isPositive)
            HighestNegative = Math.Max(HighestNegative, score);
        else if (score < LowestPositive)
            LowestPositive = score;
    }

    internal void Add(DecisionRange other)
    {
        LowestPositive = Math.Min(LowestPositive, other.LowestPositive);
        HighestNegative = Math.Max(HighestNegative, other.HighestNegative);
    }
}
