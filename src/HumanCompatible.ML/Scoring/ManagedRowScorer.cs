using System.Buffers;
using System.Numerics.Tensors;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Scoring;

/// <summary>Scores a built-in network in managed code: no libtorch, no state between rows.</summary>
internal sealed class ManagedRowScorer : IRowScorer
{
    private readonly FeatureEncoder _encoder;
    private readonly ManagedNetwork _network;

    internal ManagedRowScorer(ConstrainedModelParameters model)
    {
        _encoder = model.Encoder;
        _network = new ManagedNetwork(model.Network, model.Encoder.OutputCount, 1, model.Weights);
    }

    public int FeatureCount => _encoder.InputCount;

    public int BatchSize => 1;

    public void Score(ReadOnlySpan<float> rows, Span<float> logits)
    {
        var encoded = ArrayPool<float>.Shared.Rent(_encoder.OutputCount);
        try
        {
            var inputs = encoded.AsSpan(0, _encoder.OutputCount);
            for (var index = 0; index < logits.Length; index++)
            {
                var row = rows.Slice(index * FeatureCount, FeatureCount);
                if (!TensorPrimitives.IsFiniteAll(row))
                {
                    logits[index] = float.NaN;
                    continue;
                }

                _encoder.Encode(row, inputs);
                logits[index] = _network.Score(inputs);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(encoded);
        }
    }
}
