using System.Buffers;
using System.Numerics.Tensors;
using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// The forward pass of a built-in network without torch: for each unit the dot product of a contiguous row of weights with the layer's
/// input. Agrees with torch to 1e-5, allocates nothing per row, and may be used by several threads at once.
/// </summary>
internal sealed class ManagedNetwork
{
    /// <summary>Up to this many floats of working memory are taken from the stack, more from a shared pool.</summary>
    private const int StackLimit = 4096;

    private readonly FeatureEncoder? _encoder;

    // Of very many inputs those that a row has are multiplied: the first weights are then [inputs, width].
    private readonly bool _isWide;
    private readonly ScoredLayer[] _layers;
    private readonly Activation _activation;

    // Where a layer writes its values: as many places as layers are still needed, each as wide as the widest.
    private readonly int _places;
    private readonly int _widest;

    /// <summary>Takes the weights of a network whose inputs are the features themselves.</summary>
    /// <param name="definition">A built-in network.</param>
    /// <param name="inputCount">The number of features.</param>
    /// <param name="outputCount">The number of outputs.</param>
    /// <param name="weights">Its weights; copied.</param>
    /// <exception cref="ArgumentException">The definition is the user's own module, or names or shapes differ.</exception>
    public ManagedNetwork(NetworkDefinition definition, int inputCount, int outputCount, NetworkWeights weights)
    {
        var architecture = LayeredArchitecture.Of(definition, inputCount, outputCount);
        _layers = ScoredLayer.Of(architecture, weights);
        (_activation, _places) = (architecture.Activation, architecture.HasBlocks ? 3 : 2);
        _widest = _layers.Max(layer => layer.Layer.Width);
        InputCount = inputCount;
    }

    /// <summary>Takes the weights of a network whose inputs are encoded features.</summary>
    /// <param name="definition">A built-in network.</param>
    /// <param name="encoder">Encodes each row before the first layer.</param>
    /// <param name="outputCount">The number of outputs.</param>
    /// <param name="weights">Its weights; copied.</param>
    /// <exception cref="ArgumentException">The definition is the user's own module, or names or shapes differ.</exception>
    public ManagedNetwork(NetworkDefinition definition, FeatureEncoder encoder, int outputCount, NetworkWeights weights)
        : this(definition, encoder.OutputCount, outputCount, weights)
    {
        _encoder = encoder;
        InputCount = encoder.InputCount;
        _isWide = encoder.IsWide;
        if (_isWide)
            _layers[0] = _layers[0] with { Weight = Transpose(_layers[0]) };
    }

    /// <summary>Whether a definition can be scored without torch: all but the user's own module.</summary>
    public static bool CanScore(NetworkDefinition definition) => definition is not ModuleNetwork;

    /// <summary>The number of features of a row, before any encoding.</summary>
    public int InputCount { get; }

    /// <summary>The number of outputs.</summary>
    public int OutputCount => _layers[^1].Layer.Width;

    /// <summary>The logit of a row, for a network of one output.</summary>
    /// <param name="features">One row, <c>[features]</c>.</param>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    /// <exception cref="InvalidOperationException">The network has several outputs.</exception>
    public float Score(ReadOnlySpan<float> features) => Score(FeatureRow.Dense(features));

    /// <inheritdoc cref="Score(ReadOnlySpan{float})"/>
    public float Score(FeatureRow features)
    {
        if (OutputCount != 1)
            throw new InvalidOperationException($"The network has {OutputCount} outputs: give a span for them.");
        float logit = 0;
        Score(features, new Span<float>(ref logit));
        return logit;
    }

    /// <summary>The outputs of a row.</summary>
    /// <param name="features">One row, <c>[features]</c>.</param>
    /// <param name="outputs">Receives the outputs, <c>[outputs]</c>.</param>
    /// <exception cref="ArgumentException">The row or the span has another length.</exception>
    public void Score(ReadOnlySpan<float> features, Span<float> outputs) => Score(FeatureRow.Dense(features), outputs);

    /// <inheritdoc cref="Score(ReadOnlySpan{float}, Span{float})"/>
    public void Score(FeatureRow features, Span<float> outputs)
    {
        if (features.Count != InputCount)
            throw new ArgumentException($"A row must have {InputCount} features, got {features.Count}.", nameof(features));
        if (outputs.Length != OutputCount)
            throw new ArgumentException($"The network has {OutputCount} outputs, got room for {outputs.Length}.", nameof(outputs));
        int encodedCount = _isWide ? 0 : _encoder?.OutputCount ?? 0, needed = encodedCount + _places * _widest;
        var rented = needed <= StackLimit ? null : ArrayPool<float>.Shared.Rent(needed);
        var working = rented is null ? stackalloc float[needed] : rented.AsSpan(0, needed);
        try
        {
            if (_isWide)
            {
                ForwardWide(features, outputs, working);
            }
            else if (_encoder is not null)
            {
                _encoder.Encode(features, working[..encodedCount]);
                Forward(working[..encodedCount], outputs, working[encodedCount..], 0);
            }
            else
            {
                Forward(features.Values, outputs, working, 0);
            }
        }
        finally
        {
            if (rented is not null)
                ArrayPool<float>.Shared.Return(rented);
        }
    }

