namespace HumanCompatible.ML.Training;

/// <summary>The primal optimizer, which moves the weights. Its step size is the trainer's <c>LearningRate</c>.</summary>
public sealed record PrimalOptions
{
    /// <summary>The method.</summary>
    /// <value>The default is <see cref="PrimalMethod.AdamW"/>.</value>
    public PrimalMethod Method { get; set; } = PrimalMethod.AdamW;

    /// <summary>How much of the last step <see cref="PrimalMethod.Sgd"/> repeats.</summary>
    /// <value>At least 0 and below 1, of Sgd only. The default, null, is 0.9.</value>
    public double? Momentum { get; set; }

    /// <summary>How the step size goes over the epochs.</summary>
    /// <value>The default is <see cref="LearningRateSchedule.Constant"/>.</value>
    public LearningRateSchedule Schedule { get; set; } = LearningRateSchedule.Constant;

    /// <summary>
    /// The most that the gradient of a step may be long, over all weights (Euclidean norm): a longer one, of loss and constraints together,
    /// is scaled down to it. Source: Pascanu et al. (2013).
    /// </summary>
    /// <value>Above 0 and finite. The default, null, scales nothing.</value>
    public double? MaximumGradientNorm { get; set; }

    /// <summary>The decoupled weight decay: each step multiplies the weights by 1 - step size * decay.</summary>
    /// <value>
    /// At least 0 and finite, below 1 / <c>LearningRate</c> (where that follows from the rows, <c>Fit</c> says so); 0 is none. The default,
    /// null, is 2 where the inputs have learned factors (see <c>LearningRate</c>), which are not decayed; 4,000 divided by the training
    /// rows, but not more than 5, where else the default network is trained by AdamW without constraints on fewer than 8,000, so that it
    /// does not fit their noise; 5 where that network has 4,096 inputs or more, such as the words of texts; else 0.
    /// </value>
    public double? WeightDecay { get; set; }

    /// <summary>A Moreau envelope around the weights, which steadies each step.</summary>
    /// <value>The default, null, is none.</value>
    public MoreauEnvelopeOptions? MoreauEnvelope { get; set; }

    /// <summary>The momentum that counts.</summary>
    internal double MomentumOrDefault => Momentum ?? 0.9;

    /// <summary>A copy that shares nothing that could change with this instance.</summary>
    internal PrimalOptions Copy() => this with { MoreauEnvelope = MoreauEnvelope is null ? null : MoreauEnvelope with { } };

    internal void Validate(Problems problems)
    {
        problems.OneOf(nameof(Method), Method);
        if (Momentum is { } momentum)
        {
            problems.Require(momentum is >= 0 and < 1, nameof(Momentum), momentum, "at least 0 and below 1");
            if (Method == PrimalMethod.AdamW)
                problems.Add($"{nameof(Momentum)} is of {nameof(PrimalMethod.Sgd)}, but {nameof(Method)} is {Method}.");
        }

        if (problems.NotNull(nameof(Schedule), Schedule))
            Schedule.Validate(problems.Of(nameof(Schedule)));
        if (MaximumGradientNorm is { } norm)
            problems.Positive(nameof(MaximumGradientNorm), norm);
        if (WeightDecay is { } decay)
            problems.NotNegative(nameof(WeightDecay), decay);
        MoreauEnvelope?.Validate(problems.Of(nameof(MoreauEnvelope)));
    }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
