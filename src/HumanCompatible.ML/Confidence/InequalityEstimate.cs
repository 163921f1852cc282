using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>
/// How well some rows tell an inequality sum_k a_k R_k at most beta, with R_k a rate or mean counted over D_k rows.
/// </summary>
/// <param name="Violation">sum_k a_k R_k - beta; NaN where a rate is not defined.</param>
/// <param name="StandardError">
/// se = sqrt(p (1 - p) sum_k a_k^2 / D_k) with the pooled rate p = (sum_k R_k D_k + 1/2) / (sum_k D_k + 1), as in the test of two
/// proportions; of means, with their own variances in the place of p (1 - p).
/// </param>
/// <param name="Room">
/// How far the bound is from what it is to come near: beta - p sum_k a_k from parity (b for a difference, (1 - rho) p for a ratio); of a
/// fixed bound, from the nearer end of the statistic's range.
/// </param>
internal readonly record struct InequalityEstimate(double Violation, double StandardError, double Room)
{
    private const double Steepness = 4;

    internal bool IsDefined => !double.IsNaN(Violation);

    /// <summary>
    /// What an excess of 1 counts as in error rate: 1, more than honest means of removing it cost; 2 in comparison with all rows, for half
    /// as much of a difference between two groups.
    /// </summary>
    internal double Price { get; init; } = 1;

    /// <summary>The class whose rates it compares; <see cref="GroupMetric.NoClass"/> for none.</summary>
    internal int Class { get; init; } = GroupMetric.NoClass;

    /// <summary>
    /// By how much stricter than declared the inequality is to be held so that it also holds on other rows: z standard errors from the
    /// bound, or, where the rows are too few for that, a standard error from parity, 1 / sqrt(y) of one where the worst of many comparisons
    /// is to be that near: m = min(z se, room - se / sqrt(y)). Where one standard error is more than the bound leaves, chance alone brings
    /// some of many groups further apart, y of them: what is left rises steeply towards that, room - m = min(y se, se / sqrt(y) + 4 y (se -
    /// room)).
    /// </summary>
    /// <param name="z">How many standard errors.</param>
    /// <param name="slack">y, at least 1.</param>
    internal double Margin(double z, double slack) => Math.Min(z * StandardError, Room - Math.Min(slack * StandardError,
        (StandardError / Math.Sqrt(slack)) + (Steepness * slack * Math.Max(0, StandardError - Room))));

    /// <summary>Whether rows as near to parity as may be expected would show the bound: so many standard errors fit in.</summary>
    internal bool IsMeasurable(double z) => z * StandardError <= Room;

    /// <summary>Whether the inequality is broken beyond doubt.</summary>
    internal bool IsBroken(double z) => Violation > z * StandardError;

    /// <summary>The same in another unit.</summary>
    internal InequalityEstimate InUnit(double unit)
        => this with { Violation = Violation / unit, StandardError = StandardError / unit, Room = Room / unit };

    /// <summary>The estimate of an inequality of a constraint.</summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="inequality">One of its inequalities.</param>
    /// <param name="rates">The rates.</param>
    /// <param name="isHeld">
    /// Whether the model is to be held to it: predictions that leave few rows to count then gain no slack
    /// (<see cref="RateEstimate.SizeByLabels"/>). Where a verdict is given on it, few rows have the
    /// <see cref="CautiousVariance"/> instead of p (1 - p).
    /// </param>
    internal static InequalityEstimate Of(FairnessConstraint constraint, LinearInequality inequality, IRateEstimates rates, bool isHeld)
    {
        double violation = -inequality.Bound, weights = 0, sum = 0, size = 0, squares = 0, variances = 0;
        foreach (var term in inequality.Terms)
        {
            var rate = rates.Estimate(term.Metric, term.Group);
            var rows = Rows(rate, isHeld);
            violation += term.Coefficient * rate.Value;
            weights += term.Coefficient;
            sum += rate.IsDefined ? rate.Value * rows : 0;
            size += rows;
            squares += term.Coefficient * term.Coefficient / rows;
            variances += term.Coefficient * term.Coefficient * rate.Variance / rows;
        }

        var areRates = double.IsNaN(variances);
        var pooled = areRates ? (sum + 0.5) / (size + 1) : sum / size;
        var covariance = SharedRows(inequality, rates, isHeld);
        var variance = areRates
            ? (isHeld ? pooled * (1 - pooled) * squares : Cautious(inequality, rates, pooled)) + (pooled * (1 - pooled) * covariance)
            : variances * (1 + (covariance / squares));
        var room = constraint is ParityConstraint ? inequality.Bound - (pooled * weights)
            : constraint.Room;
        return new InequalityEstimate(violation, Math.Sqrt(Math.Max(0, variance)), room)
        {
            Price = constraint is ParityConstraint { Baseline: GroupBaseline.Overall } ? 2 : 1,
            Class = inequality.Terms[0].Metric.Class,
        };
    }

    /// <summary>
    /// The variance of a row of a rate that is counted over few: p~ (1 - p~) with p~ = (p D + 2) / (D + 4), as in the interval of Agresti
    /// and Coull (1998). Without it a group of one row would tell a rate near 0 or 1.
    /// </summary>
    /// <param name="pooled">p.</param>
    /// <param name="rows">D.</param>
    internal static double CautiousVariance(double pooled, double rows)
    {
        var rate = ((pooled * rows) + 2) / (rows + 4);
        return rate * (1 - rate);
    }

    private static double Cautious(LinearInequality inequality, IRateEstimates rates, double pooled) => inequality.Terms.Sum(term
        => rates.Estimate(term.Metric, term.Group).Size is var rows
            ? term.Coefficient * term.Coefficient * CautiousVariance(pooled, rows) / rows : 0);

    // The rows of a group are among all rows, so that their rates vary together: cov(R_g, R) = v / D.
    private static double SharedRows(LinearInequality inequality, IRateEstimates rates, bool isHeld)
    {
        var overall = inequality.Terms.FirstOrDefault(term => term.Group == RateTerm.Overall);
        return inequality.Terms.Count != 2 || overall.Metric is null ? 0
            : 2 * inequality.Terms[0].Coefficient * inequality.Terms[1].Coefficient
                / Rows(rates.Estimate(overall.Metric, overall.Group), isHeld);
    }

    private static double Rows(RateEstimate rate, bool isHeld) => isHeld ? Math.Max(rate.Size, rate.SizeByLabels) : rate.Size;
}
