using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>
/// The audit of the groups of one column, or of the intersection of several: each group's statistics and how far apart they are.
/// Groups in which a statistic is undefined are left out of its difference and ratio and listed by <see cref="UndefinedGroups"/>. Where
/// fewer than two groups define it, nothing is compared, and both are NaN. <see cref="ExcludedGroups"/>, those of missing values, are not
/// compared unless the audit was asked to.
/// </summary>
public sealed class GroupAudit : IRateEstimates
{
    // Of the rows of the compared groups.
    private readonly GroupStatistics _overall;

    internal GroupAudit(IReadOnlyList<string> columnNames, IReadOnlyList<GroupStatistics> groups, GroupStatistics overall) =>
        (ColumnNames, Groups, _overall, AllRows) = (columnNames, groups, overall, overall);

    /// <summary>The columns that define the groups.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The groups that are compared, in the order of their names.</summary>
    public IReadOnlyList<GroupStatistics> Groups { get; }

    /// <summary>
    /// The groups of rows whose value is missing in a column, which count in no difference and no ratio; empty where the audit was asked
    /// to include them (<see cref="AuditCatalog.BinaryClassification"/>).
    /// </summary>
    public IReadOnlyList<GroupStatistics> ExcludedGroups { get; internal init; } = [];

    /// <summary>The statistics of all rows, also those of <see cref="ExcludedGroups"/>.</summary>
    internal GroupStatistics AllRows { get; init; }

    /// <summary>A group by its name, also one of <see cref="ExcludedGroups"/>.</summary>
    /// <param name="groupName">The name, such as <c>Female</c> or, of an intersection, <c>Female, Black</c>.</param>
    /// <exception cref="KeyNotFoundException">There is no such group.</exception>
    public GroupStatistics this[string groupName] => Groups.Concat(ExcludedGroups).FirstOrDefault(g => g.Name == groupName)
        ?? throw new KeyNotFoundException(
            $"There is no group '{groupName}'; the groups are "
            + $"{string.Join("; ", Groups.Concat(ExcludedGroups).Select(g => $"'{g.Name}'"))}.");

    /// <summary>The largest difference of selection rates, max - min (fairlearn: demographic_parity_difference).</summary>
    /// <value>From 0 to 1; NaN where fewer than two groups have rows of positive weight.</value>
    public double DemographicParityDifference => Difference(GroupMetric.SelectionRate);

    /// <summary>The smallest selection rate divided by the largest (disparate impact); 1 where all are zero.</summary>
    /// <value>From 0 to 1; NaN where fewer than two groups have rows of positive weight.</value>
    public double DemographicParityRatio => Ratio(GroupMetric.SelectionRate);

    /// <summary>The larger of the largest differences of true and of false positive rates (fairlearn: equalized_odds_difference).</summary>
    /// <value>From 0 to 1; NaN where fewer than two groups have a positive row, or fewer than two a negative one.</value>
    public double EqualizedOddsDifference => RateSpread.Max(
        [Difference(GroupMetric.TruePositiveRate), Difference(GroupMetric.FalsePositiveRate)]);

    /// <summary>The smaller of the ratios of true and of false positive rates.</summary>
    /// <value>From 0 to 1; NaN where fewer than two groups have a positive row, or fewer than two a negative one.</value>
    public double EqualizedOddsRatio => RateSpread.Min([Ratio(GroupMetric.TruePositiveRate), Ratio(GroupMetric.FalsePositiveRate)]);

    /// <summary>The largest difference of a statistic between groups, max - min.</summary>
    /// <param name="metric">The statistic.</param>
    /// <returns>The difference; NaN where fewer than two groups define the statistic.</returns>
    public double Difference(GroupMetric metric) => RateSpread.Difference(Groups.Select(g => g[metric]));

    /// <summary>The smallest value of a statistic divided by the largest; 1 where all are zero.</summary>
    /// <param name="metric">The statistic.</param>
    /// <returns>The ratio; NaN where fewer than two groups define the statistic.</returns>
    public double Ratio(GroupMetric metric) => RateSpread.Ratio(Groups.Select(g => g[metric]));

    /// <summary>
    /// The confidence interval of the difference between the groups with the largest and the smallest value, by Newcombe's method 10
    /// (square-and-add of the groups' own intervals).
    /// It takes these two groups as given: with many groups the extremes are partly chance, and the interval lies too high.
    /// </summary>
    /// <param name="metric">The statistic.</param>
    /// <returns>The interval at the audit's confidence; undefined where fewer than two groups define the statistic.</returns>
    public ConfidenceInterval DifferenceInterval(GroupMetric metric)
    {
        GroupStatistics[] defined = [.. Groups.Where(g => !double.IsNaN(g[metric]))];
        if (defined.Length < 2) return ConfidenceInterval.Undefined;
        GroupStatistics largest = defined.MaxBy(g => g[metric])!, smallest = defined.Last(g => g[metric] == defined.Min(h => h[metric]));
        return Intervals.Newcombe(largest[metric], largest.Interval(metric), smallest[metric], smallest.Interval(metric));
    }

    /// <summary>The compared groups in which a statistic is undefined.</summary>
    /// <param name="metric">The statistic.</param>
    /// <returns>Their names.</returns>
    public IReadOnlyList<string> UndefinedGroups(GroupMetric metric) => [.. Groups.Where(g => double.IsNaN(g[metric])).Select(g => g.Name)];

    /// <summary>A table of the groups.</summary>
    /// <returns>One line for each group, the differences and ratios, and which groups they leave out.</returns>
    public override string ToString() => AuditTable.Format(this);

    IReadOnlyList<string> IGroupRates.GroupNames => [.. Groups.Select(g => g.Name)];

    RateEstimate IRateEstimates.Estimate(GroupMetric metric, int group)
        => (group == IRateEstimates.Overall ? _overall : Groups[group]).Estimate(metric);
}
