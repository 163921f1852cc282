using HumanCompatible.ML.Scoring;

namespace HumanCompatible.ML.Training;

/// <summary>
/// What one epoch of training left behind; on the rows that choose the epoch, its candidate: the better of the weights and their moving
/// average.
/// </summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="TrainingLoss">The mean loss over the batches of the epoch, without the terms of the constraints.</param>
/// <param name="ValidationLoss">The mean loss on the rows that choose the epoch, after it.</param>
/// <param name="ValidationAccuracy">The share of those rows that is classified correctly, 0 to 1, weighted by example.</param>
/// <param name="AuditedValues">The audited statistic of every constraint on those rows, in the order of the constraints; NaN where it is
/// not defined.</param>
/// <param name="Duals">The multipliers after the epoch, in the order of <see cref="ConstrainedBinaryModelParameters.Duals"/>.</param>
/// <param name="IsFeasible">Whether every audited value keeps its bound on those rows.</param>
public sealed record EpochHistory(
    int Epoch,
    double TrainingLoss,
    double ValidationLoss,
    double ValidationAccuracy,
    IReadOnlyList<double> AuditedValues,
    IReadOnlyList<double> Duals,
    bool IsFeasible);
