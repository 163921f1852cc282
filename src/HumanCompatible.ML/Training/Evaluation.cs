using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints.Compiled;

namespace HumanCompatible.ML.Training;

/// <summary>How a network does on some rows.</summary>
/// <param name="Loss">The mean logistic loss, weighted by example.</param>
/// <param name="Accuracy">The share classified correctly, weighted by example, 0 to 1.</param>
/// <param name="Audited">The audited statistic of every constraint.</param>
internal sealed record Evaluation(double Loss, double Accuracy, IReadOnlyList<AuditedConstraint> Audited)
{
    /// <summary>
    /// The largest violation of a bound by its audited value; 0 or less is feasible, negative infinity where nothing is constrained or
    /// defined.
    /// </summary>
    internal double Violation => Audited.Select(constraint => constraint.Violation).Where(violation => !double.IsNaN(violation))
        .DefaultIfEmpty(double.NegativeInfinity).Max();

    /// <summary>See <see cref="SafetyTest.MarginInWidths"/>; 0 where no confidence is asked for.</summary>
    internal int MarginInWidths { get; init; }
}
