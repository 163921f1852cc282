namespace HumanCompatible.ML.Scoring;

/// <summary>Computes the logit of a row. Safe to share between threads.</summary>
internal interface IRowScorer
{
    /// <summary>The logit, or NaN where a value is NaN or infinite.</summary>
    /// <param name="row">The features, [slots].</param>
    float Score(ReadOnlySpan<float> row);
}
