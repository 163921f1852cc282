using System.Text.Json.Serialization;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// The declaration of a fairness constraint: which statistic, of which groups, compared how, with which bound. Immutable; equal by value;
/// made by <see cref="Fairness"/>.
/// </summary>
/// <remarks>
/// The bound is on the audited statistic, computed from hard predictions (the audit gives the same number), not on the differentiable
/// surrogate that drives the weights.
/// </remarks>
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
public abstract record FairnessConstraint
{
    private readonly string? _name;

    private protected FairnessConstraint(ColumnNames groupColumnNames, double bound)
        => (GroupColumnNames, Bound) = (groupColumnNames, bound);

    /// <summary>The columns that define the groups; several columns mean the groups of their intersection.</summary>
    [JsonPropertyOrder(-2)]
    public ColumnNames GroupColumnNames { get; init; }

    /// <summary>The bound on the statistic; its range and direction are given by the kind of constraint.</summary>
    [JsonPropertyOrder(-1)]
    public double Bound { get; init => field = value + 0.0; } // -0 is 0

    /// <summary>The kind of constraint, such as <c>DemographicParity</c>.</summary>
    [JsonIgnore]
    public string Kind => GetType().Name;

    /// <summary>
    /// The name of this constraint in summaries, histories and multipliers; by default its kind and columns, such as
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
    /// predicted]; null (the default) constrains the rates of every class, and the audited value is the worst of the classes that define
    /// it. Null for all other tasks, and for statistics of all classes together (accuracy, error rate, loss).
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

    /// <summary>The statistics that this kind of constraint is about.</summary>
    private protected abstract IReadOnlyList<GroupMetric> DeclaredMetrics { get; }

    /// <summary>The statistics of a group that this constraint needs; of multiclass classification see <see cref="Of"/>.</summary>
    internal IReadOnlyList<GroupMetric> Metrics => MetricsOfClasses ?? DeclaredMetrics;

    // Those of each class, one class after the other.
    private IReadOnlyList<GroupMetric>? MetricsOfClasses { get; init; }

    /// <summary>How many classes have statistics of their own; 1 where none has.</summary>
    internal int ClassCount => Metrics.DistinctBy(metric => metric.Class).Count();

    /// <summary>How many of them count as independent: the selection rates of all classes add up to 1, so that it is one fewer.</summary>
    internal int IndependentClasses => Math.Max(1, ClassCount - 1);

    /// <summary>
    /// How many independent comparisons of groups there are: the extremes of many groups are further apart by chance.
    /// </summary>
    /// <param name="groups">How many groups are compared.</param>
    internal int Comparisons(int groups) => Math.Max(1, this is ParityConstraint ? groups - 1 : groups) * IndependentClasses;

    /// <summary>
    /// This constraint for some labels: in multiclass classification with the statistics of each class, or of the one that it names.
    /// </summary>
    /// <exception cref="InvalidOperationException">It names a class that is not there.</exception>
    internal FairnessConstraint Of(TaskLabels labels)
    {
        if (labels.Task != LearningTask.MulticlassClassification || !DeclaredMetrics.Any(metric => metric.IsPerClass))
            return this;
        var classes = labels.Classes.Index().Where(one => ClassName is null || one.Item == ClassName).ToList();
        if (classes.Count == 0)
        {
            throw new InvalidOperationException($"{Name}: there is no class '{ClassName}'; the classes are "
                + $"{string.Join("; ", labels.Classes.Select(name => $"'{name}'"))}.");
        }

        return this with
        {
            MetricsOfClasses = [.. classes.SelectMany(one => DeclaredMetrics.Select(metric => metric.OfClass(one.Index, one.Item)))],
        };
    }

    /// <summary>The rows over which its rates are taken.</summary>
    internal IEnumerable<RateRows> Denominators => Metrics.Select(metric => metric.Rows).Distinct();

    /// <summary>Whether <see cref="Metrics"/> are needed over all rows together, too.</summary>
    internal virtual bool UsesOverall => false;

    /// <summary>
    /// Whether the rows that a model was trained on flatter the statistic, so that only others estimate it: where it says how well the
    /// model predicts. Differences of true and of false positive rates are not for that, as all groups gain; of rates over predictions,
    /// whose rows training chooses too, they are. Where others are flattered, held-out rows tell.
    /// </summary>
    internal virtual bool IsFlatteredByTraining => Metrics.Any(metric => !metric.IsMonotone);

    /// <summary>Whether the statistic must be at least the bound; otherwise at most.</summary>
    internal virtual bool IsLowerBound => false;

    /// <summary>
    /// The constraint as linear inequalities in the groups' statistics; all of them hold exactly when the constraint is kept. Coefficients
    /// and bounds are linear in <see cref="Bound"/>.
    /// </summary>
    /// <param name="groupNames">The names of the groups.</param>
    internal abstract IEnumerable<LinearInequality> Inequalities(IReadOnlyList<string> groupNames);

