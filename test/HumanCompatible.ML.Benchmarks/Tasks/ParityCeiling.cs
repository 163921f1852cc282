namespace HumanCompatible.ML.Benchmarks.Tasks;

/// <summary>
/// The most that demographic parity of every class leaves of a model's accuracy, whoever chooses the answers: also by lots, and also by
/// someone who sees the group. Where the probabilities p are right, answers of which the shares differ by at most b have at most the
/// accuracy D(l) = mean of max over classes k of (p_k - l_k s), plus b |l_k| of each class, whatever the multipliers l are: Lagrange
/// duality, s being n / n_g in the one group and -n / n_g in the other. A subgradient method looks for the least D.
/// </summary>
internal static class ParityCeiling
{
    private const int Steps = 4000;
    private const double FirstStep = 0.2;

    /// <summary>The ceiling without a bound, the mean of the largest probability, and with one.</summary>
    /// <param name="probabilities">Of each row those of the classes.</param>
    /// <param name="isFirst">Whether a row is of the one group rather than of the other.</param>
    /// <param name="bound">b.</param>
    internal static (double Free, double Bounded) Of(float[][] probabilities, bool[] isFirst, double bound)
    {
        var first = isFirst.Count(one => one);
        double[] signs = [isFirst.Length / (double)first, -isFirst.Length / (double)(isFirst.Length - first)];
        var multipliers = new double[probabilities[0].Length];
        var slopes = new double[multipliers.Length];
        var least = double.PositiveInfinity;
        for (var step = 0; step < Steps; step++)
        {
            var value = 0d;
            Array.Clear(slopes);
            for (var row = 0; row < probabilities.Length; row++)
            {
                var sign = signs[isFirst[row] ? 0 : 1];
                var (best, most) = (0, double.NegativeInfinity);
                for (var label = 0; label < multipliers.Length; label++)
                {
                    var worth = probabilities[row][label] - (multipliers[label] * sign);
                    if (worth > most)
                        (best, most) = (label, worth);
                }

                value += most / probabilities.Length;
                slopes[best] -= sign / probabilities.Length;
            }

            value += bound * multipliers.Sum(Math.Abs);
            least = Math.Min(least, value);
            for (var label = 0; label < multipliers.Length; label++)
                multipliers[label] -= FirstStep / Math.Sqrt(step + 1) * (slopes[label] + (bound * Math.Sign(multipliers[label])));
        }

        return (probabilities.Average(row => row.Max()), least);
    }
}
