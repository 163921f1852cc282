using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Training;

/// <summary>
/// What one epoch of training left behind; on the rows that choose the epoch, its candidate: the moving average of the weights.
/// </summary>
public sealed record EpochHistory
{
    [JsonConstructor]
    internal EpochHistory(int epoch, double trainingLoss, double validationLoss,
        double validationAccuracy, IReadOnlyList<double> auditedValues, IReadOnlyList<double> duals)
        => (Epoch, TrainingLoss, ValidationLoss, ValidationAccuracy, AuditedValues, Duals) =
            (epoch, trainingLoss, validationLoss, validationAccuracy, auditedValues, duals);

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; internal init; }

    /// <summary>The mean loss over the batches of the epoch, without the terms of the constraints.</summary>
    public double TrainingLoss { get; internal init; }

    /// <summary>The mean loss on the rows that choose the epoch, after it.</summary>
    public double ValidationLoss { get; internal init; }

    /// <summary>The share of those rows that is classified correctly, 0 to 1, weighted by example; of a regression R squared.</summary>
    public double ValidationAccuracy { get; internal init; }

    /// <summary>
    /// The statistic of every constraint on the training rows and those rows together, in the order of the constraints; NaN where it is
    /// not defined.
    /// </summary>
    public IReadOnlyList<double> AuditedValues { get; internal init; }

    /// <summary>The multipliers after the epoch, in the order of <see cref="ConstrainedModelParameters.Duals"/>.</summary>
    public IReadOnlyList<double> Duals { get; internal init; }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