    // The name of an inequality begins with it. The default name of a constraint of one class has the class already.
    private protected string InequalityPrefix(GroupMetric metric)
        => (metric.ClassName is null || (ClassName is not null && Name == DefaultName) ? Name : $"{Name}: {metric.ClassName}")
            + (DeclaredMetrics.Count == 1 ? "" : $": {metric.Name}");

    /// <summary>The audited statistic; NaN where no group defines it.</summary>
    internal abstract double ValueOf(IGroupRates rates);

    /// <summary>By how much <paramref name="value"/> violates the bound: positive when it does, NaN when the value is undefined.</summary>
    internal double Violation(double value) => IsLowerBound ? Bound - value : value - Bound;

    /// <summary>
    /// How far the bound is from the nearer end of the range of the statistic: rows that tell it worse than that cannot tell on which side
    /// of the bound a value is. Where nothing can be beyond the bound, what it leaves.
    /// </summary>
    internal double Room
    {
        get
        {
            var beyond = IsLowerBound ? Bound - SmallestBound : LargestBound - Bound;
            return beyond > 0 ? Math.Min(beyond, LargestMargin) : LargestMargin;
        }
    }

    /// <summary>
    /// What the bound leaves: the largest margin under which a value still keeps it, or, where the statistic has no end that a bound could
    /// approach, the size of the bound.
    /// </summary>
    internal double LargestMargin
    {
        get
        {
            var margin = IsLowerBound ? LargestBound - Bound : Bound - SmallestBound;
            return double.IsFinite(margin) ? margin : Math.Abs(Bound);
        }
    }

    private protected virtual bool RequiresGroups => true;

    private protected virtual double SmallestBound => 0;

    /// <summary>The largest bound that can be declared.</summary>
    internal virtual double LargestBound => 1;

    /// <summary>Adds a message for each problem of this declaration to <paramref name="problems"/>.</summary>
    internal virtual void Validate(ICollection<string> problems)
    {
        if (string.IsNullOrWhiteSpace(Name))
            problems.Add($"{DefaultName}: Name is empty.");
        if (GroupColumnNames.Count == 0 && RequiresGroups)
            problems.Add($"{Name}: at least one group column is needed.");
        CheckNames(GroupColumnNames, "group column", problems);
        if (!(Math.Abs(Bound) <= Problems.Largest) || Bound < SmallestBound || Bound > LargestBound)
        {
            var end = double.IsFinite(Bound) && Math.Abs(Bound) > Problems.Largest ? $" and at most {Problems.LargestText}" : "";
            var range = double.IsNegativeInfinity(SmallestBound) ? $"a finite number{(end == "" ? "" : $",{end[4..]} in size")}"
                : double.IsFinite(LargestBound) ? FormattableString.Invariant($"a number from 0 to {LargestBound}")
                : $"finite and not negative{end}";
            problems.Add(FormattableString.Invariant($"{Name}: Bound must be {range}, got {Bound}."));
        }
    }

    // That names are given, and each once.
    private protected void CheckNames(IReadOnlyList<string> names, string what, ICollection<string> problems)
    {
        for (var index = 0; index < names.Count; index++)
        {
            if (string.IsNullOrWhiteSpace(names[index]))
                problems.Add($"{Name}: the name of {what} {index} is empty.");
        }

        foreach (var same in names.Where(name => !string.IsNullOrWhiteSpace(name)).GroupBy(name => name).Where(same => same.Count() > 1))
            problems.Add($"{Name}: {what} '{same.Key}' is named more than once.");
    }

    private protected void CheckDefined<TEnum>(TEnum value, string property, ICollection<string> problems)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
            problems.Add($"{Name}: {property} must be one of {string.Join(", ", Enum.GetNames<TEnum>())}, got {value}.");
    }

    /// <summary>
    /// Adds a message for each reason why a network of this task cannot be trained under this declaration to <paramref name="problems"/>.
    /// </summary>
    internal virtual void ValidateFor(LearningTask task, ICollection<string> problems)
    {
        foreach (var metric in Metrics.Where(metric => !metric.Suits(task)))
        {
            problems.Add(
                $"{Name}: {metric} is a statistic of {(task == LearningTask.Regression ? "classification" : "regression")}, not of "
                + $"{ConstraintTask.Describe(task)}.");
        }

        if (ClassName is null)
            return;
        if (task != LearningTask.MulticlassClassification)
        {
            problems.Add(
                $"{Name}: ClassName '{ClassName}' is named, but only multiclass classification has classes to choose from, not "
                + $"{ConstraintTask.Describe(task)}.");
        }
        else if (!Metrics.Any(metric => metric.IsPerClass))
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
            if (constraints[i] is null)
                problems.Add($"Constraint {i} is null.");
            else
                constraints[i].Validate(problems);
        }

        foreach (var same in constraints.Where(c => c is not null).GroupBy(c => c.Name).Where(g => g.Count() > 1))
            problems.Add($"{same.Count()} constraints are named '{same.Key}'; give each its own Name.");
    }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public sealed override string ToString() => RecordText.Of(this, PrintMembers);
}
