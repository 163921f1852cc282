using System.Text.Json.Serialization;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// A user's own statistics of some rows, for <see cref="Fairness.Custom"/>: numbers s [k], each of which must be at most the bound of
/// the constraint.
/// </summary>
/// <remarks>
/// It is called with surrogate predictions while the weights are trained, and must be differentiable in them; and with exact ones
/// (<see cref="ConstraintBatch.IsExact"/>), without gradient, to move the multipliers, to choose the epoch, and to report. It must depend
/// on the batch alone and give finite numbers for every batch (also one without a row of some group). The tensors that it is given are
/// copies: what it does to them reaches nothing else. Whatever it creates is freed by the caller. Tensors of shapes that do not fit make
/// libtorch end the process in some operations, matmul for one.
/// </remarks>
/// <param name="batch">The rows.</param>
/// <returns>s [k]; k is at least 1 and the same in every call.</returns>
public delegate Tensor CustomStatistic(ConstraintBatch batch);

/// <inheritdoc cref="Fairness.Custom"/>
internal sealed record CustomConstraint : FairnessConstraint
{
    [JsonConstructor]
    internal CustomConstraint(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    /// <summary>Computes the statistics; null in a declaration that was read from a file.</summary>
    [JsonIgnore]
    public CustomStatistic? Statistic { get; init; }

    /// <summary>A name for each of the statistics, used for the multipliers; null for their numbers, such as <c>[0]</c>.</summary>
    public IReadOnlyList<string>? InequalityNames { get; init => field = value is null ? null : [.. value]; }

    private protected override IReadOnlyList<GroupMetric> DeclaredMetrics => [];

    private protected override bool RequiresGroups => false;

    private protected override double SmallestBound => double.NegativeInfinity;

    internal override double LargestBound => double.PositiveInfinity;

    /// <summary>Whether another declaration has the same name, columns, bound, statistic and inequality names.</summary>
    /// <param name="other">The other declaration.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Equals(CustomConstraint? other) => other is not null && base.Equals(other) && Statistic == other.Statistic
        && (InequalityNames is null ? other.InequalityNames is null : other.InequalityNames?.SequenceEqual(InequalityNames) == true);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Statistic, InequalityNames?.Count);

    // What it bounds is no linear combination of rates: CheckedStatistics takes the place of inequalities.
    internal override IEnumerable<LinearInequality> Inequalities(IReadOnlyList<string> groupNames) => [];

    internal override double ValueOf(IGroupRates rates) =>
        throw new NotSupportedException($"{Name}: a custom constraint has no value in terms of the rates of groups.");

    internal override void Validate(ICollection<string> problems)
    {
        base.Validate(problems);
        if (ClassName is not null)
            problems.Add($"{Name}: ClassName '{ClassName}' is named, but a custom constraint is given the predictions of all classes.");
        if (InequalityNames is null)
            return;
        if (InequalityNames.Count == 0)
            problems.Add($"{Name}: InequalityNames is empty.");
        CheckNames(InequalityNames, "inequality", problems);
    }

    internal override void ValidateFor(LearningTask task, ICollection<string> problems)
    {
        if (Statistic is null)
            problems.Add($"{Name}: Statistic is null. A model file does not keep it: give it again to train.");
    }
}
