namespace HumanCompatible.ML.Metrics;

/// <summary>The rows that a rate is taken over.</summary>
/// <param name="Quantity">Which they are.</param>
/// <param name="Class">The class that counts as positive; <see cref="GroupMetric.NoClass"/> where they are of none.</param>
/// <param name="ClassName">Its name, or null.</param>
internal readonly record struct RateRows(RowQuantity Quantity, int Class = GroupMetric.NoClass, string? ClassName = null)
{
    /// <summary>Whether the rows of a label are among them whatever is predicted.</summary>
    internal bool CountsAll(float label) => Quantity.CountsAll(IsPositive(label));

    /// <summary>Whether a row of a label that is predicted correctly is among them.</summary>
    internal bool CountsCorrect(float label) => Quantity.Counts(IsPositive(label), IsPositive(label));

    private bool IsPositive(float label) => ClassName is null ? label > 0 : label == Class;
}
