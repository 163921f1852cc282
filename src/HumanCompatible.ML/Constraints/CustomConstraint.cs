using System.Text.Json.Serialization;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// A constraint of the user's own: with s_1 ... s_k the values of <see cref="Statistic"/>, the audited value is max s_i, at most
/// <paramref name="Bound"/>.
/// Each s_i has a multiplier of its own.
/// </summary>
/// <remarks>
/// While training, the multipliers follow a moving average of the values of batches. Where a whole set of rows is measured (the rows that
/// choose the epoch, the training rows),
/// the statistic is called with all of them in one piece, so what it creates takes memory in proportion to the number of rows. A model
/// keeps the name, columns, bound and row names,
/// not the statistic: a loaded model scores and shows its multipliers and summary; to train on, give the statistic again.
/// Source: the pair of a differentiable and an exact value is the proxy Lagrangian of Cotter et al. (2019), Optimization with
/// non-differentiable constraints.
/// </remarks>
/// <param name="GroupColumnNames">The columns that define the groups; several columns mean the groups of their intersection. Empty for all
/// rows as one group.</param>
/// <param name="Bound">The largest value allowed; any finite number, in the unit of the statistic.</param>
public sealed record CustomConstraint(IReadOnlyList<string> GroupColumnNames, double Bound) : FairnessConstraint(GroupColumnNames, Bound)
{
    /// <summary>Computes the statistics; null in a declaration that was read from a file.</summary>
    [JsonIgnore]
    public CustomStatistic? Statistic { get; init; }

    /// <summary>A name for each of the statistics, used for the multipliers; null for their numbers, such as <c>[0]</c>.</summary>
    public IReadOnlyList<string>? InequalityNames { get; init => field = value is null ? null : ColumnNameList.Of(value); }

    internal override IReadOnlyList<GroupMetric> Metrics => [];

    private protected override bool RequiresGroups => false;

    private protected override double SmallestBound => double.NegativeInfinity;

    private protected override double LargestBound => double.PositiveInfinity;

    // What it bounds is no linear combination of rates: CustomStatistics takes the place of rows.
    internal override IEnumerable<LinearInequality> Rows(IReadOnlyList<string> groupNames, string? className = null) => [];

    internal override double ValueOf(IGroupRates rates) =>
        throw new NotSupportedException($"{Name}: a custom constraint has no value in terms of the rates of groups.");

    internal override FairnessConstraint Tightened(double margin) => this with { Bound = Bound - margin };

    internal override void Validate(ICollection<string> problems)
    {
        base.Validate(problems);
        if (ClassName is not null)
        {
            problems.Add(
            $"{Name}: ClassName '{ClassName}' is named, but a custom constraint is given the predictions of all classes.");
        }

        if (InequalityNames is null) return;
        if (InequalityNames.Count == 0) problems.Add($"{Name}: InequalityNames is empty.");
        for (var index = 0; index < InequalityNames.Count; index++)
            if (string.IsNullOrWhiteSpace(InequalityNames[index])) problems.Add($"{Name}: row name {index} is empty.");
        foreach (var name in InequalityNames.Where(name => !string.IsNullOrWhiteSpace(name)).GroupBy(name => name)
            .Where(group => group.Count() > 1).Select(group => group.Key))
        {
            problems.Add($"{Name}: row name '{name}' is used more than once.");
        }
    }

    internal override void ValidateFor(LearningTask task, ICollection<string> problems)
    {
        if (Statistic is null) problems.Add($"{Name}: Statistic is null. A model file does not keep it: give it again to train.");
    }
}
