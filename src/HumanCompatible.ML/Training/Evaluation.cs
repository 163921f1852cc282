using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints.Compiled;

namespace HumanCompatible.ML.Training;

/// <summary>How a network does on some rows.</summary>
/// <param name="Loss">The mean logistic loss, weighted by example.</param>
/// <param name="Accuracy">The share classified right, weighted by example, 0 to 1.</param>
/// <param name="Audited">The audited statistic of every constraint.</param>
internal sealed record Evaluation(double Loss, double Accuracy, IReadOnlyList<AuditedConstraint> Audited)
{
    /// <summary>The largest violation of a bound; negative infinity where nothing is constrained or defined.</summary>
    internal double Violation
    {
        get
        {
            var worst = double.NegativeInfinity;
            foreach (var constraint in Audited)
            {
                if (constraint.Violation > worst)
                    worst = constraint.Violation;
            }

            return worst;
        }
    }

    /// <summary>See <see cref="SafetyTest.WidthsKept"/>; 0 where no confidence is asked for.</summary>
    internal int WidthsKept { get; init; }

    internal Candidate AsCandidate() => new(1 - Accuracy, Loss, Violation, WidthsKept);
}
