namespace HumanCompatible.ML.Training;

/// <summary>
/// What is added to the primal optimizer: Adam (Kingma and Ba, 2015), whose step size is the trainer's <c>LearningRate</c>.
/// </summary>
public sealed record PrimalOptions
{
    /// <summary>The decoupled weight decay (AdamW; Loshchilov and Hutter, 2019).</summary>
    /// <value>
    /// At least 0 and finite; 0 is plain Adam. The default, null, is 4,000 divided by the training rows, but not more than 5, where the
    /// default network is trained without constraints on fewer than 8,000, so that it does not fit their noise; 5 where
    /// that network has 4,096 inputs or more, such as the words of texts; else 0.
    /// </value>
    public double? WeightDecay { get; set; }

    /// <summary>A Moreau envelope around the weights, which steadies each step.</summary>
    /// <value>The default, null, is none.</value>
    public MoreauEnvelopeOptions? MoreauEnvelope { get; set; }

    /// <summary>A copy that shares nothing with this instance.</summary>
    internal PrimalOptions Copy() => this with { MoreauEnvelope = MoreauEnvelope is null ? null : MoreauEnvelope with { } };

    internal void Validate(Problems problems)
    {
        if (WeightDecay is { } decay)
            problems.NotNegative(nameof(WeightDecay), decay);
        MoreauEnvelope?.Validate(problems.Of(nameof(MoreauEnvelope)));
    }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
