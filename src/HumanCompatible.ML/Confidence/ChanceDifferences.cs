using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>
/// What of the differences of groups is put down to chance. Of many groups of few rows some are far apart whatever the model does, and of
/// all models a constant one would have the smallest differences.
/// </summary>
internal static class ChanceDifferences
{
    // How many standard errors of a rate fit between parity and the bound where the rows tell of its group.
    private const double ToldStandardErrors = 2;

    /// <summary>
    /// By how much each inequality is nearer to parity without chance. Of K groups that a verdict does not speak of and of which more than
    /// the room of their inequalities is two standard errors (of a share of n rows at most 1 / sqrt(n): a bound b leaves out groups of
    /// 1 / b^2 rows), with rates R_g whose variances are v_g, and the pooled rate p of all groups, Q = sum_g (R_g - p)^2 / v_g is about K
    /// where all are alike, and I^2 = max(0, 1 - K / Q) is the share of their differences that is not chance (Higgins and Thompson, 2002;
    /// here about the rate of all; a group whose variance is 0 or not known counts for nothing). An inequality with such a group is e =
    /// violation + room from parity, and (1 - I^2) max(0, e) of it is chance. Between two groups nothing is, nor where groups are not
    /// compared.
    /// </summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="rates">The rates.</param>
    /// <param name="estimates">Its inequalities.</param>
    internal static double[] Of(FairnessConstraint constraint, IRateEstimates rates, IReadOnlyList<InequalityEstimate> estimates)
    {
        var byChance = new double[estimates.Count];
        if (constraint is not ParityConstraint || rates.GroupNames.Count <= 2)
            return byChance;
        var untold = Untold(constraint, rates, estimates);
        var shares = constraint.Metrics.ToDictionary(metric => metric, metric => Share(metric, rates, untold));
        foreach (var (index, inequality) in constraint.Inequalities(rates.GroupNames).Index())
        {
            if (estimates[index].IsDefined && inequality.Terms.Any(term => untold.Contains((term.Metric, term.Group))))
                byChance[index] = shares[inequality.Terms[0].Metric] * Math.Max(0, estimates[index].Violation + estimates[index].Room);
        }

        return byChance;
    }

    // A share has the variance of one half here: by that of its own rate, near-constant predictions would be told of few rows.
    private static HashSet<(GroupMetric, int)> Untold(FairnessConstraint constraint, IRateEstimates rates,
        IReadOnlyList<InequalityEstimate> estimates)
    {
        var measurable = VerdictRule.MeasurableRates(constraint, rates);
        return [.. constraint.Inequalities(rates.GroupNames).SelectMany((inequality, index) => inequality.Terms
            .Where(term => term.Group != RateTerm.Overall && !measurable.Contains((term.Metric, term.Group))
                && !IsTold(term.Coefficient, Variance(rates.Estimate(term.Metric, term.Group), ofRow: 0.25), estimates[index].Room))
            .Select(term => (term.Metric, term.Group)))];
    }

    private static bool IsTold(double coefficient, double variance, double room)
        => double.IsNormal(variance) && ToldStandardErrors * Math.Abs(coefficient) * Math.Sqrt(variance) <= room;

    // The variance of a rate; that of one row of a share is given, that of a mean is known.
    private static double Variance(RateEstimate rate, double ofRow)
        => (rate.IsProportion ? ofRow : rate.Variance) / Math.Max(rate.Size, rate.SizeByLabels);

    // 1 - I^2.
    private static double Share(GroupMetric metric, IRateEstimates rates, HashSet<(GroupMetric, int)> untold)
    {
        (int Group, RateEstimate Rate)[] all = [.. Enumerable.Range(0, rates.GroupNames.Count)
            .Select(group => (group, rates.Estimate(metric, group))).Where(one => one.Item2.IsDefined)];
        var size = all.Sum(one => one.Rate.Size);
        var pooled = all.Sum(one => one.Rate.Value * one.Rate.Size) / size;
        var smoothed = ((pooled * size) + 0.5) / (size + 1);
        var (count, squares) = (0, 0.0);
        foreach (var (_, rate) in all.Where(one => untold.Contains((metric, one.Group))))
        {
            var variance = Variance(rate, smoothed * (1 - smoothed));
            if (!double.IsNormal(variance))
                continue; // nothing is known of how it varies
            count++;
            squares += (rate.Value - pooled) * (rate.Value - pooled) / variance;
        }

        return count == 0 ? 0 : squares > count ? count / squares : 1;
    }
}
