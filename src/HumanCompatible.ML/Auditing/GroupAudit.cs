using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>
/// The audit of the groups of one column, or of the intersection of several: each group's statistics and how far apart they are.
/// Groups in which a statistic is undefined are left out of its difference and ratio and listed by <see cref="UndefinedGroups"/>. Where
/// fewer than two groups define it, nothing is compared, and both are NaN. <see cref="ExcludedGroups"/>, those of missing values, are not
/// compared unless the audit was asked to.
/// </summary>
public sealed partial class GroupAudit : IRateEstimates
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

    /// <summary>The confidence of the intervals.</summary>
    internal double Confidence => AllRows.Confidence;

    /// <summary>What is audited.</summary>
    internal AuditTask Task => _overall.Cell.Task;

    /// <summary>What 1 of a regression's statistic is measured in.</summary>
    internal TaskLabels Labels { get; init; } = TaskLabels.Binary;

    /// <summary>A group by its name, also one of <see cref="ExcludedGroups"/>.</summary>
    /// <param name="groupName">The name, such as <c>Female</c> or, of an intersection, <c>Female, Black</c>.</param>
    /// <exception cref="KeyNotFoundException">There is no such group.</exception>
    public GroupStatistics this[string groupName] => Groups.Concat(ExcludedGroups).FirstOrDefault(g => g.Name == groupName)
        ?? throw new KeyNotFoundException(
            $"There is no group '{groupName}'; the groups are "
            + $"{string.Join("; ", Groups.Concat(ExcludedGroups).Select(g => $"'{g.Name}'"))}.");

    /// <summary>The largest difference of a statistic between groups, max - min (fairlearn: difference(method="between_groups")).</summary>
    /// <param name="statistic">The statistic.</param>
    /// <returns>The difference; NaN where fewer than two groups define the statistic.</returns>
    /// <inheritdoc cref="GroupStatistics.this[AuditStatistic]" path="/exception"/>
    public double Difference(AuditStatistic statistic) => RateSpread.Difference(Groups.Select(g => g[statistic]));

    /// <summary>
    /// The smallest value of a statistic divided by the largest; 1 where all are zero (fairlearn: ratio(method="between_groups"), which is
    /// NaN there).
    /// </summary>
    /// <param name="statistic">The statistic.</param>
    /// <returns>The ratio; NaN where fewer than two groups define the statistic.</returns>
    /// <inheritdoc cref="GroupStatistics.this[AuditStatistic]" path="/exception"/>
    public double Ratio(AuditStatistic statistic) => RateSpread.Ratio(Groups.Select(g => g[statistic]));

    /// <summary>The smallest value of a statistic (fairlearn: group_min).</summary>
    /// <param name="statistic">The statistic.</param>
    /// <returns>The value; NaN where no group defines the statistic.</returns>
    /// <inheritdoc cref="GroupStatistics.this[AuditStatistic]" path="/exception"/>
    public double Minimum(AuditStatistic statistic) => RateSpread.MinOfDefined(Groups.Select(g => g[statistic]));

    /// <summary>The largest value of a statistic (fairlearn: group_max).</summary>
    /// <param name="statistic">The statistic.</param>
    /// <returns>The value; NaN where no group defines the statistic.</returns>
    /// <inheritdoc cref="GroupStatistics.this[AuditStatistic]" path="/exception"/>
    public double Maximum(AuditStatistic statistic) => RateSpread.MaxOfDefined(Groups.Select(g => g[statistic]));

    /// <summary>
    /// The largest distance of a group's statistic from that of the rows of all compared groups, max |r_g - r| (fairlearn:
    /// difference(method="to_overall")).
    /// </summary>
    /// <param name="statistic">The statistic.</param>
    /// <returns>The difference; NaN where fewer than two groups define the statistic.</returns>
    /// <inheritdoc cref="GroupStatistics.this[AuditStatistic]" path="/exception"/>
    public double DifferenceToOverall(AuditStatistic statistic)
    {
        var overall = _overall[statistic];
        double[] defined = [.. Groups.Select(g => g[statistic]).Where(value => !double.IsNaN(value))];
        return defined.Length < 2 ? double.NaN : defined.Max(value => Math.Abs(value - overall));
    }

    /// <summary>
    /// The smallest ratio of a group's statistic and that of the rows of all compared groups, min over g of min(r_g / r, r / r_g)
    /// (fairlearn: ratio(method="to_overall")); 1 where both are zero.
    /// </summary>
    /// <param name="statistic">The statistic.</param>
    /// <returns>The ratio; NaN where fewer than two groups define the statistic.</returns>
    /// <inheritdoc cref="GroupStatistics.this[AuditStatistic]" path="/exception"/>
    public double RatioToOverall(AuditStatistic statistic)
    {
        var overall = _overall[statistic];
        double[] defined = [.. Groups.Select(g => g[statistic]).Where(value => !double.IsNaN(value))];
        return defined.Length < 2 ? double.NaN : defined.Min(value => RateSpread.Ratio(value, overall));
    }

    /// <summary>
    /// The confidence interval of the difference between the groups with the largest and the smallest value, by Newcombe's method 10
    /// (square-and-add of the groups' own intervals), with a lower end of at least 0, as the difference has.
    /// It takes these two groups as given: with many groups the extremes are partly chance, and the interval lies too high.
    /// </summary>
    /// <param name="statistic">The statistic.</param>
    /// <returns>The interval at the audit's confidence; undefined where fewer than two groups define the statistic, or it has no interval
    /// (<see cref="GroupStatistics.Interval"/>).</returns>
    /// <inheritdoc cref="GroupStatistics.this[AuditStatistic]" path="/exception"/>
    public ConfidenceInterval DifferenceInterval(AuditStatistic statistic)
    {
        (GroupStatistics Group, double Value)[] defined =
            [.. Groups.Select(group => (group, group[statistic])).Where(one => !double.IsNaN(one.Item2))];
        if (defined.Length < 2) return ConfidenceInterval.Undefined;
        var minimum = defined.Min(one => one.Value);
        var (largest, smallest) = (defined.MaxBy(one => one.Value), defined.Last(one => one.Value == minimum)); // two also of equal ones
        var interval = Intervals.Newcombe(largest.Value, largest.Group.Interval(statistic), smallest.Value,
            smallest.Group.Interval(statistic));
        return new ConfidenceInterval(Math.Max(0, interval.Lower), interval.Upper);
    }

    /// <summary>The compared groups in which a statistic is undefined.</summary>
    /// <param name="statistic">The statistic.</param>
    /// <returns>Their names.</returns>
    /// <inheritdoc cref="GroupStatistics.this[AuditStatistic]" path="/exception"/>
    public IReadOnlyList<string> UndefinedGroups(AuditStatistic statistic)
        => [.. Groups.Where(g => double.IsNaN(g[statistic])).Select(g => g.Name)];

    /// <summary>A table of the groups.</summary>
    /// <returns>Of each group a line of its statistics and one of their intervals, the differences and ratios, and which groups they leave
    /// out.</returns>
    public override string ToString() => AuditTable.Format(this);

    IReadOnlyList<string> IGroupRates.GroupNames => [.. Groups.Select(g => g.Name)];

    RateEstimate IRateEstimates.Estimate(GroupMetric metric, int group)
        => (group == IRateEstimates.Overall ? _overall : Groups[group]).Estimate(metric);

    double IRateEstimates.UnitOf(GroupMetric metric) => Labels.UnitOf(metric);
}
