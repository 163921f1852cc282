using System.Collections.Immutable;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// A network on a device, ready for an optimizer. All its randomness (initial weights, dropout) comes from the seed: torch's process-wide
/// random state is the same after as before. It owns its tensors, whatever dispose scope it is made in. Not safe for several threads at
/// once.
/// </summary>
internal sealed class TrainableNetwork : IDisposable
{
    /// <summary>Integers above this have no exact float32 form.</summary>
    private const long LargestExactInteger = 1 << 24;

    /// <summary>So many rows are looked at together and alone.</summary>
    internal const int CheckedRows = 8;

    // Outputs that differ by more are not the same.
    private const double RowTolerance = 1e-3;

    private readonly ITorchNetwork _network;

    /// <summary>Builds the network of a definition with fresh weights, in training mode.</summary>
    /// <param name="definition">A valid definition.</param>
    /// <param name="inputCount">The number of features, at least 1.</param>
    /// <param name="outputCount">The number of outputs, at least 1; 1 gives logits of shape <c>[batch]</c>.</param>
    /// <param name="seed">Determines the initial weights and the dropout masks.</param>
    /// <param name="device">Where the weights live.</param>
    /// <param name="isLazy">Whether the first layer of a built-in network is a <see cref="LazyFirstLayer"/>.</param>
    /// <exception cref="ArgumentException">The definition has problems; the message lists all.</exception>
    /// <exception cref="InvalidOperationException">The user's module is not registered or cannot be trained, or the network is too large
    /// for this machine.</exception>
    public TrainableNetwork(NetworkDefinition definition, int inputCount, int outputCount, long seed, torch.Device device,
        bool isLazy = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputCount, 1);
        if (definition is not ModuleNetwork)
        {
            List<string> problems = [];
            definition.Validate(problems);
            if (problems.Count > 0)
                throw new ArgumentException(string.Join(" ", problems), nameof(definition));
        }

