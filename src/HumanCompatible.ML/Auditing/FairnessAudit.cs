using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Auditing;

/// <summary>
/// The audit of predictions: statistics of all rows, of the groups of each column by itself (<see cref="Of"/>) and of the intersection
/// of all columns (<see cref="Intersection"/>; with one column the same as that column's). Unless the audit was asked to compare them, rows
/// with a missing value are listed, but left out of differences and ratios.
/// </summary>
public sealed partial class FairnessAudit
{
    private const string OnlyTrainingHasIt
        = "a custom constraint cannot be computed from scored data; the Summary of the model has its values";

    private const string NoProbabilities = "these data have no probabilities, which the loss follows from";

    // One entry for each combination of values that occurs. Counts add up, so every set of columns is audited from these.
    private readonly IReadOnlyList<GroupColumn> _cellColumns;
    private readonly IReadOnlyList<GroupColumn> _controls;
    private readonly AuditCell[] _cells;
    private readonly AuditSettings _settings;

    internal FairnessAudit(IReadOnlyList<GroupColumn> cellColumns, IReadOnlyList<GroupColumn> controls, AuditCell[] cells,
        AuditSettings settings)
    {
        (_cellColumns, _controls, _cells, _settings) = (cellColumns, controls, cells, settings);
        GroupColumnNames = [.. cellColumns.Select(c => c.Name)];
        Overall = Aggregate(GroupPartition.Whole(cells.Length)).Single();
        Labels = Overall.Cell is RegressionCell { Deviation: > 0 } values
            ? TaskLabels.Regression(values.MeanLabel, values.Deviation) : cells[0].Task.Labels;
    }

    /// <summary>The columns that define groups.</summary>
    public IReadOnlyList<string> GroupColumnNames { get; }

    /// <summary>The names of the classes, in multiclass classification; empty for other tasks.</summary>
    public IReadOnlyList<string> ClassNames => Labels.Classes;

    /// <summary>The confidence of the intervals, between 0 and 1.</summary>
    public double Confidence => _settings.Confidence;

    /// <summary>The statistics of all rows.</summary>
    public GroupStatistics Overall { get; }

    /// <summary>The audit of the intersection of all columns: each combination of values that occurs is a group.</summary>
    public GroupAudit Intersection => field ??= Of([.. GroupColumnNames]);

    /// <summary>
    /// The audits within each combination of values of the control columns, in the order of their names; empty where there are none.
    /// </summary>
    public IReadOnlyList<AuditStratum> Strata => field ??= CreateStrata();

    /// <summary>What the statistics do not say by themselves, each a sentence: predictions that are nearly constant, and decisions that no
    /// threshold of the score gives.</summary>
    public IReadOnlyList<string> Warnings => field ??= [.. AuditWarnings.Of(this)];

    /// <summary>
    /// A threshold of the score that tells the positive predictions, whose scores are above it, from the negative ones, in binary
    /// classification: 0, or 0.5 of scores that are probabilities, where that is one. <see cref="AtThreshold"/> of it predicts the same.
    /// </summary>
    /// <value>NaN where no threshold does, and where there are no scores.</value>
    public double DecisionThreshold => Task.HasScores && Overall.Cell is BinaryCell cell
        ? cell.ByScore.Threshold(usual: Task.HasProbabilities && cell.ByScore == cell.ByProbability ? 0.5 : 0) : double.NaN;

    /// <summary>The task, with the classes or the scale of the labels.</summary>
    internal TaskLabels Labels { get; }

    /// <summary>What was audited.</summary>
    internal AuditTask Task => _cells[0].Task;

    /// <summary>Where the rows came from; null where these are not all of its rows, or not as it has them.</summary>
    internal ScoredData? Source => _settings.Source;

