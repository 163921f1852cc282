using System.Globalization;
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
    /// The statistic of every constraint on the training rows and those rows together, or on those alone
    /// (<see cref="ConstraintSummary.IsOfHeldOutRows"/>), in the order of the constraints; NaN where it is not defined.
    /// </summary>
    public IReadOnlyList<double> AuditedValues { get; internal init; }

    /// <summary>The multipliers after the epoch, in the order of <see cref="ConstrainedModelParameters.Duals"/>.</summary>
    public IReadOnlyList<double> Duals { get; internal init; }

    /// <summary>Whether another epoch left the same behind.</summary>
    /// <param name="other">The other epoch.</param>
    /// <returns>Whether all members are equal, those of lists by their order.</returns>
    public bool Equals(EpochHistory? other) => other is not null
        && (Epoch, TrainingLoss, ValidationLoss, ValidationAccuracy).Equals(
            (other.Epoch, other.TrainingLoss, other.ValidationLoss, other.ValidationAccuracy))
        && AuditedValues.SequenceEqual(other.AuditedValues) && Duals.SequenceEqual(other.Duals);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Epoch, TrainingLoss, ValidationLoss, ValidationAccuracy);

    /// <summary>The epoch as one line, with the numbers of the invariant culture.</summary>
    /// <returns>For example <c>epoch 3: loss 0.3412 (validation 0.3520), accuracy 0.8431, audited [0.0432], multipliers [0.2074]</c>.
    /// </returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"epoch {Epoch}: {Figures}");

    /// <summary>What was measured, as text.</summary>
    internal string Figures => string.Create(CultureInfo.InvariantCulture,
        $"loss {TrainingLoss:0.0000} (validation {ValidationLoss:0.0000}), accuracy {ValidationAccuracy:0.0000}")
        + (AuditedValues.Count == 0 ? "" : $", audited {Text(AuditedValues)}, multipliers {Text(Duals)}");

    private static string Text(IEnumerable<double> numbers)
        => $"[{string.Join(", ", numbers.Select(number => number.ToString("0.0000", CultureInfo.InvariantCulture)))}]";
}
