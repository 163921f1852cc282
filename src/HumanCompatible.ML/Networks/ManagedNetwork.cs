using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
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

    // What comes after the affine part of each.
    private readonly (Layer Layer, float[] Gain, float[] Shift)[] _rests;

    // Whether ReLU is taken where the values of a layer are listed for the next: nothing else asks for them.
    private readonly bool _listsRectified;

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
        var layers = ScoredLayer.Of(architecture, weights);
        _layers = [.. layers.Select((layer, index) => new ManagedLayer(layer.Weight, layer.Bias, index == 0 ? encoder.Lines : default))];
        _rests = Array.ConvertAll(layers, layer => (layer.Layer, layer.Gain, layer.Shift));
        _listsRectified = _activation == Activation.ReLU && !Array.Exists(layers, layer => layer.Layer.EndsBlock);
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
    public float Score(in FeatureRow features)
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
    public void Score(in FeatureRow features, Span<float> outputs)
    {
        if (features.Count != InputCount || outputs.Length != OutputCount)
            throw WrongLength(features.Count, outputs.Length);
        var space = Workspace.Own;
        var sums = space.Sums(3 * _widest);
        var most = _encoder.IsWide ? _encoder.MostEntries(features) : _encoder.OutputCount;
        var terms = space.Terms(Math.Max(most, _widest) + Nonzero.Lanes);
        Span<float> last = sums[.._widest], before = sums.Slice(_widest, _widest), next = sums[(2 * _widest)..];
        FirstLayer(space, terms, features, last);
        for (var index = 1; index < _layers.Length; index++)
        {
            // Where the next layer goes are still the values of the one before the one before.
            var values = last[.._rests[index - 1].Layer.Width];
            var rectify = _listsRectified && _layers[index].IsByColumn;
            Finish(index - 1, values, next, isRectifiedLater: rectify);
            HiddenLayer(_layers[index], terms, values, rectify, next);
            var free = before;
            before = last;
            last = next;
            next = free;
        }

        last[..outputs.Length].CopyTo(outputs);
    }

    private ArgumentException WrongLength(int features, int outputs) => features != InputCount
        ? new ArgumentException($"A row must have {InputCount} features, got {features}.", nameof(features))
        : new ArgumentException($"The network has {OutputCount} outputs, got room for {outputs}.", nameof(outputs));

    // What comes after the affine part of a hidden layer.
    private void Finish(int index, Span<float> z, ReadOnlySpan<float> skipped, bool isRectifiedLater)
    {
        var (layer, gain, shift) = _rests[index];
        if (gain.Length > 0)
            Normalize(z, gain, shift);
        if (layer.EndsBlock)
            TensorPrimitives.Add(z, skipped[..z.Length], z);
        if (!isRectifiedLater)
            ActivationFunction.Apply(_activation, z);
    }

    private static void Normalize(Span<float> z, float[] gain, float[] shift)
    {
        TensorPrimitives.Subtract(z, TensorPrimitives.Sum<float>(z) / z.Length, z);
        var deviation = MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(z) / z.Length) + (float)LayeredArchitecture.Epsilon);
        TensorPrimitives.Divide(z, deviation, z);
        TensorPrimitives.MultiplyAdd(z, gain, shift, z);
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // each part has the registers for itself
    private void FirstLayer(Workspace space, (int[] Columns, float[] Values) terms, in FeatureRow features, Span<float> z)
    {
        var layer = _layers[0];
        if (_encoder.IsWide)
        {
            var all = new TermWriter(terms.Columns, terms.Values, 0);
            _encoder.Encode(features, ref all);
            layer.Sum(terms.Columns.AsSpan(0, all.Count), terms.Values, z);
            return;
        }

        var values = features.IsDense ? features.Values : space.Dense(features);
        var writer = new TermWriter(terms.Columns, terms.Values, _encoder.WriteLines(values, terms.Columns, terms.Values));
        _encoder.EncodeOthers(values, ref writer);
        var count = writer.Count;
        if (layer.IsByColumn)
        {
            foreach (var (slot, start, length) in _encoder.PlainRuns)
                count += Nonzero.List(values.Slice(slot, length), start, terms.Columns.AsSpan(count), terms.Values.AsSpan(count));
            layer.Sum(terms.Columns.AsSpan(0, count), terms.Values, z);
            return;
        }

        layer.Sum(terms.Columns.AsSpan(0, count), terms.Values, z);
        foreach (var (slot, start, length) in _encoder.PlainRuns)
            layer.Add(start, values.Slice(slot, length), z);
    }

    private static void HiddenLayer(ManagedLayer layer, (int[] Columns, float[] Values) terms, ReadOnlySpan<float> values, bool rectify,
        Span<float> z)
    {
        var count = !layer.IsByColumn ? 0
            : rectify ? Nonzero.ListRectified(values, 0, terms.Columns, terms.Values)
            : Nonzero.List(values, 0, terms.Columns, terms.Values);
        layer.Sum(terms.Columns.AsSpan(0, count), terms.Values, z);
        if (!layer.IsByColumn)
            layer.Add(0, values, z);
    }
}
