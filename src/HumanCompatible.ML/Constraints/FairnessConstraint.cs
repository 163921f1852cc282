using System.Text.Json.Serialization;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// The declaration of a fairness constraint: which statistic, of which groups, compared how, with which bound. Immutable; equal by value;
/// made by <see cref="Fairness"/>.
/// </summary>
/// <remarks>
/// The bound is on the audited statistic, computed from hard predictions (the audit gives the same number), not on a smooth substitute used
/// in training.
/// </remarks>
/// <param name="GroupColumnNames">The columns that define the groups; several columns mean the groups of their intersection (each
/// combination of values is a group).</param>
/// <param name="Bound">The bound on the statistic; its range and direction are given by the kind of constraint.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(DemographicParity), "demographicParity")]
[JsonDerivedType(typeof(EqualizedOdds), "equalizedOdds")]
[JsonDerivedType(typeof(EqualOpportunity), "equalOpportunity")]
[JsonDerivedType(typeof(PredictiveEquality), "predictiveEquality")]
[JsonDerivedType(typeof(AccuracyParity), "accuracyParity")]
[JsonDerivedType(typeof(PredictiveParity), "predictiveParity")]
[JsonDerivedType(typeof(FalseOmissionRateParity), "falseOmissionRateParity")]
[JsonDerivedType(typeof(LossParity), "lossParity")]
[JsonDerivedType(typeof(BoundedGroupLoss), "boundedGroupLoss")]
[JsonDerivedType(typeof(RateBound), "rateBound")]
[JsonDerivedType(typeof(MeanParity), "meanParity")]
[JsonDerivedType(typeof(ResidualParity), "residualParity")]
[JsonDerivedType(typeof(CustomConstraint), "customConstraint")]
public abstract record FairnessConstraint(IReadOnlyList<string> GroupColumnNames, [property: JsonPropertyOrder(-1)] double Bound)
{
    private readonly string? _name;

    /// <summary>The columns that define the groups; several columns mean the groups of their intersection.</summary>
    [JsonPropertyOrder(-2)]
    public IReadOnlyList<string> GroupColumnNames { get; init => field = ColumnNameList.Of(value); } = ColumnNameList.Of(GroupColumnNames);

    /// <summary>The kind of constraint, such as <c>DemographicParity</c>.</summary>
    [JsonIgnore]
    public string Kind => GetType().Name;

    /// <summary>
    /// The name of this constraint in summaries, histories and duals; by default its kind and columns, such as
    /// <c>DemographicParity(Sex)</c>.
    /// </summary>
    [JsonPropertyOrder(1)]
    public string Name
    {
        get => _name ?? DefaultName;
        init => _name = value == DefaultName ? null : value;
    }

    /// <summary>
    /// In multiclass classification, the only class whose rates are constrained, with y = 1[label is the class] and p = 1[the class is
    /// predicted]; null (the default) constrains the
    /// rates of every class, and the audited value is the worst of them. Null for all other tasks, and for statistics of all classes
    /// together (accuracy, error rate, loss).
    /// </summary>
    public string? ClassName { get; init; }

