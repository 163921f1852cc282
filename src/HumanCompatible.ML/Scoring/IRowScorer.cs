using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Scoring;

/// <summary>Computes the logit of a row. Safe to share between threads.</summary>
internal interface IRowScorer
{
    /// <summary>The logit, or NaN where a value is infinite, or missing in a slot that has no input for that.</summary>
    /// <param name="row">The features.</param>
    float Score(FeatureRow row);
}