    /// <summary>The audit of the groups of one column, or of the intersection of some of the columns.</summary>
    /// <param name="groupColumnNames">One or more of the columns that were audited.</param>
    /// <returns>The audit of these groups.</returns>
    /// <exception cref="ArgumentException">No column is named, or one that was not audited.</exception>
    public GroupAudit Of(params IReadOnlyList<string> groupColumnNames)
    {
        ArgumentNullException.ThrowIfNull(groupColumnNames);
        if (groupColumnNames.Count == 0) throw new ArgumentException("At least one group column must be named.", nameof(groupColumnNames));
        var partition = GroupPartition.Intersect(
            [.. groupColumnNames.Select(name => _cellColumns.FirstOrDefault(c => c.Name == name)
            ?? throw new ArgumentException(
                $"Group column '{name}' was not audited; audited were {string.Join(", ", GroupColumnNames.Select(n => $"'{n}'"))}.",
                nameof(groupColumnNames)))]);
        var groups = Aggregate(partition);
        if (_settings.MissingValues == GroupPolicy.Include || partition.MissingGroups.Count == 0)
            return new GroupAudit(partition.ColumnNames, groups, Overall) { Labels = Labels };
        var compared = partition.WithoutMissingValues();
        return new GroupAudit(partition.ColumnNames, Aggregate(compared), Sum(GroupPartition.AllRows,
            Enumerable.Range(0, _cells.Length).Where(cell => compared.GroupOfRow[cell] != GroupPartition.Excluded)))
        {
            ExcludedGroups = [.. partition.MissingGroups.Select(group => groups[group])],
            AllRows = Overall,
            Labels = Labels,
        };
    }

    /// <summary>The statistic that a declaration bounds, such as max - min of the selection rates.</summary>
    /// <param name="constraint">The declaration.</param>
    /// <returns>The statistic over the groups that define it, also those too small to be measured, which
    /// <see cref="Judge(FairnessConstraint)"/> leaves out; NaN where they are too few: two for what compares groups, one for a bound of
    /// each group.</returns>
    /// <exception cref="ArgumentException">A group column of the declaration was not audited, or the statistic is not one of the task that
    /// was, or a custom one.</exception>
    public double ValueOf(FairnessConstraint constraint)
    {
        var (ofTask, rates) = RatesOf(constraint);
        return ofTask.ValueOf(rates);
    }

    /// <summary>
    /// What may be said of a declaration on these rows. <see cref="Verdict.Shown"/> holds for rows that neither trained nor chose the
    /// model, with the confidence of the audit.
    /// </summary>
    /// <param name="constraint">The declaration.</param>
    /// <returns>The verdict, with its value, interval and rows.</returns>
    /// <exception cref="ArgumentException">A group column of the declaration was not audited, or the statistic is not one of the task that
    /// was, or a custom one.</exception>
    public ConstraintVerdict Judge(FairnessConstraint constraint)
    {
        var (ofTask, rates) = RatesOf(constraint);
        return Explained(ofTask, VerdictRule.Of(ofTask, rates, 1 - Confidence) with { ExcludedGroups = [.. WithoutValue(rates)] });
    }

    /// <summary>
    /// What may be said on these rows of the constraints of a model: the groups that its training left out are left out, and those that it
    /// did not see are named. <see cref="Verdict.Shown"/> holds for rows that neither trained nor chose the model, with the confidence of
    /// the audit.
    /// </summary>
    /// <param name="modelParameters">The model that scored the rows.</param>
    /// <returns>A verdict for each constraint, in their order. A custom one cannot be computed from scored data: it is
    /// <see cref="Verdict.NotMeasurable"/>, which <see cref="ConstraintVerdict.NotMeasurableReason"/> says.</returns>
    /// <exception cref="ArgumentException">A group column of a constraint was not audited, or the model is not one of the task that
    /// was.</exception>
    public IReadOnlyList<ConstraintVerdict> Judge(ConstrainedModelParameters modelParameters)
    {
        ArgumentNullException.ThrowIfNull(modelParameters);
        return [.. modelParameters.Constraints.Zip(modelParameters.Summary.Constraints, Judge)];
    }

    /// <summary>Whether the predictions keep a declaration's bound.</summary>
    /// <param name="constraint">The declaration.</param>
    /// <returns>Whether the verdict of <see cref="Judge(FairnessConstraint)"/> is <see cref="Verdict.Kept"/> or
    /// <see cref="Verdict.Shown"/>: what cannot be measured is not satisfied.</returns>
    /// <exception cref="ArgumentException">A group column of the declaration was not audited, or the statistic is not one of the task that
    /// was, or a custom one.</exception>
    public bool Satisfies(FairnessConstraint constraint) => Judge(constraint).IsWithinBound;

    private ConstraintVerdict Judge(FairnessConstraint constraint, ConstraintSummary trained)
    {
        if (constraint is CustomConstraint)
            return NotMeasurable(constraint) with { NotMeasurableReason = OnlyTrainingHasIt };
        var (ofTask, rates) = RatesOf(constraint);
        var names = rates.Groups.Select(group => group.Name).ToList();
        var verdict = ModelVerdict.Of(ofTask, names, [.. rates.Groups.Select(group => group.Cell.Counts)], Labels, trained.ExcludedGroups,
            1 - Confidence);
        return Explained(ofTask, verdict with
        {
            ExcludedGroups = [.. verdict.ExcludedGroups, .. WithoutValue(rates)],
            UnseenGroups = [.. names.Except(trained.Groups).Except(trained.ExcludedGroups.Select(group => group.Name))],
        });
    }

