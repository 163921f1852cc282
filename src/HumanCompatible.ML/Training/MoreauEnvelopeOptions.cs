namespace HumanCompatible.ML.Training;

/// <summary>A <see cref="MoreauEnvelope"/> around the weights: each step is pulled towards a center that follows slowly.</summary>
public sealed record MoreauEnvelopeOptions
{
    /// <summary>The weight of the pull.</summary>
    /// <value>At least 0 and finite. The default is 2.</value>
    public double Mu { get; set; } = 2;

    /// <summary>The share of the way that the center moves towards the weights in each step.</summary>
    /// <value>From 0 to 1. The default is 0.5.</value>
    public double Beta { get; set; } = 0.5;

    internal void Validate(Problems problems)
    {
        problems.NotNegative(nameof(Mu), Mu);
        problems.UnitInterval(nameof(Beta), Beta);
    }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