    private void ForwardWide(FeatureRow features, Span<float> outputs, Span<float> working)
    {
        var first = _layers[0];
        var hidden = _layers.Length == 1 ? outputs : working[..first.Layer.Width];
        first.Bias.CopyTo(hidden);
        var sum = new WeightedSum(first.Weight);
        _encoder!.Encode(features, ref sum, hidden);
        if (_layers.Length == 1)
            return;
        Finish(0, hidden, working);
        Forward(hidden, outputs, working, 1);
    }

    private void Forward(ReadOnlySpan<float> features, Span<float> outputs, Span<float> working, int first)
    {
        var input = features;
        for (var index = first; index < _layers.Length - 1; index++)
        {
            var hidden = Place(index, working);
            Multiply(_layers[index], input, hidden);
            Finish(index, hidden, working);
            input = hidden;
        }

        Multiply(_layers[^1], input, outputs);
    }

    private Span<float> Place(int index, Span<float> working)
        => working.Slice(index % _places * _widest, _layers[index].Layer.Width);

    // What comes after the affine part of a hidden layer.
    private void Finish(int index, Span<float> z, Span<float> working)
    {
        var layer = _layers[index];
        if (layer.Gain.Length > 0)
            Normalize(layer, z);
        if (layer.Layer.EndsBlock)
            TensorPrimitives.Add(z, Place(index - 2, working), z);
        Activate(z);
    }

    private static float[] Transpose(ScoredLayer layer)
    {
        var (columnCount, rowCount) = (layer.Layer.InputCount, layer.Layer.Width);
        var columns = new float[layer.Weight.Length];
        for (var row = 0; row < rowCount; row++)
        {
            for (var column = 0; column < columnCount; column++)
                columns[(column * rowCount) + row] = layer.Weight[(row * columnCount) + column];
        }

        return columns;
    }

    private static void Multiply(ScoredLayer layer, ReadOnlySpan<float> input, Span<float> output)
    {
        for (var unit = 0; unit < output.Length; unit++)
            output[unit] = TensorPrimitives.Dot(layer.Weight.AsSpan(unit * input.Length, input.Length), input) + layer.Bias[unit];
    }

    private static void Normalize(ScoredLayer layer, Span<float> z)
    {
        TensorPrimitives.Subtract(z, TensorPrimitives.Sum<float>(z) / z.Length, z);
        var deviation = MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(z) / z.Length) + (float)LayeredArchitecture.Epsilon);
        TensorPrimitives.Divide(z, deviation, z);
        TensorPrimitives.MultiplyAdd(z, layer.Gain, layer.Shift, z);
    }

    private void Activate(Span<float> z)
    {
        switch (_activation)
        {
            case Activation.ReLU:
                TensorPrimitives.Max(z, 0f, z);
                break;
            case Activation.LeakyReLU:
                foreach (ref var value in z)
                    value = Math.Max(value, 0.01f * value);
                break;
            case Activation.Tanh:
                TensorPrimitives.Tanh(z, z);
                break;
            case Activation.Sigmoid:
                TensorPrimitives.Sigmoid(z, z);
                break;
            case Activation.SiLU:
                foreach (ref var value in z)
                    value /= 1 + MathF.Exp(-value);
                break;
            case Activation.GELU:
                foreach (ref var value in z)
                    value = (float)(value * NormalDistribution(value));
                break;
            default:
                throw new InvalidOperationException($"The activation {_activation} is unknown.");
        }
    }

    // P(Z <= z) to 1e-7 for a standard normal Z. Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 7.1.26.
    private static double NormalDistribution(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + (0.3275911 * x));
        var polynomial = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        var tail = polynomial * Math.Exp(-x * x) / 2;
        return z >= 0 ? 1 - tail : tail;
    }

    /// <summary>Adds the weights of inputs, each times its value.</summary>
    private readonly struct WeightedSum(float[] weights) : IEntrySink
    {
        public void Add(int input, float value, Span<float> target)
            => SparseFirstLayer.AddScaled(weights.AsSpan(input * target.Length, target.Length), value, target);

        public void AddRun(int start, int count, int firstBin, Span<float> target)
        {
            for (var input = start; input < start + count; input++)
                Add(input, 1, target);
        }
    }
}
