namespace HumanCompatible.ML.Reporting.Charts;

/// <summary>A linear axis.</summary>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest, above it.</param>
/// <param name="Start">Where the smallest lies.</param>
/// <param name="End">Where the largest lies.</param>
internal sealed record Axis(double Minimum, double Maximum, double Start, double End)
{
    private const int MostTicks = 6;

    private static readonly double[] Factors = [1, 2, 5, 10];

    /// <summary>An axis of round numbers that all values fit on; of 0 to 1 where there are none.</summary>
    internal static Axis Fit(IEnumerable<double> values, double start, double end)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0)
            return new(0, 1, start, end);
        double low = finite.Min(), high = finite.Max();
        if (high - low < 1e-9 * Math.Max(1, Math.Abs(high)))
            (low, high) = (low - Math.Max(0.01, Math.Abs(low) * 0.1), high + Math.Max(0.01, Math.Abs(high) * 0.1));
        var step = Step(high - low);
        return new(Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step, start, end);
    }

    internal double At(double value)
        => Start + (Math.Clamp(value, Minimum, Maximum) - Minimum) / (Maximum - Minimum) * (End - Start);

    internal IEnumerable<double> Ticks()
    {
        var step = Step(Maximum - Minimum);
        for (var tick = Math.Ceiling(Minimum / step - 1e-9); tick * step <= Maximum + 1e-9 * step; tick++)
            yield return tick == 0 ? 0 : tick * step; // no -0
    }

    // 1, 2 or 5 times a power of ten.
    private static double Step(double range)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(range / MostTicks)));
        return Factors.Select(factor => factor * power).First(step => range / step <= MostTicks);
    }
}
