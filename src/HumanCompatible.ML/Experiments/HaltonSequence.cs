namespace HumanCompatible.ML.Experiments;

/// <summary>
/// Points that fill the unit cube evenly: the Halton sequence, shifted by a random vector modulo 1.
/// Source: Halton (1960); the shift is of Cranley and Patterson (1976).
/// </summary>
internal sealed class HaltonSequence
{
    private readonly int[] _bases;
    private readonly double[] _shift;

    /// <param name="dimensions">The dimensions of the cube.</param>
    /// <param name="seed">Decides the shift.</param>
    internal HaltonSequence(int dimensions, int seed)
    {
        var random = new Random(seed);
        _bases = [.. Enumerable.Range(2, int.MaxValue - 2)
            .Where(number => Enumerable.Range(2, Math.Max(0, (int)Math.Sqrt(number) - 1)).All(divisor => number % divisor != 0))
            .Take(dimensions)];
        _shift = [.. _bases.Select(_ => random.NextDouble())];
    }

    /// <summary>A point of the sequence.</summary>
    /// <param name="index">Its number, at least 1.</param>
    internal double[] At(int index) => [.. _bases.Select((radix, dimension) => (RadicalInverse(index, radix) + _shift[dimension]) % 1)];

    // The digits of the number, mirrored at the point.
    private static double RadicalInverse(int index, int radix)
    {
        var (value, unit) = (0.0, 1.0 / radix);
        for (; index > 0; index /= radix, unit /= radix)
            value += index % radix * unit;
        return value;
    }
}
