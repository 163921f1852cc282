using HumanCompatible.ML.Features;
using HumanCompatible.ML.Torch;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// The layers of a built-in network: one <c>linear</c> and one activation a layer. Weights and biases start uniform in
/// (-1/sqrt(fan in), 1/sqrt(fan in)), torch's own rule for linear layers, drawn from a generator of this object; so are the dropout masks.
/// </summary>
internal sealed class LayeredBody : ITorchNetwork
{
    private readonly LayeredArchitecture _architecture;
    private readonly Parameter[] _parameters;
    private readonly torch.Generator? _dropoutGenerator;
    private readonly SparseFirstLayer? _sparse;
    private bool _training = true;

    public LayeredBody(LayeredArchitecture architecture, long seed, torch.Device device)
    {
        _architecture = architecture;
        using torch.Generator generator = new((ulong)seed);
        _parameters = new Parameter[2 * architecture.LayerCount];
        for (var layer = 0; layer < architecture.LayerCount; layer++)
        {
            int fanIn = architecture.Widths[layer], width = architecture.Widths[layer + 1];
            var bound = 1 / Math.Sqrt(fanIn);
            _parameters[2 * layer] = Draw([width, fanIn], bound, generator, device);
            _parameters[2 * layer + 1] = Draw([width], bound, generator, device);
        }

        _sparse = device.type == DeviceType.CPU ? new SparseFirstLayer(_parameters[0], _parameters[1]) : null;

        // The weights come from a generator on the processor, so that they are the same on every device; the masks from one on the device.
        if (architecture.Dropout > 0)
            _dropoutGenerator = new torch.Generator(unchecked((ulong)seed + 0x9E3779B97F4A7C15UL), device);
    }

    public IReadOnlyList<Parameter> Parameters => _parameters;

    public IReadOnlyList<(string Name, torch.Tensor Tensor)> State =>
        [.. _architecture.Arrays().Zip(_parameters, (array, parameter) => (array.Name, (torch.Tensor)parameter))];

    public void Reseed(long seed) => _dropoutGenerator?.manual_seed(seed);

    public void SetTraining(bool training) => _training = training;

    public bool TakesSparseRows => _sparse is not null;

    public torch.Tensor Forward(torch.Tensor features)
    {
        var first = Linear(features, 0);
        return AfterFirst(first, disposesFirst: true);
    }

    // The gradient of the first layer's output is read after the backward pass, so that tensor must live until then.
    public torch.Tensor Forward(SparseRows rows, long[] rowNumbers)
        => AfterFirst(_sparse!.Forward(rows, rowNumbers), disposesFirst: !torch.is_grad_enabled());

    public void FinishBackward() => _sparse?.FinishBackward();

    private torch.Tensor AfterFirst(torch.Tensor first, bool disposesFirst)
    {
        var last = _architecture.LayerCount - 1;
        var hidden = first;
        for (var layer = 0; layer < last; layer++)
        {
            var active = Activate(hidden);
            if (layer > 0 || disposesFirst)
                hidden.Dispose();
            if (_training && _dropoutGenerator is not null)
                active = Replace(active, Drop(active, _dropoutGenerator));
            hidden = Replace(active, Linear(active, layer + 1));
        }

        if (_architecture.Widths[^1] != 1)
            return hidden;
        var flat = hidden.squeeze(1);
        if (last > 0 || disposesFirst)
            hidden.Dispose();
        return flat;
    }

    private torch.Tensor Linear(torch.Tensor inputs, int layer)
        => torch.nn.functional.linear(inputs, _parameters[2 * layer], _parameters[2 * layer + 1]);

    public void Dispose()
    {
        foreach (var parameter in _parameters)
            parameter.Dispose();
        _dropoutGenerator?.Dispose();
    }

    private static Parameter Draw(long[] shape, double bound, torch.Generator generator, torch.Device device)
    {
        using var uniform = torch.rand(shape, dtype: torch.ScalarType.Float32, device: torch.CPU, generator: generator);
        uniform.mul_(Scalars.Of(2 * bound)).sub_(Scalars.Of(bound));
        Parameter parameter = new(uniform.to(device, copy: true));
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
