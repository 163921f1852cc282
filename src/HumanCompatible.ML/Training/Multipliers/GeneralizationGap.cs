using HumanCompatible.ML.Constraints.Compiled;

namespace HumanCompatible.ML.Training.Multipliers;

/// <summary>
/// By how much the violations are larger on the rows that choose the epoch than on those that are trained on, for each row of the
/// constraints: g = mean over epochs of
/// c_validation - c_training. What is learned on rows keeps a bound more easily on those rows than on others; adding the offset o of this
/// gap to the violations
/// that drive the duals makes them hold on both (after the two data sets of Cotter et al., 2019, "Training well-generalizing classifiers
/// for fairness metrics").
/// </summary>
/// <remarks>
/// With b the declared bound and m the margin kept while training: where g is above 0, o = max(0, g - m), so that the bound holds on the
/// selection rows, too. A two-sided difference
/// |d| &lt;= b is two rows with opposite gaps; where both sets together leave less than b / 2 for d, the other row gives way by o &lt;= 0.
/// </remarks>
/// <param name="rows">The rows of the constraints.</param>
internal sealed class GeneralizationGap(IReadOnlyList<ViolationBound> rows)
{
    private const double LeastRate = 0.5;

    private readonly double[] _gaps = new double[rows.Count];

    /// <summary>The gaps g; 0 before the first measurement.</summary>
    internal ReadOnlySpan<double> Gaps => _gaps;

    /// <summary>How often it was measured.</summary>
    internal int Count { get; private set; }

    /// <summary>Takes in a measurement of one network on both sets.</summary>
    /// <param name="training">c on the training rows, NaN where a row is not defined.</param>
    /// <param name="selection">c on the selection rows, likewise.</param>
    internal void Add(ReadOnlySpan<double> training, ReadOnlySpan<double> selection)
    {
        var rate = Math.Max(LeastRate, 1.0 / ++Count);
        for (var row = 0; row < _gaps.Length; row++)
        {
            var gap = selection[row] - training[row];
            if (double.IsFinite(gap))
                _gaps[row] += rate * (gap - _gaps[row]);
        }
    }

    /// <summary>Adds the offsets o to violations.</summary>
    internal void Correct(Span<double> violations)
    {
        for (var row = 0; row < _gaps.Length; row++)
            violations[row] += Offset(_gaps[row], rows[row]);
    }

    /// <summary>Goes on from gaps that were measured before.</summary>
    internal void Load(int count, ReadOnlySpan<double> gaps)
    {
        gaps.CopyTo(_gaps);
        Count = count;
    }

    internal static double Offset(double gap, ViolationBound row)
    {
        if (gap > 0)
            return Math.Max(0, gap - row.Margin);
        if (!row.IsTwoSided)
            return 0;

        // d lies between -(b - m) - o and the smaller of b - m and b - |g|.
        var largest = Math.Min(row.Bound - row.Margin, row.Bound + gap);
        return Math.Min(0, largest - (row.Bound / 2) + (row.Bound - row.Margin));
    }
}