    // Where no row has a loss, it is not for few rows that the bound cannot be told.
    private ConstraintVerdict Explained(FairnessConstraint constraint, ConstraintVerdict verdict)
        => constraint.Metrics.All(metric => metric.Numerator == RowQuantity.Loss && double.IsNaN(Overall.Cell.Counts.Rate(metric)))
            ? verdict with { NotMeasurableReason = NoProbabilities, UnmeasurableGroups = [] } : verdict;

    private static ConstraintVerdict NotMeasurable(FairnessConstraint constraint) => new(constraint.Name, constraint.Bound,
        constraint.IsLowerBound, Verdict.NotMeasurable, double.NaN, ConfidenceInterval.Undefined, 0);

    private static IEnumerable<ExcludedGroup> WithoutValue(GroupAudit rates) => rates.ExcludedGroups
        .Select(group => new ExcludedGroup(group.Name, $"{ExcludedGroup.Rows(group.RowCount)}, a missing value"));

    // The constraint for the classes of this audit, and the groups that it is about.
    private (FairnessConstraint OfTask, GroupAudit Rates) RatesOf(FairnessConstraint constraint)
    {
        ArgumentNullException.ThrowIfNull(constraint);
        var problems = new List<string>();
        if (constraint is not CustomConstraint)
        {
            constraint.Validate(problems);
            constraint.ValidateFor(Labels.Task, problems);
            if (problems.Count == 0 && constraint.ClassName is { } name && !ClassNames.Contains(name))
            {
                problems.Add($"{constraint.Name}: there is no class '{name}'; the classes are "
                    + $"{string.Join("; ", ClassNames.Select(one => $"'{one}'"))}.");
            }
        }
        else
        {
            problems.Add($"{constraint.Name}: {OnlyTrainingHasIt}.");
        }

        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems), nameof(constraint));
        return (constraint.Of(Labels), constraint.GroupColumnNames.Count == 0
            ? new GroupAudit([], [Overall], Overall) { Labels = Labels } : Of(constraint.GroupColumnNames));
    }

    /// <summary>
    /// A table for each column and, with several, for their intersection; with control columns in each stratum, too; then the warnings.
    /// </summary>
    /// <returns>The tables.</returns>
    public override string ToString()
    {
        var audits = GroupColumnNames.Select(name => Of(name).ToString());
        if (GroupColumnNames.Count > 1) audits = audits.Append(Intersection.ToString());
        audits = audits.Concat(Strata.Select(stratum => $"{ShownName.Of(stratum.Name)}{Environment.NewLine}{stratum.Audit}"));
        if (Warnings.Count > 0)
            audits = audits.Append(string.Join(Environment.NewLine, Warnings.Select(warning => $"Warning: {warning}")));
        return string.Join(Environment.NewLine + Environment.NewLine, audits);
    }

    private IReadOnlyList<AuditStratum> CreateStrata()
    {
        if (_controls.Count == 0)
            return [];
        var partition = GroupPartition.Intersect(_controls);
        return [.. partition.GroupNames.Select((name, stratum) => new AuditStratum(name, Within(
            [.. Enumerable.Range(0, _cells.Length).Where(cell => partition.GroupOfRow[cell] == stratum)])))];
    }

    // The audit of some of the cells; its rows cannot be had again by themselves.
    private FairnessAudit Within(int[] cells)
        => new([.. _cellColumns.Select(column => column with { CodeOfRow = [.. cells.Select(cell => column.CodeOfRow[cell])] })], [],
            [.. cells.Select(cell => _cells[cell])], _settings with { ReadRows = null, Source = null });

    // Cells without a group count nowhere.
    private GroupStatistics[] Aggregate(GroupPartition cellPartition)
    {
        var cells = Enumerable.Range(0, _cells.Length).ToLookup(cell => cellPartition.GroupOfRow[cell]);
        return [.. cellPartition.GroupNames.Select((name, group) => Sum(name, cells[group]))];
    }

    private GroupStatistics Sum(string name, IEnumerable<int> cells)
    {
        var sum = _cells[0].Task.NewCell();
        foreach (var cell in cells)
            sum.Add(_cells[cell]);
        return new GroupStatistics(name, sum, Confidence);
    }
}
