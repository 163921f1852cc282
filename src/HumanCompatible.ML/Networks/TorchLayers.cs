using HumanCompatible.ML.Torch;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// The layers of a built-in network. Weights and biases start uniform in (-1/sqrt(fan in), 1/sqrt(fan in)), torch's own rule for linear
/// layers, drawn from a generator of this object; so are the dropout masks. Normalizations start as they are: gain 1, shift 0.
/// </summary>
internal sealed class TorchLayers : ITorchNetwork
{
    // What a batch adds to the running statistics, torch's default.
    private const double Momentum = 0.1;

    private readonly LayeredArchitecture _architecture;
    private readonly TorchLayer[] _layers;
    private readonly torch.Generator? _dropoutGenerator;
    private readonly SparseFirstLayer? _sparse;
    private readonly LazyFirstLayer? _lazy;
    private bool _training = true;

    /// <param name="architecture">The layers.</param>
    /// <param name="seed">Determines the initial weights and the dropout masks.</param>
    /// <param name="device">Where the weights live.</param>
    /// <param name="isLazy">Whether the gradient of the first weights is that of the inputs which the rows of a batch have, see
    /// <see cref="LazyFirstLayer"/>; on the processor, and for sparse rows.</param>
    public TorchLayers(LayeredArchitecture architecture, long seed, torch.Device device, bool isLazy)
    {
        _architecture = architecture;
        _layers = new TorchLayer[architecture.LayerCount];
        try
        {
            using torch.Generator generator = new((ulong)seed);
            for (var index = 0; index < _layers.Length; index++)
                _layers[index] = new TorchLayer(architecture.Layers[index], generator, device, isTransposed: isLazy && index == 0);
            if (isLazy)
                _lazy = new LazyFirstLayer(_layers[0].Weight, _layers[0].Bias);
            else if (TakesSparse(device))
                _sparse = new SparseFirstLayer(_layers[0].Weight, _layers[0].Bias);

            // Weights and masks come from generators on the processor: they are the same on every device, and TorchSharp has no other.
            if (architecture.Dropout > 0)
                _dropoutGenerator = new torch.Generator(unchecked((ulong)seed + 0x9E3779B97F4A7C15UL));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<Parameter> Parameters => [.. _layers.SelectMany(layer => layer.Parameters)];

    public IReadOnlyList<(string Name, torch.Tensor Tensor)> State =>
        [.. _architecture.Arrays().Zip(_layers.SelectMany(layer => layer.State), (array, tensor) => (array.Name, tensor))];

    public IReadOnlyList<torch.Tensor> Statistics => [.. _layers.SelectMany(layer => layer.Statistics)];

    public LazyFirstLayer? Lazy => _lazy;

    /// <summary>Whether inputs may come sparse on a device.</summary>
    public static bool TakesSparse(torch.Device device) => device.type == DeviceType.CPU;

    public void Reseed(long seed) => _dropoutGenerator?.manual_seed(seed);

    public void SetTraining(bool training) => _training = training;

    public torch.Tensor Forward(in NetworkInputs inputs) => Forward(inputs, drops: _training, momentum: _training ? Momentum : null);

    // Without dropout, as in scoring.
    public void UpdateStatistics(in NetworkInputs inputs, double share) => Forward(inputs, drops: false, momentum: share).Dispose();

    public void Dispose()
    {
        // The constructor may have failed half way: what it did not reach is null.
        foreach (var layer in _layers)
            layer?.Dispose();
        _lazy?.Dispose();
        _dropoutGenerator?.Dispose();
    }

    // The momentum is that of statistics which are taken of this batch; null where it is normalized by those of earlier ones.
    private torch.Tensor Forward(in NetworkInputs inputs, bool drops, double? momentum)
    {
        torch.Tensor? blockStart = null, before = null;
        for (var index = 0; index < _layers.Length; index++)
        {
            var layer = _layers[index];
            var z = before is null ? First(inputs) : layer.Multiply(before);
            z = Replace(z, layer.Normalize(z, momentum));
            if (layer.Layer.EndsBlock)
                z = Replace(z, z.add(blockStart!, Scalars.One));
            if (layer.Layer.Activates)
                z = Replace(z, Activate(z));
            if (layer.Layer.Drops && drops && _dropoutGenerator is not null)
                z = Replace(z, Drop(z, _dropoutGenerator));
            blockStart?.Dispose();
            (blockStart, before) = (before, z);
        }

        blockStart?.Dispose();
        return _architecture.OutputCount == 1 ? Replace(before!, before!.squeeze(1)) : before!;
    }

    private torch.Tensor First(in NetworkInputs inputs) => inputs.Dense is { } dense ? _layers[0].Multiply(dense)
        : _lazy?.Forward(inputs.Sparse!) ?? _sparse!.Forward(inputs.Sparse!);

    private static torch.Tensor Replace(torch.Tensor before, torch.Tensor after)
    {
        if (!ReferenceEquals(before, after))
            before.Dispose();
        return after;
    }

    private torch.Tensor Activate(torch.Tensor z)
    {
        switch (_architecture.Activation)
        {
            case Activation.ReLU:
                return z.relu();
            case Activation.LeakyReLU:
                using (var leak = z.mul(Scalars.Of(0.01f)))
                    return torch.maximum(z, leak);
            case Activation.Tanh:
                return z.tanh();
            case Activation.Sigmoid:
                return z.sigmoid();
            case Activation.GELU:
                return torch.nn.functional.gelu(z);
            case Activation.SiLU:
                using (var gate = z.sigmoid())
                    return z.mul(gate);
            default:
                throw new InvalidOperationException($"The activation {_architecture.Activation} is unknown.");
        }
    }

    private torch.Tensor Drop(torch.Tensor hidden, torch.Generator generator)
    {
        var keep = 1 - _architecture.Dropout;
        using var uniform = torch.rand(hidden.shape, dtype: torch.ScalarType.Float32, device: torch.CPU, generator: generator);
        using var kept = uniform.lt(Scalars.Of(keep));
        using var mask = kept.to(hidden.device);
        return hidden.mul(mask).div_(Scalars.Of(keep));
    }
}
