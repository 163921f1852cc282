using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Scoring;

/// <summary>Scores the user's own network by TorchSharp, in batches, on a device. Threads take turns.</summary>
internal sealed class TorchRowScorer : IRowScorer, IDisposable
{
    private readonly FeatureEncoder _encoder;
    private readonly TrainableNetwork _network;
    private readonly torch.Device _device;
    private readonly Lock _lock = new();
    private bool _disposed;

    internal TorchRowScorer(ConstrainedBinaryModelParameters model, string device)
    {
        _encoder = model.Encoder;
        _device = TorchDevice.Resolve(device);
        _network = new TrainableNetwork(model.Network, model.Encoder.OutputCount, 1, 0, _device);
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
    }

    public int FeatureCount => _encoder.InputCount;

    public int BatchSize => 1024;

    public void Score(ReadOnlySpan<float> rows, Span<float> logits)
    {
        var inputs = new float[logits.Length * _encoder.OutputCount];
        for (var index = 0; index < logits.Length; index++)
            Encode(rows.Slice(index * FeatureCount, FeatureCount), inputs.AsSpan(index * _encoder.OutputCount, _encoder.OutputCount));

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(ConstrainedBinaryClassificationTransformer));
            using var scope = torch.NewDisposeScope();
            using var noGradient = torch.no_grad();

            // Torch shares the memory of the array, whose alignment varies and with it the last bits of a product; a copy lies as torch
            // aligns it.
            var batch = torch.tensor(inputs, [logits.Length, _encoder.OutputCount], device: torch.CPU).clone().to(_device);
            var output = _network.Forward(batch);
            output.cpu().contiguous().data<float>().ToArray().CopyTo(logits);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _network.Dispose();
        }
    }

    // A row with a value that is not finite goes through the network as NaN and comes out as NaN.
    private void Encode(ReadOnlySpan<float> row, Span<float> encoded)
    {
        foreach (var value in row)
        {
            if (!float.IsFinite(value))
            {
                encoded.Fill(float.NaN);
                return;
            }
        }

        _encoder.Encode(row, encoded);
    }
}
