using HumanCompatible.ML.Confidence;
namespace HumanCompatible.ML.Training;

/// <summary>What the choice between epochs looks at.</summary>
/// <param name="ErrorRate">The share of the selection rows that is misclassified, 0 to 1.</param>
/// <param name="Loss">The mean loss on the selection rows; decides between equal error rates.</param>
/// <param name="Violation">The largest excess of an audited value over its bound on the selection rows; 0 or less is feasible, negative
/// infinity where nothing is constrained.</param>
/// <param name="WidthsKept">How many whole widths of the predicted confidence limits the audited values keep from their bounds, see
/// <see cref="SafetyTest.WidthsKept"/>; 0 where no confidence is asked for.</param>
internal readonly record struct Candidate(double ErrorRate, double Loss, double Violation, int WidthsKept = 0);
