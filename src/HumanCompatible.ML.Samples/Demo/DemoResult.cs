using HumanCompatible.ML.Samples.Data;

namespace HumanCompatible.ML.Samples.Demo;

/// <summary>What the main job found.</summary>
/// <param name="Unconstrained">The model trained without a constraint.</param>
/// <param name="Constrained">The model trained with it.</param>
/// <param name="Reloaded">The saved model, read back.</param>
/// <param name="Person">The row that was predicted alone.</param>
/// <param name="Prediction">What the loaded model says about it.</param>
internal sealed record DemoResult(
    MeasuredModel Unconstrained,
    MeasuredModel Constrained,
    ModelRoundTrip Reloaded,
    CensusPerson Person,
    IncomePrediction Prediction);
