using System.Numerics.Tensors;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Scoring;

/// <summary>Scores a built-in network in managed code: no libtorch, no state between rows.</summary>
internal sealed class ManagedRowScorer(ConstrainedBinaryModelParameters model) : IRowScorer
{
    private readonly ManagedNetwork _network = new(model.Network, model.Encoder, 1, model.Weights);

    public int FeatureCount => model.FeatureCount;

    public int BatchSize => 1;

    public void Score(ReadOnlySpan<float> rows, Span<float> logits)
    {
        for (var index = 0; index < logits.Length; index++)
        {
            var row = rows.Slice(index * FeatureCount, FeatureCount);
            logits[index] = TensorPrimitives.IsFiniteAll(row) ? _network.Score(row) : float.NaN;
        }
    }
}
