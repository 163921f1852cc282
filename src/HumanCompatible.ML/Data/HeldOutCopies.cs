using System.Globalization;

namespace HumanCompatible.ML.Data;

/// <summary>Rows that are to be held out, but are trained on, too.</summary>
internal static class HeldOutCopies
{
    // Fewer of the rows would choose the epoch badly.
    private const double LeastLeft = 0.1;

    /// <summary>The places of the rows to hold out among those that are to be: without those that are trained on.</summary>
    /// <param name="training">The rows that are trained on.</param>
    /// <param name="heldOut">The rows that are to be held out.</param>
    /// <param name="hasConfidence">Whether some of them are to test the model, so that none may be trained on.</param>
    /// <param name="advice">What to do where some are.</param>
    /// <param name="warning">What the user should know; null where all are held out.</param>
    /// <returns>The places; none where too few of the rows would be left.</returns>
    /// <exception cref="InvalidOperationException">Some are to test the model, but are trained on.</exception>
    internal static int[] Remove(HashedRows training, HashedRows heldOut, bool hasConfidence, string advice, out string? warning)
    {
        int[] all = [.. Enumerable.Range(0, heldOut.Rows.Length)];
        warning = null;
        if (EqualRows.Find(training, heldOut) is not { } isTrained)
            return all;
        int[] left = [.. all.Where(place => !isTrained[place])];
        var removed = all.Length - left.Length;
        var found = string.Create(CultureInfo.InvariantCulture, $"{removed} of the {all.Length} rows to be held out are also trained on, ")
            + "with the same features, label and groups";
        if (hasConfidence)
            throw new InvalidOperationException($"ConfidenceLevel tests rows that were not trained on, but {found}. {advice}");
        var counted = left.Count(place => heldOut.Counts(heldOut.Rows[place]));
        if (counted < LeastLeft * (counted + removed))
            left = [];
        warning = $"{found}: {(left.Length == 0 ? "no rows are held out" : "only the others are held out")}, as the rows that a model was "
            + $"trained on flatter it. {advice}";
        return left;
    }
}
