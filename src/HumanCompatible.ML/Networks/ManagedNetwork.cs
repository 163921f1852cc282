using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// The forward pass of a built-in network without torch. Agrees with torch to 1e-5, allocates nothing per row after a thread's first, and
/// may be used by several threads at once. A row has the same score, bit for bit, whoever asks and however its features are given.
/// </summary>
internal sealed class ManagedNetwork
{
    private readonly FeatureEncoder _encoder;
    private readonly Activation _activation;
    private readonly ManagedLayer[] _layers;
    private readonly int _widest;

    /// <summary>Takes the weights of a network whose inputs are the features themselves.</summary>
    /// <param name="definition">A built-in network.</param>
    /// <param name="inputCount">The number of features.</param>
    /// <param name="outputCount">The number of outputs.</param>
    /// <param name="weights">Its weights; copied.</param>
    /// <exception cref="ArgumentException">The definition is the user's own module, or names or shapes differ.</exception>
    public ManagedNetwork(NetworkDefinition definition, int inputCount, int outputCount, NetworkWeights weights)
        : this(definition, FeatureEncoder.Identity(inputCount), outputCount, weights)
    {
    }

    /// <summary>Takes the weights of a network whose inputs are encoded features.</summary>
    /// <param name="definition">A built-in network.</param>
    /// <param name="encoder">Encodes each row before the first layer.</param>
    /// <param name="outputCount">The number of outputs.</param>
    /// <param name="weights">Its weights; copied.</param>
    /// <exception cref="ArgumentException">The definition is the user's own module, or names or shapes differ.</exception>
    public ManagedNetwork(NetworkDefinition definition, FeatureEncoder encoder, int outputCount, NetworkWeights weights)
    {
        _encoder = encoder;
        var architecture = LayeredArchitecture.Of(definition, encoder.OutputCount, outputCount);
        _activation = architecture.Activation;
        var arrays = weights.Match(architecture.Arrays());
        _layers = new ManagedLayer[architecture.LayerCount];
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            _layers[layer] = new ManagedLayer(arrays[2 * layer].Values.Span, arrays[(2 * layer) + 1].Values.Span,
                layer == 0 ? encoder.Bins : []);
        }

        _widest = _layers.Max(layer => layer.SumCount);
    }

    /// <summary>Whether a definition can be scored without torch: all but the user's own module.</summary>
    public static bool CanScore(NetworkDefinition definition) => definition is not ModuleNetwork;

    /// <summary>The number of features of a row, before any encoding.</summary>
    public int InputCount => _encoder.InputCount;

    /// <summary>The number of outputs.</summary>
    public int OutputCount => _layers[^1].UnitCount;

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

        // Layers read one half and write the other.
        var space = Workspace.Own;
        var sums = space.Sums(2 * _widest);
        var z = sums[.._layers[0].SumCount];
        FirstLayer(space, features, z);
        for (var index = 1; index < _layers.Length; index++)
        {
            ActivationFunction.Apply(_activation, z);
            var layer = _layers[index];
            var inputs = z[.._layers[index - 1].UnitCount];
            var next = sums.Slice(index % 2 * _widest, layer.SumCount);
            layer.Start(next);
            layer.Add(0, inputs, next);
            z = next;
        }

        z[..OutputCount].CopyTo(outputs);
    }

    private void FirstLayer(Workspace space, FeatureRow features, Span<float> z)
    {
        var layer = _layers[0];
        var (columns, entries) = space.Entries(_encoder.MostEntries(features));
        var writer = new EntryWriter(columns, entries, _encoder.OutputCount);
        layer.Start(z);
        if (_encoder.IsWide)
        {
            _encoder.Encode(features, ref writer);
            layer.Add(columns.AsSpan(0, writer.Count), entries, z);
            return;
        }

        var values = features.IsDense ? features.Values : space.Dense(features);
        _encoder.EncodeOthers(values, ref writer);
        layer.Add(columns.AsSpan(0, writer.Count), entries, z);
        foreach (var (slot, start, count) in _encoder.PlainRuns)
            layer.Add(start, values.Slice(slot, count), z);
    }
}
