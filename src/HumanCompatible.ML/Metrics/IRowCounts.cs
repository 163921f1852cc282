namespace HumanCompatible.ML.Metrics;

/// <summary>What is summed over rows that are counted together. The counts of disjoint sets of rows add up.</summary>
internal interface IRowCounts
{
    /// <summary>The rows, those of weight 0 included.</summary>
    int RowCount { get; }

    /// <summary>
    /// The share of rows predicted correctly; of a regression R squared, 1 - mean squared error / variance of the labels.
    /// </summary>
    double Accuracy { get; }

    /// <summary>The accuracy of the best constant prediction.</summary>
    double ConstantAccuracy { get; }

    /// <summary>
    /// How far the predictions are from constant, 0 where they are: the share of rows that get another prediction than most; of a
    /// regression the variance of predictions by that of labels.
    /// </summary>
    double Variety { get; }

    /// <summary>Counts a row.</summary>
    void Add(in RowOutcome row);

    /// <summary>Counts the rows that other counts of the same task have.</summary>
    void Add(IRowCounts other);

    /// <summary>Puts another number in the place of each sum, in an order that is always the same.</summary>
    /// <param name="replace">Given a sum, what takes its place.</param>
    void Replace(Func<double, double> replace);

    /// <summary>A metric with what is known of it; NaN where its denominator is zero.</summary>
    RateEstimate Estimate(GroupMetric metric);

    /// <summary>A metric; NaN where its denominator is zero.</summary>
    double Rate(GroupMetric metric) => Estimate(metric).Value;
}

/// <summary>What comes of a row.</summary>
/// <param name="Label">0 or 1, the number of a class, or a real number.</param>
/// <param name="Prediction">The same of what is predicted.</param>
/// <param name="Weight">The weight.</param>
/// <param name="Loss">The loss.</param>
internal readonly record struct RowOutcome(double Label, double Prediction, double Weight, double Loss);
