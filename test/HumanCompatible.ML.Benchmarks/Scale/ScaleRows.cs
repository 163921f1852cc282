namespace HumanCompatible.ML.Benchmarks.Scale;

/// <summary>
/// A generated table of 20 numbers with interactions: products, a sine, a threshold, the group and a difference between its two values, and
/// columns that say nothing. A row follows from its number, so that tables of any size need no memory.
/// </summary>
internal static class ScaleRows
{
    /// <summary>Rows that are made when they are read.</summary>
    /// <param name="first">The number of the first.</param>
    /// <param name="count">How many.</param>
    internal static IEnumerable<ScaleRow> Stream(long first, long count)
    {
        for (var number = first; number < first + count; number++)
            yield return Create(number);
    }

    private static ScaleRow Create(long number)
    {
        var state = unchecked((ulong)number * 0xD1342543DE82EF95UL + 0x9E3779B97F4A7C15UL);
        var row = new ScaleRow();
        var x = row.Features;
        for (var column = 0; column < x.Length; column++)
            x[column] = (float)((Uniform(ref state) + Uniform(ref state) + Uniform(ref state) - 1.5) * 2);
        var isFirst = Uniform(ref state) < 0.4;
        row.Group = isFirst ? "a" : "b";
        x[^1] = isFirst ? 1 : 0;
        var noise = Uniform(ref state);
        var z = (2 * x[0] * x[1]) + (1.5 * Math.Sin(2.5 * x[2])) + (x[3] > 0.3 ? x[4] : -x[4]) + (0.8 * x[5]) - (0.6 * x[6] * x[6])
            + (x[7] * x[8] * x[9]) + (isFirst ? 0.25 : -0.15);
        row.Label = (2.5 * z) + Math.Log(noise / (1 - noise)) > 0;
        return row;
    }

    // SplitMix64 (Steele, Lea and Flood, 2014).
    private static double Uniform(ref ulong state)
    {
        unchecked
        {
            var z = state += 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53)) + 1e-17;
        }
    }
}
