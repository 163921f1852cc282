using System.Numerics.Tensors;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Scoring;

/// <summary>
/// Scores the user's own network by TorchSharp, a row at a time, on a device. Threads take turns. Disposed, it holds no native memory; the
/// next row builds the network anew from the weights. ML.NET disposes a model with the first of its prediction engines, though others use
/// it.
/// </summary>
internal sealed class TorchRowScorer : IRowScorer, IDisposable
{
    private readonly TrainedModel _model;
    private readonly torch.Device _device;
    private readonly Lock _lock = new();
    private TrainableNetwork? _network;
    private torch.Tensor? _inputs;

    /// <exception cref="ArgumentException">The weights do not fit the network.</exception>
    /// <exception cref="InvalidOperationException">torch does not load, or there is no such device.</exception>
    internal TorchRowScorer(TrainedModel model, string device)
    {
        _model = model;
        _device = TorchDevice.Resolve(device);
        Build();
    }

    public void Score(in FeatureRow row, Span<float> outputs)
    {
        if (!TensorPrimitives.IsFiniteAll(row.Values) && !_model.Encoder.CanEncode(row))
        {
            outputs.Fill(float.NaN);
            return;
        }

        lock (_lock)
        {
            if (_network is null)
                Build();
            using var scope = torch.NewDisposeScope();
            using var inference = torch.inference_mode();
            _model.Encoder.Encode(row, HostMemory.Of(_inputs!));
            _network!.Forward(_inputs!.to(_device)).cpu().contiguous().data<float>().CopyTo(outputs);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _network?.Dispose();
            _inputs?.Dispose();
            (_network, _inputs) = (null, null);
        }
    }

    private void Build()
    {
        var network = new TrainableNetwork(_model.Network, _model.Encoder.OutputCount, _model.Task.OutputCount, 0, _device);
        try
        {
            network.Load(_model.Weights);
            network.Eval();
        }
        catch
        {
            network.Dispose();
            throw;
        }

        _network = network;
        _inputs = torch.empty([1, _model.Encoder.OutputCount], torch.float32, torch.CPU).DetachFromDisposeScope();
    }
}
