using System.Globalization;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Data;

/// <summary>Feature rows as they come, dense and row after row; grows as needed.</summary>
internal sealed class FeatureMatrix(int featureCount, long? expectedRows)
{
    private const int RowsToStartWith = 1024;

    private float[] _values = new float[checked(
        (int)Math.Min(Math.Max(expectedRows ?? RowsToStartWith, 1) * featureCount, Array.MaxLength))];

    /// <summary>Slots per row.</summary>
    internal int FeatureCount { get; } = featureCount;

    /// <summary>Rows added so far.</summary>
    internal int RowCount { get; private set; }

    /// <summary>The values, [rows, features]; longer than needed until <see cref="Trim"/>.</summary>
    internal float[] Values => _values;

    /// <summary>Appends a row.</summary>
    /// <returns>The first slot whose value is NaN or infinite, or -1.</returns>
    internal int Add(in VBuffer<float> row)
    {
        var start = (long)RowCount * FeatureCount;
        var end = start + FeatureCount;
        if (end > Array.MaxLength)
            throw new InvalidOperationException(TooLarge(FeatureCount, RowCount));

        if (end > _values.Length)
            Array.Resize(ref _values, (int)Math.Min(Math.Max(end, 2L * _values.Length), Array.MaxLength));

        var target = _values.AsSpan((int)start, FeatureCount);
        row.CopyTo(target);
        RowCount++;
        for (var slot = 0; slot < target.Length; slot++)
        {
            if (!float.IsFinite(target[slot]))
                return slot;
        }

        return -1;
    }

    /// <summary>That the rows do not fit into one array.</summary>
    internal static string TooLarge(int featureCount, int rowCount) => string.Create(CultureInfo.InvariantCulture,
        $"The features need more than {Array.MaxLength:N0} numbers ({featureCount} slots, over {rowCount:N0} rows): train on a sample.");

    /// <summary>Gives back what was allocated in excess.</summary>
    internal void Trim() => Array.Resize(ref _values, RowCount * FeatureCount);
}
