using System.Numerics.Tensors;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Scoring;

/// <summary>Scores a built-in network in managed code: no libtorch, no state between rows.</summary>
internal sealed class ManagedRowScorer(TrainedModel model) : IRowScorer
{
    private readonly ManagedNetwork _network = new(model.Network, model.Encoder, model.Task.OutputCount, model.Weights);

    public void Score(in FeatureRow row, Span<float> outputs)
    {
        if (TensorPrimitives.IsFiniteAll(row.Values) || model.Encoder.CanEncode(row))
            _network.Score(row, outputs);
        else
            outputs.Fill(float.NaN);
    }
}
