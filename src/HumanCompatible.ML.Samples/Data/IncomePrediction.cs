namespace HumanCompatible.ML.Samples.Data;

/// <summary>What the model says about one row.</summary>
internal sealed class IncomePrediction
{
    /// <summary>The logit: positive means "earns more than 50,000".</summary>
    public float Score { get; set; }

    public float Probability { get; set; }

    public bool PredictedLabel { get; set; }
}
