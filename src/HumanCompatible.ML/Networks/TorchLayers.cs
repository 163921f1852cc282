using HumanCompatible.ML.Torch;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// The layers of a built-in network: one <c>linear</c> and one activation a layer. Weights and biases start uniform in
/// (-1/sqrt(fan in), 1/sqrt(fan in)), torch's own rule for linear layers, drawn from a generator of this object; so are the dropout masks.
/// </summary>
internal sealed class TorchLayers : ITorchNetwork
{
    private readonly LayeredArchitecture _architecture;
    private readonly Parameter[] _parameters;
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
        _parameters = new Parameter[2 * architecture.LayerCount];
        try
        {
            using torch.Generator generator = new((ulong)seed);
            for (var layer = 0; layer < architecture.LayerCount; layer++)
            {
                int fanIn = architecture.Widths[layer], width = architecture.Widths[layer + 1];
                var bound = 1 / Math.Sqrt(fanIn);
                _parameters[2 * layer] = Draw([width, fanIn], bound, generator, device, isTransposed: isLazy && layer == 0);
                _parameters[2 * layer + 1] = Draw([width], bound, generator, device);
            }

            if (isLazy)
                _lazy = new LazyFirstLayer(_parameters[0], _parameters[1]);
            else if (TakesSparse(device))
                _sparse = new SparseFirstLayer(_parameters[0], _parameters[1]);

            // The weights come from a generator on the processor, so that they are the same on every device; the masks from one on the
            // device.
            if (architecture.Dropout > 0)
                _dropoutGenerator = new torch.Generator(unchecked((ulong)seed + 0x9E3779B97F4A7C15UL), device);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<Parameter> Parameters => _parameters;

    public IReadOnlyList<(string Name, torch.Tensor Tensor)> State =>
        [.. _architecture.Arrays().Zip(_parameters, (array, parameter) => (array.Name, (torch.Tensor)parameter))];

    public LazyFirstLayer? Lazy => _lazy;

    /// <summary>Whether inputs may come sparse on a device.</summary>
    public static bool TakesSparse(torch.Device device) => device.type == DeviceType.CPU;

    public void Reseed(long seed) => _dropoutGenerator?.manual_seed(seed);

    public void SetTraining(bool training) => _training = training;

    public torch.Tensor Forward(in NetworkInputs inputs)
    {
        var hidden = inputs.Dense is { } dense ? Linear(dense, 0)
            : _lazy?.Forward(inputs.Sparse!) ?? _sparse!.Forward(inputs.Sparse!);
        for (var layer = 1; layer < _architecture.LayerCount; layer++)
        {
            hidden = Replace(hidden, Activate(hidden));
            if (_training && _dropoutGenerator is not null)
                hidden = Replace(hidden, Drop(hidden, _dropoutGenerator));
            hidden = Replace(hidden, Linear(hidden, layer));
        }

        return _architecture.Widths[^1] == 1 ? Replace(hidden, hidden.squeeze(1)) : hidden;
    }

    public void Dispose()
    {
        // The constructor may have failed half way: what it did not reach is null.
        foreach (var parameter in _parameters)
            parameter?.Dispose();
        _lazy?.Dispose();
        _dropoutGenerator?.Dispose();
    }

    private torch.Tensor Linear(torch.Tensor inputs, int layer)
        => torch.nn.functional.linear(inputs, _parameters[2 * layer], _parameters[2 * layer + 1]);

    // Transposed, the numbers lie in memory column after column.
    private static Parameter Draw(long[] shape, double bound, torch.Generator generator, torch.Device device, bool isTransposed = false)
    {
        using var uniform = torch.rand(shape, dtype: torch.ScalarType.Float32, device: torch.CPU, generator: generator);
        uniform.mul_(Scalars.Of(2 * bound)).sub_(Scalars.Of(bound));
        using var columns = isTransposed ? uniform.t().contiguous() : null;
        Parameter parameter = new(columns?.t() ?? uniform.to(device, copy: true));
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    private static torch.Tensor Replace(torch.Tensor before, torch.Tensor after)
    {
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
        using var uniform = torch.rand(hidden.shape, dtype: torch.ScalarType.Float32, device: hidden.device, generator: generator);
        using var kept = uniform.lt(Scalars.Of(keep));
        return hidden.mul(kept).div_(Scalars.Of(keep));
    }
}
