using HumanCompatible.ML.Torch;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Networks;

/// <summary>The affine part and the normalization of a layer as tensors.</summary>
internal sealed class TorchLayer : IDisposable
{
    // In the order of LayeredArchitecture.Arrays: weight, bias, gain, shift, mean, variance.
    private readonly List<torch.Tensor> _state = [];

    /// <param name="layer">The layer.</param>
    /// <param name="generator">Draws the initial weights.</param>
    /// <param name="device">Where they live.</param>
    /// <param name="isTransposed">Whether the weights lie in memory column after column.</param>
    public TorchLayer(Layer layer, torch.Generator generator, torch.Device device, bool isTransposed)
    {
        Layer = layer;
        try
        {
            var bound = 1 / Math.Sqrt(layer.InputCount);
            _state.Add(Draw([layer.Width, layer.InputCount], bound, generator, device, isTransposed));
            _state.Add(Draw([layer.Width], bound, generator, device));
            if (layer.Normalization != Normalization.None)
            {
                _state.Add(Keep(new Parameter(torch.ones(layer.Width, torch.ScalarType.Float32, device))));
                _state.Add(Keep(new Parameter(torch.zeros(layer.Width, torch.ScalarType.Float32, device))));
            }

            if (layer.Normalization == Normalization.Batch)
            {
                _state.Add(Keep(torch.zeros(layer.Width, torch.ScalarType.Float32, device)));
                _state.Add(Keep(torch.ones(layer.Width, torch.ScalarType.Float32, device)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the layer does.</summary>
    public Layer Layer { get; }

    /// <summary>W, [width, width before].</summary>
    public Parameter Weight => (Parameter)_state[0];

    /// <summary>b, [width].</summary>
    public Parameter Bias => (Parameter)_state[1];

    /// <summary>What an optimizer changes.</summary>
    public IEnumerable<Parameter> Parameters => _state.OfType<Parameter>();

    /// <summary>The running mean and variance of batch normalization; else nothing.</summary>
    public IEnumerable<torch.Tensor> Statistics => _state.Where(tensor => tensor is not Parameter);

    /// <summary>Both, in the order of <see cref="LayeredArchitecture.Arrays"/>.</summary>
    public IReadOnlyList<torch.Tensor> State => _state;

    /// <summary>W h + b.</summary>
    public torch.Tensor Multiply(torch.Tensor values) => torch.nn.functional.linear(values, Weight, Bias);

    /// <summary>The normalization of z; z itself where there is none.</summary>
    /// <param name="z">[rows, width].</param>
    /// <param name="momentum">How much this batch counts in the running statistics, which it is then not normalized by; or null.</param>
    public torch.Tensor Normalize(torch.Tensor z, double? momentum) => Layer.Normalization switch
    {
        // A variance needs two rows.
        Normalization.Batch => torch.nn.functional.batch_norm(z, _state[4], _state[5], _state[2], _state[3],
            training: momentum is not null && z.shape[0] > 1, momentum ?? 0, LayeredArchitecture.Epsilon),
        Normalization.Layer => torch.nn.functional.layer_norm(z, [Layer.Width], _state[2], _state[3], LayeredArchitecture.Epsilon),
        _ => z,
    };

    public void Dispose()
    {
        foreach (var tensor in _state)
            tensor.Dispose();
    }

    private static Parameter Draw(long[] shape, double bound, torch.Generator generator, torch.Device device, bool isTransposed = false)
    {
        using var uniform = torch.rand(shape, dtype: torch.ScalarType.Float32, device: torch.CPU, generator: generator);
        uniform.mul_(Scalars.Of(2 * bound)).sub_(Scalars.Of(bound));
        using var columns = isTransposed ? uniform.t().contiguous() : null;
        return Keep(new Parameter(columns?.t() ?? uniform.to(device, copy: true)));
    }

    private static TTensor Keep<TTensor>(TTensor tensor)
        where TTensor : torch.Tensor
    {
        tensor.DetachFromDisposeScope();
        return tensor;
    }
}
