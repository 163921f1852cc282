using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>One experiment: tables of <paramref name="Rows"/> rows, drawn from a population, trained under a bound.</summary>
/// <param name="Name">How it is asked for.</param>
/// <param name="Pool">The cells that are summed up with it; null for none.</param>
/// <param name="Population">The population's name.</param>
/// <param name="Rows">The rows of a drawn table.</param>
/// <param name="Groups">The columns that make the groups.</param>
/// <param name="Kind">What is bounded.</param>
/// <param name="Bound">The bound.</param>
/// <param name="ConfidenceLevel">The trainer's option of that name; null leaves its default.</param>
internal sealed record Cell(string Name, string? Pool, string Population, int Rows, IReadOnlyList<string> Groups, BoundKind Kind,
    double Bound, double? ConfidenceLevel = null)
{
    /// <summary>By how much a statistic is over its bound (of a ratio: under it); at most 0 where it keeps it.</summary>
    public double Excess(double statistic) => Kind == BoundKind.DisparateImpact ? Bound - statistic : statistic - Bound;

    public FairnessConstraint Constraint => Kind switch
    {
        BoundKind.DemographicParity => Fairness.DemographicParity([.. Groups], Bound),
        BoundKind.EqualizedOdds => Fairness.EqualizedOdds([.. Groups], Bound),
        _ => Fairness.DisparateImpact([.. Groups], Bound),
    };

    /// <summary>The rates that the groups are compared by.</summary>
    public IReadOnlyList<GroupMetric> Metrics => Kind == BoundKind.EqualizedOdds
        ? [GroupMetric.TruePositiveRate, GroupMetric.FalsePositiveRate] : [GroupMetric.SelectionRate];

    /// <summary>
    /// Whether the rows that a drawn table has of a group can tell the bound from parity. This is the benchmark's own judgment: the
    /// library's is what it tests.
    /// </summary>
    /// <param name="positives">The group's rows that are labeled 1.</param>
    /// <param name="negatives">The group's rows that are labeled 0.</param>
    public bool CanMeasure(int positives, int negatives) => Kind switch
    {
        BoundKind.DemographicParity => positives + negatives >= 1 / (Bound * Bound) - 1e-9,
        BoundKind.EqualizedOdds => Math.Min(positives, negatives) >= 0.75 / (Bound * Bound) - 1e-9,
        _ => positives + negatives >= 100,
    };

    /// <summary>The statistic of groups by their rates; null where fewer than two groups define it.</summary>
    /// <param name="rates">For each of <see cref="Metrics"/> a rate of every group, NaN where it is not defined.</param>
    public double? Statistic(IEnumerable<IReadOnlyList<double>> rates)
    {
        double? worst = null;
        foreach (var rate in rates)
        {
            double[] defined = [.. rate.Where(value => !double.IsNaN(value))];
            if (defined.Length < 2)
                continue;
            var value = Kind == BoundKind.DisparateImpact
                ? defined.Max() > 0 ? defined.Min() / defined.Max() : 1
                : defined.Max() - defined.Min();
            worst = worst is { } before && Excess(before) >= Excess(value) ? before : value;
        }

        return worst;
    }
}
