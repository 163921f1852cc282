using HumanCompatible.ML.Constraints.Compiled;

namespace HumanCompatible.ML.Training.Multipliers;

/// <summary>
/// By how much the violation of each inequality is larger on the validation rows than on the training rows: g = mean over epochs of
/// c_validation - c_training. What is learned on rows keeps a bound more easily on those rows than on others; adding the offset o of this
/// gap to the violations that drive the multipliers makes them hold on both.
/// </summary>
/// <remarks>
/// With b the declared bound and m the margin kept while training: where g is above 0, o = max(0, g - m). A two-sided difference
/// |d| &lt;= b is two inequalities with opposite gaps. Where they leave less than b / 2 for d together, the one with the negative gap
/// gives way by o &lt;= 0.
/// Source: the two data sets of Cotter et al. (2019), Training well-generalizing classifiers for fairness metrics.
/// </remarks>
/// <param name="bounds">The bound behind each inequality.</param>
internal sealed class GeneralizationGap(IReadOnlyList<ViolationBound> bounds)
{
    private const double LeastRate = 0.5;

    private readonly double[] _gaps = new double[bounds.Count];

    /// <summary>The gaps g; 0 before the first measurement.</summary>
    internal ReadOnlySpan<double> Gaps => _gaps;

    /// <summary>How often it was measured.</summary>
    internal int Count { get; private set; }

    /// <summary>Takes in a measurement of one network on both sets.</summary>
    /// <param name="training">c on the training rows, NaN where an inequality is not defined.</param>
    /// <param name="validation">c on the validation rows, likewise.</param>
    internal void Add(ReadOnlySpan<double> training, ReadOnlySpan<double> validation)
    {
        var rate = Math.Max(LeastRate, 1.0 / ++Count);
        for (var index = 0; index < _gaps.Length; index++)
        {
            var gap = validation[index] - training[index];
            if (double.IsFinite(gap))
                _gaps[index] += rate * (gap - _gaps[index]);
        }
    }

    /// <summary>Adds the offsets o to violations.</summary>
    internal void Correct(Span<double> violations)
    {
        for (var index = 0; index < _gaps.Length; index++)
            violations[index] += Offset(_gaps[index], bounds[index]);
    }

    /// <summary>Resumes from gaps that were measured before.</summary>
    internal void Load(int count, ReadOnlySpan<double> gaps)
    {
        gaps.CopyTo(_gaps);
        Count = count;
    }

    internal static double Offset(double gap, ViolationBound bound)
    {
        if (gap > 0)
            return Math.Max(0, gap - bound.Margin);
        if (!bound.IsTwoSided)
            return 0;

        // d lies between -(b - m) - o and the smaller of b - m and b - |g|.
        var largest = Math.Min(bound.Bound - bound.Margin, bound.Bound + gap);
        return Math.Min(0, largest - (bound.Bound / 2) + (bound.Bound - bound.Margin));
    }
}
