using Microsoft.ML.Data;

namespace HumanCompatible.ML;

/// <summary>Whether a row has the form that the type of its column promises: nothing in ML.NET holds a source to it.</summary>
internal static class RowForm
{
    /// <summary>Throws where a row to predict for has another form.</summary>
    /// <exception cref="InvalidOperationException">It has; the message says how.</exception>
    internal static void Check(in VBuffer<float> row, int count)
    {
        if (ProblemOf(row, count) is { } problem)
            throw new InvalidOperationException($"A row of features {problem}.");
    }

    /// <summary>What is wrong with a row, after its name; null where nothing is.</summary>
    /// <param name="row">The row.</param>
    /// <param name="count">The slots that it should have.</param>
    internal static string? ProblemOf(in VBuffer<float> row, int count)
    {
        if (row.Length != count)
            return $"has {row.Length} slots, but should have {count}";
        return row.IsDense || AreSlots(row.GetIndices(), count) ? null
            : $"is sparse, and the numbers of its slots are not different, increasing and below {count}";
    }

    private static bool AreSlots(ReadOnlySpan<int> indices, int count)
    {
        var last = -1;
        foreach (var index in indices)
        {
            if (index <= last)
                return false;
            last = index;
        }

        return last < count;
    }
}
