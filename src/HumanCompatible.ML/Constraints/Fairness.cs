namespace HumanCompatible.ML;

/// <summary>Makes the declarations of fairness constraints. Each bound is on the audited statistic of hard predictions; the types document the formulas.</summary>
public static class Fairness
{
    /// <summary>The selection rates of all groups of a column differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static DemographicParity DemographicParity(string groupColumnName, double bound) => new([groupColumnName], bound);

    /// <summary>The selection rates of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static DemographicParity DemographicParity(IReadOnlyList<string> groupColumnNames, double bound) => new(groupColumnNames, bound);

    /// <summary>The true positive rates of all groups of a column differ by at most <paramref name="bound"/>, and so do the false positive rates.</summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static EqualizedOdds EqualizedOdds(string groupColumnName, double bound) => new([groupColumnName], bound);

    /// <summary>The true positive rates of all groups differ by at most <paramref name="bound"/>, and so do the false positive rates.</summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static EqualizedOdds EqualizedOdds(IReadOnlyList<string> groupColumnNames, double bound) => new(groupColumnNames, bound);
}
