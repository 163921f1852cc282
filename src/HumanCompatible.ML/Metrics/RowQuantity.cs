namespace HumanCompatible.ML.Metrics;

/// <summary>
/// What is summed over the rows of a group: the rows of some outcomes, where an outcome is a label with a prediction, or a value of each
/// row. The bits of a count are its code over (label, prediction). For predictions p between 0 and 1 a row counts with the probability of
/// these outcomes; y is the label.
/// </summary>
[Flags]
internal enum RowQuantity
{
    /// <summary>p y.</summary>
    TruePositive = 1,

    /// <summary>p (1 - y).</summary>
    FalsePositive = 2,

    /// <summary>(1 - p) (1 - y).</summary>
    TrueNegative = 4,

    /// <summary>(1 - p) y.</summary>
    FalseNegative = 8,

    /// <summary>y.</summary>
    Positive = TruePositive | FalseNegative,

    /// <summary>1 - y.</summary>
    Negative = FalsePositive | TrueNegative,

    /// <summary>p.</summary>
    PredictedPositive = TruePositive | FalsePositive,

    /// <summary>1 - p.</summary>
    PredictedNegative = TrueNegative | FalseNegative,

    /// <summary>p y + (1 - p) (1 - y).</summary>
    Correct = TruePositive | TrueNegative,

    /// <summary>p (1 - y) + (1 - p) y.</summary>
    Incorrect = FalsePositive | FalseNegative,

    /// <summary>1: every row.</summary>
    All = Positive | Negative,

    /// <summary>The loss of the row, a value.</summary>
    Loss = 16,

    /// <summary>p, a real number (regression).</summary>
    Prediction = 32,

    /// <summary>y - p, real numbers (regression).</summary>
    Residual = 64,
}

/// <summary>How quantities are read over (label, prediction).</summary>
internal static class Outcome
{
    /// <summary>The number of outcomes.</summary>
    internal const int Count = 4;

    /// <summary>The number of an outcome, from 0: true positive, false positive, true negative, false negative.</summary>
    internal static int IndexOf(bool label, bool prediction) => prediction ? (label ? 0 : 1) : (label ? 3 : 2);

    extension(RowQuantity quantity)
    {
        /// <summary>Whether it counts rows; otherwise it adds up values.</summary>
        internal bool IsCount => (quantity & ~RowQuantity.All) == 0;

        /// <summary>Whether it counts the rows of one outcome, by its number.</summary>
        internal bool Counts(int outcome) => ((int)quantity >> outcome & 1) == 1;

        /// <summary>Whether it counts the rows of a label and a prediction.</summary>
        internal bool Counts(bool label, bool prediction) => quantity.Counts(IndexOf(label, prediction));

        /// <summary>Whether it counts the rows of a label whatever is predicted.</summary>
        internal bool CountsAll(bool label) => quantity.Counts(label, true) && quantity.Counts(label, false);

        /// <summary>Whether the labels alone say which rows it counts.</summary>
        internal bool IsKnownFromLabels => quantity is RowQuantity.All or RowQuantity.Positive or RowQuantity.Negative;

        /// <summary>Whether it stays what it is when the positive and the negative class change places.</summary>
        internal bool IsOfBothClasses => !quantity.IsCount || quantity is RowQuantity.All or RowQuantity.Correct or RowQuantity.Incorrect;

        /// <summary>The sum over outcomes, each in the place of its number.</summary>
        /// <exception cref="InvalidOperationException">It is no count.</exception>
        internal double SumOf(ReadOnlySpan<double> outcomes)
        {
            if (!quantity.IsCount)
                throw new InvalidOperationException($"{quantity} is not a count of outcomes.");
            var sum = 0.0;
            for (var outcome = 0; outcome < Count; outcome++)
                sum += quantity.Counts(outcome) ? outcomes[outcome] : 0;
            return sum;
        }
    }
}
