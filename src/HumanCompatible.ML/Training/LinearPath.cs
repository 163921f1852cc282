using System.Numerics.Tensors;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Training;

/// <summary>
/// A linear function within the weights of a perceptron with ReLU: z = w x + b is max(0, z) - max(0, -z), so that two units of each hidden
/// layer carry it through. They are the two that are used least, by the product of the norms of their weights to both sides.
/// </summary>
/// <remarks>
/// Where the truth is linear, the curves of a network cost accuracy. A generated linear table of 10,000 rows, 32 seeds: .7708 without and
/// .7720 with a function, log loss .4739 and .4709; Adult, ACSIncome, COMPAS and a table with thresholds, five seeds each: the same.
/// With a share of .25 as well, two of four tables of 5,000 rows with thresholds took it by chance, and lost .002.
/// </remarks>
internal static class LinearPath
{
    /// <summary>
    /// Held-out rows that tell by more than chance which has less loss (where they are weighted, as many of equal weights). Of 22 fits
    /// with 50 of them and 24 with weights of which very few counted, 7 took a share, and all 7 had more loss on fresh rows; of 49 with a
    /// fifth of 5,000 rows and more 10 took one, and none had.
    /// </summary>
    internal const double FewestHeldOutRows = 500;

    /// <summary>
    /// By how much the loss of a held-out row must be less with a function. Of 204 fits to seven tables that are not linear four had less
    /// by .0005 there, one of them by .001, all with more loss on fresh rows; of 64 to linear ones 54 had less by .001.
    /// </summary>
    internal const double LeastGain = 0.001;

    /// <summary>The shares of the function in the output that are tried.</summary>
    internal static IReadOnlyList<float> Shares { get; } = [0.5f, 0.75f];

    /// <summary>The weights of (1 - share) times a network and share times a function.</summary>
    /// <param name="weights">Weight and bias of each layer.</param>
    /// <param name="function">w, [inputs], and b.</param>
    /// <param name="share">One of <see cref="Shares"/>.</param>
    internal static NetworkWeights Mix(NetworkWeights weights, ReadOnlySpan<float> function, float share)
    {
        float[][] arrays = [.. weights.Arrays.Select(array => array.Values.ToArray())];
        var before = (Positive: 0, Negative: 0);
        for (var index = 0; index < arrays.Length - 2; index += 2)
        {
            var (weight, bias, next) = (arrays[index], arrays[index + 1], arrays[index + 2]);
            var inputs = weight.Length / bias.Length;
            var (positive, negative) = LeastUsed(weight, bias, next);
            foreach (var unit in new[] { positive, negative })
            {
                weight.AsSpan(unit * inputs, inputs).Clear();
                bias[unit] = 0;
                for (var entry = unit; entry < next.Length; entry += bias.Length)
                    next[entry] = 0;
            }

            if (index == 0)
            {
                var w = function[..inputs];
                w.CopyTo(weight.AsSpan(positive * inputs));
                TensorPrimitives.Negate(w, weight.AsSpan(negative * inputs, inputs));
                (bias[positive], bias[negative]) = (function[inputs], -function[inputs]);
            }
            else
            {
                weight[(positive * inputs) + before.Positive] = 1;
                weight[(negative * inputs) + before.Negative] = 1;
            }

            before = (positive, negative);
        }

        foreach (var last in arrays[^2..])
            TensorPrimitives.Multiply(last, 1 - share, last);
        (arrays[^2][before.Positive], arrays[^2][before.Negative]) = (share, -share);
        return new NetworkWeights(weights.Arrays.Zip(arrays, (array, values) => array with { Values = values }));
    }

    private static (int First, int Second) LeastUsed(float[] weight, float[] bias, float[] next)
    {
        var inputs = weight.Length / bias.Length;
        int[] units = [.. Enumerable.Range(0, bias.Length).OrderBy(unit => Use(unit))];
        return (units[0], units[1]);

        double Use(int unit)
        {
            double after = 0;
            for (var entry = unit; entry < next.Length; entry += bias.Length)
                after += next[entry] * next[entry];
            return after * (TensorPrimitives.SumOfSquares(weight.AsSpan(unit * inputs, inputs)) + (bias[unit] * bias[unit]));
        }
    }
}
