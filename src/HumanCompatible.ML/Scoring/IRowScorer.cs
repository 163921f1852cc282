using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Scoring;

/// <summary>Computes the outputs of a network for a row. Safe to share between threads.</summary>
internal interface IRowScorer
{
    /// <summary>Writes the outputs, or NaN where a value is infinite, or missing in a slot that has no input for that.</summary>
    /// <param name="row">The features.</param>
    /// <param name="outputs">Receives the outputs, [outputs].</param>
    void Score(in FeatureRow row, Span<float> outputs);

    /// <summary>The scorer of a model: in managed code where its network is a built-in one.</summary>
    /// <param name="trained">The model.</param>
    /// <param name="device">Where a network of the user's own is scored.</param>
    static IRowScorer Of(TrainedModel trained, string device)
        => ManagedNetwork.CanScore(trained.Network) ? new ManagedRowScorer(trained) : new TorchRowScorer(trained, device);
}
