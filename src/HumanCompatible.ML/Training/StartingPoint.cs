namespace HumanCompatible.ML.Training;

/// <summary>A trained model that training goes on from.</summary>
/// <param name="Best">The candidate that the model ships, which new ones must beat.</param>
/// <param name="History">The epochs so far.</param>
/// <param name="State">Where training stood; null where the model does not keep it: then it goes on from the shipped weights and duals with
/// a fresh primal optimizer.</param>
internal sealed record StartingPoint(TrainedCandidate Best, IReadOnlyList<EpochHistory> History, TrainingState? State);
