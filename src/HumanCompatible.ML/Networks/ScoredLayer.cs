namespace HumanCompatible.ML.Networks;

/// <summary>A layer with its numbers, as it is scored: batch normalization is part of the affine z = W h + b.</summary>
/// <param name="Layer">What it does; its normalization, where it has one, is that of a row.</param>
/// <param name="Weight">W, [width, width before], row after row.</param>
/// <param name="Bias">b, [width].</param>
/// <param name="Gain">The gain of the normalization, [width]; empty where there is none.</param>
/// <param name="Shift">The shift of the normalization, [width]; empty where there is none.</param>
internal sealed record ScoredLayer(Layer Layer, float[] Weight, float[] Bias, float[] Gain, float[] Shift)
{
    /// <summary>The layers of a network.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="weights">Its weights; copied.</param>
    /// <exception cref="ArgumentException">Names or shapes differ, or a variance is below 0 or no number.</exception>
    public static ScoredLayer[] Of(LayeredArchitecture architecture, NetworkWeights weights)
    {
        weights.Match(architecture.Arrays());
        float[] Array(string name) => weights.Find(name)!.Values.ToArray();
        return [.. architecture.Layers.Select((layer, index) =>
        {
            float[] weight = Array(LayeredArchitecture.WeightName(index)), bias = Array(LayeredArchitecture.BiasName(index));
            if (layer.Normalization == Normalization.None)
                return new ScoredLayer(layer, weight, bias, [], []);
            float[] gain = Array(LayeredArchitecture.GainName(index)), shift = Array(LayeredArchitecture.ShiftName(index));
            if (layer.Normalization == Normalization.Layer)
                return new ScoredLayer(layer, weight, bias, gain, shift);
            var (mean, variance) = (Array(LayeredArchitecture.MeanName(index)), Array(LayeredArchitecture.VarianceName(index)));
            for (var unit = 0; unit < layer.Width; unit++)
            {
                if (!(variance[unit] >= 0))
                {
                    throw new ArgumentException($"'{LayeredArchitecture.VarianceName(index)}' must be at least 0, got "
                        + $"{Problems.Text(variance[unit])} for unit {unit}.", nameof(weights));
                }

                // gain (W h + b - mean) / deviation + shift
                var factor = gain[unit] / Math.Sqrt(variance[unit] + LayeredArchitecture.Epsilon);
                foreach (ref var value in weight.AsSpan(unit * layer.InputCount, layer.InputCount))
                    value = (float)(value * factor);
                bias[unit] = (float)(((bias[unit] - (double)mean[unit]) * factor) + shift[unit]);
            }

            return new ScoredLayer(layer with { Normalization = Normalization.None }, weight, bias, [], []);
        })];
    }
}
