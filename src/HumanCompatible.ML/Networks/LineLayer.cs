using System.Numerics.Tensors;

namespace HumanCompatible.ML.Networks;

/// <summary>A hidden layer of a <see cref="LineThroughNetwork"/>, in double precision, with what it was last computed to.</summary>
internal sealed class LineLayer
{
    private readonly ScoredLayer _layer;
    private readonly Activation _activation;
    private readonly double[] _weight;
    private readonly double[] _bias;
    private readonly double[] _gain;
    private readonly double[] _shift;

    // z less its mean, over its deviation.
    private readonly double[] _scaled;
    private double _deviation;

    internal LineLayer(ScoredLayer layer, Activation activation)
    {
        (_layer, _activation) = (layer, activation);
        (_weight, _bias) = (Doubles(layer.Weight), Doubles(layer.Bias));
        (_gain, _shift) = (Doubles(layer.Gain), Doubles(layer.Shift));
        var width = layer.Layer.Width;
        (_scaled, Sums, Slopes, Values, ValueSlopes, Gradient) =
            (new double[_gain.Length], new double[width], new double[width], new double[width], new double[width], new double[width]);
    }

    /// <summary>What the activation is applied to, [units].</summary>
    internal double[] Sums { get; }

    /// <summary>How <see cref="Sums"/> change along the line, [units].</summary>
    internal double[] Slopes { get; }

    /// <summary>The values of the units.</summary>
    internal double[] Values { get; }

    /// <summary>How <see cref="Values"/> change along the line.</summary>
    internal double[] ValueSlopes { get; }

    /// <summary>The gradient of the output by <see cref="Values"/>; after <see cref="Backward"/> by W h + b.</summary>
    internal double[] Gradient { get; }

    /// <summary>The numbers of an array in double precision.</summary>
    internal static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        TensorPrimitives.ConvertChecked(values, doubles.AsSpan());
        return doubles;
    }

    /// <summary>W h + b.</summary>
    internal void Multiply(ReadOnlySpan<double> values, double[] sums)
    {
        MultiplyWeights(values, sums);
        TensorPrimitives.Add(sums, _bias, sums);
    }

    /// <summary>W h.</summary>
    internal void MultiplyWeights(ReadOnlySpan<double> values, double[] products)
    {
        for (var unit = 0; unit < products.Length; unit++)
            products[unit] = TensorPrimitives.Dot(_weight.AsSpan(unit * values.Length, values.Length), values);
    }

    /// <summary>Computes the values, where <see cref="Sums"/> are W h + b.</summary>
    /// <param name="blockStart">The layer whose values are added, or null.</param>
    internal void Forward(LineLayer? blockStart)
    {
        if (_gain.Length > 0)
            Normalize();
        if (blockStart is not null)
            TensorPrimitives.Add(Sums, blockStart.Values, Sums);
        for (var unit = 0; unit < Sums.Length; unit++)
            Values[unit] = _activation.Value(Sums[unit]);
    }

    /// <summary>Computes the slopes of the values, where <see cref="Slopes"/> are those of W h + b and nothing is normalized.</summary>
    /// <param name="blockStart">The layer whose values are added, or null.</param>
    internal void ForwardSlopes(LineLayer? blockStart)
    {
        if (blockStart is not null)
            TensorPrimitives.Add(Slopes, blockStart.ValueSlopes, Slopes);
        for (var unit = 0; unit < Sums.Length; unit++)
            ValueSlopes[unit] = _activation.Derivative(Sums[unit]) * Slopes[unit];
    }

    /// <summary>Takes <see cref="Gradient"/> from the values to W h + b, and adds it to that of the layers below.</summary>
    /// <param name="before">The layer before, or null.</param>
    /// <param name="blockStart">The layer whose values are added, or null.</param>
    internal void Backward(LineLayer? before, LineLayer? blockStart)
    {
        for (var unit = 0; unit < Sums.Length; unit++)
            Gradient[unit] *= _activation.Derivative(Sums[unit]);
        if (blockStart is not null)
            TensorPrimitives.Add(blockStart.Gradient, Gradient, blockStart.Gradient);
        if (_gain.Length > 0)
            UndoNormalization();
        if (before is null)
            return;
        for (var unit = 0; unit < Sums.Length; unit++)
        {
            TensorPrimitives.MultiplyAdd(_weight.AsSpan(unit * _layer.Layer.InputCount, _layer.Layer.InputCount), Gradient[unit],
                before.Gradient, before.Gradient);
        }
    }

    private void Normalize()
    {
        TensorPrimitives.Subtract(Sums, TensorPrimitives.Sum<double>(Sums) / Sums.Length, _scaled);
        _deviation = Math.Sqrt((TensorPrimitives.SumOfSquares<double>(_scaled) / Sums.Length) + LayeredArchitecture.Epsilon);
        TensorPrimitives.Divide(_scaled, _deviation, _scaled);
        TensorPrimitives.MultiplyAdd(_scaled, _gain, _shift, Sums);
    }

    // With s = (z - mean) / deviation and g the gradient by s, that by z is (g - mean g - s mean (g s)) / deviation.
    private void UndoNormalization()
    {
        TensorPrimitives.Multiply(Gradient, _gain, Gradient);
        double mean = TensorPrimitives.Sum<double>(Gradient) / Gradient.Length,
            along = TensorPrimitives.Dot<double>(Gradient, _scaled) / Gradient.Length;
        for (var unit = 0; unit < Gradient.Length; unit++)
            Gradient[unit] = (Gradient[unit] - mean - (_scaled[unit] * along)) / _deviation;
    }
}