    /// <summary>Whether another declaration is of the same kind and has the same name, columns, bound and settings.</summary>
    /// <param name="other">The other declaration.</param>
    /// <returns>Whether they are equal.</returns>
    public virtual bool Equals(FairnessConstraint? other) =>
        other is not null && EqualityContract == other.EqualityContract && Name == other.Name && ClassName == other.ClassName
            && Bound.Equals(other.Bound) && GroupColumnNames.Equals(other.GroupColumnNames);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, Name, ClassName, Bound, GroupColumnNames);

    private protected virtual string DefaultName
        => (GroupColumnNames.Count == 0 ? Kind : $"{Kind}({string.Join(", ", GroupColumnNames)})") + ClassSuffix;

    private protected string ClassSuffix => ClassName is null ? "" : $" of {ClassName}";

    /// <summary>The statistics of a group that this constraint needs.</summary>
    internal abstract IReadOnlyList<GroupMetric> Metrics { get; }

    /// <summary>Whether <see cref="Metrics"/> are needed over all rows together, too.</summary>
    internal virtual bool UsesOverall => false;

    /// <summary>Whether the statistic must be at least the bound; otherwise at most.</summary>
    internal virtual bool IsLowerBound => false;

    /// <summary>
    /// The constraint as rows of linear inequalities in the groups' statistics; all of them hold exactly when the constraint is met.
    /// Coefficients and bounds are linear in <see cref="Bound"/>.
    /// </summary>
    /// <param name="groupNames">The names of the groups.</param>
    /// <param name="className">The class whose rates they are, for the names of the rows; null where there is none.</param>
    internal abstract IEnumerable<LinearInequality> Rows(IReadOnlyList<string> groupNames, string? className = null);

    // The name of a row begins with it. The default name of a constraint of one class has the class already.
    private protected string RowPrefix(string? className)
        => className is null || (ClassName is not null && Name == DefaultName) ? Name : $"{Name}: {className}";

    /// <summary>The audited statistic; NaN where no group defines it.</summary>
    internal abstract double ValueOf(IGroupRates rates);

    /// <summary>
    /// This constraint with a bound that is stricter by <paramref name="margin"/>, but never so strict that equal groups would break it.
    /// </summary>
    internal abstract FairnessConstraint Tightened(double margin);

    /// <summary>By how much <paramref name="value"/> misses the bound: positive when it does, NaN when the value is undefined.</summary>
    internal double Excess(double value) => IsLowerBound ? Bound - value : value - Bound;

    /// <summary>Adds a message for each problem of this declaration to <paramref name="problems"/>.</summary>
    internal virtual void Validate(ICollection<string> problems)
    {
        if (string.IsNullOrWhiteSpace(Name)) problems.Add($"{DefaultName}: Name is empty.");
        if (GroupColumnNames.Count == 0 && RequiresGroups) problems.Add($"{Name}: at least one group column is needed.");
        for (var i = 0; i < GroupColumnNames.Count; i++)
            if (string.IsNullOrWhiteSpace(GroupColumnNames[i])) problems.Add($"{Name}: the name of group column {i} is empty.");
        foreach (var name in GroupColumnNames.Where(n => !string.IsNullOrWhiteSpace(n)).GroupBy(n => n).Where(g => g.Count() > 1)
            .Select(g => g.Key))
        {
            problems.Add($"{Name}: group column '{name}' is named more than once.");
        }

        if (double.IsNegativeInfinity(SmallestBound))
        {
            if (!double.IsFinite(Bound)) problems.Add(FormattableString.Invariant($"{Name}: Bound must be a finite number, got {Bound}."));
        }
        else if (!(Bound >= SmallestBound && Bound <= LargestBound)) // written so that NaN fails
        {
            problems.Add(double.IsFinite(LargestBound)
                ? FormattableString.Invariant($"{Name}: Bound must be a number from 0 to {LargestBound}, got {Bound}.")
                : FormattableString.Invariant($"{Name}: Bound must be a finite number of at least 0, got {Bound}."));
        }
        else if (double.IsInfinity(Bound))
        {
            problems.Add(FormattableString.Invariant($"{Name}: Bound must be a finite number of at least 0, got {Bound}."));
        }
    }

    /// <summary>
    /// Adds a message for each reason why a network of this task cannot be trained under this declaration to <paramref name="problems"/>.
    /// </summary>
    internal virtual void ValidateFor(LearningTask task, ICollection<string> problems)
    {
        foreach (var metric in Metrics.Where(metric => !MetricDefinition.Suits(metric, task)))
        {
            problems.Add(
                $"{Name}: {metric} is a statistic of {(task == LearningTask.Regression ? "classification" : "regression")}, not of "
                + $"{ConstraintTask.Describe(task)}.");
        }

        if (ClassName is null) return;
        if (task != LearningTask.MulticlassClassification)
        {
            problems.Add(
                $"{Name}: ClassName '{ClassName}' is named, but only multiclass classification has classes to choose from, not "
                + $"{ConstraintTask.Describe(task)}.");
        }
        else if (!Metrics.Any(MetricDefinition.IsPerClass))
        {
            problems.Add($"{Name}: ClassName '{ClassName}' is named, but {string.Join(" and ", Metrics)} is of all classes together.");
        }
    }

    /// <inheritdoc cref="ValidateFor(LearningTask, ICollection{string})"/>
    internal static void ValidateFor(IReadOnlyList<FairnessConstraint> constraints, LearningTask task, ICollection<string> problems)
    {
        foreach (var constraint in constraints)
            constraint?.ValidateFor(task, problems);
    }

    /// <summary>Adds a message for each problem of the declarations to <paramref name="problems"/>, names used twice included.</summary>
    internal static void Validate(IReadOnlyList<FairnessConstraint> constraints, ICollection<string> problems)
    {
        for (var i = 0; i < constraints.Count; i++)
        {
            if (constraints[i] is null) problems.Add($"Constraint {i} is null.");
            else constraints[i].Validate(problems);
        }

        foreach (var same in constraints.Where(c => c is not null).GroupBy(c => c.Name).Where(g => g.Count() > 1))
            problems.Add($"{same.Count()} constraints are named '{same.Key}'; give each its own Name.");
    }

    private protected virtual bool RequiresGroups => true;

    private protected virtual double SmallestBound => 0;

    private protected virtual double LargestBound => 1;

    /// <summary>How much stricter the bound can become before no value keeps it; infinite where there is no such end.</summary>
    internal double Room => IsLowerBound ? LargestBound - Bound : Bound - SmallestBound;
}
