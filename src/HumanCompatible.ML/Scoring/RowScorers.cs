using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Scoring;

/// <summary>Chooses how a model is scored.</summary>
internal static class RowScorers
{
    /// <summary>Managed code for the built-in networks, TorchSharp for the user's own.</summary>
    internal static IRowScorer Create(ConstrainedBinaryModelParameters model, string device) => ManagedNetwork.CanScore(model.Network)
        ? new ManagedRowScorer(model)
        : new TorchRowScorer(model, device);
}