        Definition = definition;
        InputCount = inputCount;
        OutputCount = outputCount;
        _network = definition is ModuleNetwork module
            ? new TorchModule(module.Name, inputCount, outputCount, seed, device)
            : new TorchLayers(Layers(definition, inputCount, outputCount), seed, device, isLazy);
        Parameters = _network.Parameters;
        ParameterCount = Parameters.Sum(parameter => parameter.numel());
    }

    /// <summary>What was built.</summary>
    public NetworkDefinition Definition { get; }

    /// <summary>The number of features.</summary>
    public int InputCount { get; }

    /// <summary>The number of outputs.</summary>
    public int OutputCount { get; }

    /// <summary>The tensors for the optimizer, in order. They stay this network's own.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>How many numbers they are.</summary>
    public long ParameterCount { get; }

    /// <summary>The first layer where its weights, the first parameter, have their gradient apart; else null.</summary>
    public LazyFirstLayer? Lazy => _network.Lazy;

    /// <summary>Whether it keeps statistics of its batches, such as the running means of batch normalization.</summary>
    public bool HasStatistics => _network.Statistics.Count > 0;

    /// <summary>Whether the network of a definition takes sparse rows on a device.</summary>
    public static bool TakesSparseRows(NetworkDefinition definition, torch.Device device)
        => definition is not ModuleNetwork && TorchLayers.TakesSparse(device);

    /// <summary>The outputs of a batch, a new tensor that the caller's dispose scope or the caller frees.</summary>
    /// <param name="features">Features, <c>[batch, features]</c>, float32, on the network's device.</param>
    /// <returns>Logits, <c>[batch]</c>, for one output; else <c>[batch, outputs]</c>.</returns>
    /// <exception cref="ArgumentException">The features have another shape.</exception>
    public torch.Tensor Forward(torch.Tensor features) => Forward(NetworkInputs.Of(features));

    /// <inheritdoc cref="Forward(torch.Tensor)"/>
    /// <param name="inputs">A tensor of features, or sparse rows where <see cref="TakesSparseRows"/> says so.</param>
    public torch.Tensor Forward(in NetworkInputs inputs)
    {
        var count = inputs.Dense is { } dense ? dense.shape is [_, var width] ? width : -1 : inputs.Sparse!.InputCount;
        return count == InputCount ? _network.Forward(inputs) : throw new ArgumentException(
            $"The features must have shape [batch, {InputCount}], got "
            + $"{(inputs.Dense is { } given ? NetworkArray.FormatShape(given.shape) : $"sparse rows of {count}")}.", nameof(inputs));
    }

    /// <summary>Sets the seed of the dropout masks drawn from now on; the weights stay.</summary>
    public void Reseed(long seed) => _network.Reseed(seed);

    /// <summary>Training mode: dropout acts.</summary>
    public void Train() => _network.SetTraining(true);

    /// <summary>Evaluation mode: dropout does nothing.</summary>
    public void Eval() => _network.SetTraining(false);

    /// <summary>
    /// Looks whether a row has the same outputs whatever rows are beside it, and each time: else they are no predictions that anything
    /// could be said of. The built-in networks are known to. Call it in evaluation mode.
    /// </summary>
    /// <param name="inputs">The inputs of some rows, by their numbers.</param>
    /// <param name="numbers">The numbers of rows, of which <see cref="CheckedRows"/> are taken.</param>
    /// <exception cref="InvalidOperationException">It has not.</exception>
    internal void CheckRows(Func<long[], NetworkInputs> inputs, long[] numbers)
    {
        if (Definition is not ModuleNetwork module || numbers.Length == 0)
            return;
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        long[] rows = [.. Enumerable.Range(0, CheckedRows)
            .Select(index => numbers[index * (numbers.Length - 1) / (CheckedRows - 1)]).Distinct()];
        float[] Outputs(params long[] some) => Forward(inputs(some)).cpu().contiguous().data<float>().ToArray();
        var together = Outputs(rows);
        for (var index = 0; index < rows.Length; index++)
        {
            var beside = together.AsSpan(index * OutputCount, OutputCount);
            var alone = Outputs(rows[index]);
            for (var output = 0; output < OutputCount; output++)
            {
                if (Math.Abs(alone[output] - beside[output]) > RowTolerance * (1 + Math.Abs(alone[output])))
                {
                    throw new InvalidOperationException(FormattableString.Invariant($"The network '{module.Name}' must give a row the ")
                        + "same outputs in evaluation mode whatever rows are beside it, and each time; row "
                        + FormattableString.Invariant($"{rows[index]} had {alone[output]} alone and {beside[output]} beside others."));
                }
            }
        }
    }

    /// <summary>Replaces the statistics by those of batches under the present weights, until the result is disposed.</summary>
    /// <param name="batches">Batches of two rows or more.</param>
    /// <returns>Puts the present statistics back.</returns>
    public IDisposable ReplaceStatistics(IEnumerable<NetworkInputs> batches)
    {
        using var noGradient = torch.no_grad();
        var before = new KeptStatistics(_network);
        try
        {
            long rows = 0;
            foreach (var batch in batches)
            {
                rows += batch.RowCount;
                _network.UpdateStatistics(batch, (double)batch.RowCount / rows);
            }

            _network.SetTraining(false);
            return before;
        }
        catch
        {
            before.Dispose();
            throw;
        }
    }

    /// <summary>A copy of all weights (and a user module's persistent buffers) in managed memory.</summary>
    /// <exception cref="InvalidOperationException">An integer buffer of the user's module is too large for float32.</exception>
    public NetworkWeights Snapshot() => new(_network.State.Select(item => Copy(item.Name, item.Tensor)));

    /// <summary>Sets all weights.</summary>
    /// <param name="weights">Arrays with this network's names and shapes.</param>
    /// <exception cref="ArgumentException">Names or shapes differ; nothing has been changed.</exception>
    public void Load(NetworkWeights weights)
    {
        var state = _network.State;
        var arrays = weights.Match([.. state.Select(item => (item.Name, item.Tensor.shape))]);
        using var noGrad = torch.no_grad();
        for (var i = 0; i < arrays.Length; i++)
        {
            using var source = torch.tensor(arrays[i].Values.ToArray(), arrays[i].Shape.ToArray(), dtype: torch.ScalarType.Float32,
                device: torch.CPU);
            state[i].Tensor.copy_(source);
        }
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => _network.Dispose();

    private static LayeredArchitecture Layers(NetworkDefinition definition, int inputCount, int outputCount)
    {
        var layers = LayeredArchitecture.Of(definition, inputCount, outputCount);
        NetworkMemory.Check(layers);
        return layers;
    }

    private sealed class KeptStatistics(ITorchNetwork network) : IDisposable
    {
        private readonly torch.Tensor[] _copies = [.. network.Statistics.Select(tensor => tensor.clone().DetachFromDisposeScope())];

        public void Dispose()
        {
            using var noGradient = torch.no_grad();

            // Asked for again: a module may have put another tensor in the place of a buffer.
            foreach (var (tensor, copy) in network.Statistics.Zip(_copies))
            {
                tensor.copy_(copy);
                copy.Dispose();
            }
        }
    }

    private static NetworkArray Copy(string name, torch.Tensor tensor)
    {
        ImmutableArray<long> shape = [.. tensor.shape];
        using var detached = tensor.detach();
        using var floats = detached.to(torch.ScalarType.Float32, torch.CPU);
        using var dense = floats.contiguous();
        var values = dense.data<float>().ToArray();
        if (tensor.dtype != torch.ScalarType.Float32 && values.Any(value => Math.Abs(value) >= LargestExactInteger))
        {
            throw new InvalidOperationException(
                $"The buffer '{name}' holds an integer of {LargestExactInteger} or more, which a snapshot cannot keep exactly.");
        }

        return new NetworkArray(name, shape, values);
    }
}
