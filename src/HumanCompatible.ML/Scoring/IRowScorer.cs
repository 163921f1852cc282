namespace HumanCompatible.ML.Scoring;

/// <summary>Computes logits from dense feature rows. Safe to share between threads.</summary>
internal interface IRowScorer
{
    /// <summary>Slots per row.</summary>
    int FeatureCount { get; }

    /// <summary>How many rows are best given at once; 1 where a row costs the same alone.</summary>
    int BatchSize { get; }

    /// <summary>Writes one logit per row; NaN for a row with a value that is NaN or infinite.</summary>
    /// <param name="rows">The features, [rows, features], row after row.</param>
    /// <param name="logits">One number per row.</param>
    void Score(ReadOnlySpan<float> rows, Span<float> logits);
}
