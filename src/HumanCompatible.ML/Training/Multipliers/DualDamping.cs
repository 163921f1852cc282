using System.Numerics.Tensors;

namespace HumanCompatible.ML.Training.Multipliers;

/// <summary>
/// Keeps multipliers from running away. Steps that are too long for how fast the network answers overshoot: the network is driven into
/// constant predictions, and the multipliers take long to come back. The violations that a dual step sees are scaled by a factor, 1 at
/// first. A step that moved a multiplier by more than 0.02 lowers it in proportion; any other raises it by 2 in 100.
/// </summary>
/// <remarks>Step sizes that are hundreds of times too large then do about as well as good ones, which stay as they are.</remarks>
internal sealed class DualDamping
{
    private const double Growth = 1.02;
    private const double LargestStep = 0.02;

    /// <summary>The present factor, above 0 and at most 1.</summary>
    internal double Factor { get; private set; } = 1;

    /// <summary>Scales the violations of a dual step in place.</summary>
    internal void Scale(Span<double> violations) => TensorPrimitives.Multiply(violations, Factor, violations);

    /// <summary>Takes note of how far a step moved the multipliers.</summary>
    internal void After(IReadOnlyList<double> before, IReadOnlyList<double> after)
    {
        var largest = 0.0;
        for (var index = 0; index < before.Count; index++)
            largest = Math.Max(largest, Math.Abs(after[index] - before[index]));

        // A step of just the largest length, as an optimizer's own limit gives it, differs from it by rounding.
        Factor = largest > LargestStep * (1 + 1e-6) ? Factor * LargestStep / largest : Math.Min(1, Factor * Growth);
    }

    /// <summary>Resumes from a factor; one that is out of range is left alone.</summary>
    internal void Load(double factor)
    {
        if (factor is > 0 and <= 1)
            Factor = factor;
    }
}
