using System.Numerics.Tensors;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Scoring;

/// <summary>Scores the user's own network by TorchSharp, a row at a time, on a device. Threads take turns.</summary>
internal sealed class TorchRowScorer : IRowScorer, IDisposable
{
    private readonly FeatureEncoder _encoder;
    private readonly TrainableNetwork _network;
    private readonly torch.Device _device;
    private readonly torch.Tensor _inputs;
    private readonly Lock _lock = new();
    private bool _disposed;

    internal TorchRowScorer(TrainedModel model, string device)
    {
        _encoder = model.Encoder;
        _device = TorchDevice.Resolve(device);
        _network = new TrainableNetwork(model.Network, model.Encoder.OutputCount, model.Task.OutputCount, 0, _device);
        try
        {
            _network.Load(model.Weights);
            _network.Eval();
        }
        catch
        {
            _network.Dispose();
            throw;
        }

        _inputs = torch.empty([1, _encoder.OutputCount], torch.float32, torch.CPU).DetachFromDisposeScope();
    }

    public void Score(ReadOnlySpan<float> row, Span<float> outputs)
    {
        if (!TensorPrimitives.IsFiniteAll(row))
        {
            outputs.Fill(float.NaN);
            return;
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(ConstrainedModelParameters));
            using var scope = torch.NewDisposeScope();
            using var inference = torch.inference_mode();
            _encoder.Encode(row, HostMemory.Of(_inputs));
            _network.Forward(_inputs.to(_device)).cpu().contiguous().data<float>().CopyTo(outputs);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _network.Dispose();
            _inputs.Dispose();
        }
    }
}
