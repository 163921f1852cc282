using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Experiments;

/// <summary>Rows that models scored which had not seen them, and the verdicts on them.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Outputs">What the models gave for them, see <see cref="TaskLabels.Outcome"/>, row after row.</param>
/// <param name="Excluded">What the training of the models left out of each constraint.</param>
internal sealed record ScoredRows(RawTable Rows, float[] Outputs, IReadOnlyList<IReadOnlyList<ExcludedGroup>> Excluded)
{
    private const string Score = "Score";

    /// <summary>Rows that a model scored.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="scored">The same rows with scores.</param>
    /// <param name="model">The model.</param>
    internal static ScoredRows Of(RawTable rows, IDataView scored, ConstrainedModelParameters model)
    {
        var outputs = new List<float>(rows.RowCount);
        var column = scored.Schema[Score];
        using var cursor = scored.GetRowCursor([column]);
        if (column.Type is VectorDataViewType)
        {
            var read = cursor.GetGetter<VBuffer<float>>(column);
            VBuffer<float> values = default;
            while (cursor.MoveNext())
            {
                read(ref values);
                outputs.AddRange(values.DenseValues().Select(probability => MathF.Log(MathF.Max(probability, float.Epsilon))));
            }
        }
        else
        {
            var read = cursor.GetGetter<float>(column);
            var value = 0f;
            while (cursor.MoveNext())
            {
                read(ref value);
                outputs.Add(value);
            }
        }

        return new ScoredRows(rows with { Task = model.Trained.Task }, [.. outputs],
            [.. model.Summary.Constraints.Select(constraint => constraint.ExcludedGroups)]);
    }

    /// <summary>The rows of several folds together, but for their features.</summary>
    internal static ScoredRows Together(IReadOnlyList<ScoredRows> folds)
    {
        if (folds.Count == 1)
            return folds[0];
        var first = folds[0].Rows;
        var groups = first.Groups.Keys.ToDictionary(name => name, name => Together([.. folds.Select(fold => fold.Rows.Groups[name])]));
        return new ScoredRows(
            first with
            {
                Features = new FeatureTable(0),
                Labels = [.. folds.SelectMany(fold => fold.Rows.Labels)],
                Weights = first.Weights is null ? null : [.. folds.SelectMany(fold => fold.Rows.Weights!)],
                Groups = groups,
            },
            [.. folds.SelectMany(fold => fold.Outputs)],
            [.. folds[0].Excluded.Select((_, index)
                => folds.SelectMany(fold => fold.Excluded[index]).DistinctBy(group => (group.Name, group.Lacks)).ToList())]);
    }

    /// <summary>What may be said of constraints on these rows.</summary>
    /// <param name="constraints">The constraints, those of the models first.</param>
    /// <param name="missingValues">What is done with groups of missing values.</param>
    /// <param name="tail">The probability with which a bound that is called shown may fail; null where the rows choose.</param>
    /// <param name="intervalTail">The probability with which each end of an interval may fail.</param>
    internal IReadOnlyList<ConstraintVerdict> Judge(IReadOnlyList<FairnessConstraint> constraints, GroupPolicy missingValues, double? tail,
        double intervalTail)
        => [.. constraints.Select((constraint, index) => constraint is CustomConstraint custom ? Judge(custom)
            : Judge(constraint.Of(Rows.Task), index < Excluded.Count ? Excluded[index] : [], missingValues, tail, intervalTail))];

    private ConstraintVerdict Judge(FairnessConstraint constraint, IReadOnlyList<ExcludedGroup> excluded, GroupPolicy missingValues,
        double? tail, double intervalTail)
    {
        var partition = Rows.Partitions([constraint])[0];
        if (missingValues != GroupPolicy.Include)
            partition = partition.WithoutMissingValues();
        var gone = excluded.Where(group => group.Lacks is null).Select(group => group.Name).ToHashSet();
        partition = partition.Without(group => gone.Contains(partition.GroupNames[group]));
        IRowCounts[] counts = [.. partition.GroupNames.Select(_ => Rows.Task.NewCounts())];
        for (var row = 0; row < Rows.RowCount; row++)
        {
            if (partition.GroupOfRow[row] is >= 0 and var group)
                counts[group].Add(Outcome(row));
        }

        var named = excluded.Where(group => partition.GroupNames.Contains(group.Name) || gone.Contains(group.Name)).ToList();
        if (constraint is ParityConstraint { ReferenceGroup: { } reference } && !partition.GroupNames.Contains(reference))
        {
            return new ConstraintVerdict(constraint.Name, constraint.Bound, constraint.IsLowerBound, Verdict.NotMeasurable, double.NaN,
                ConfidenceInterval.Undefined, 0)
            { ExcludedGroups = named };
        }

        var rates = new RatesLeftOut(new CountedRates(partition.GroupNames, counts, Rows.Task), excluded);
        return VerdictRule.Of(constraint, rates, tail, intervalTail) with { ExcludedGroups = named };
    }

    // A custom statistic is no sum over rows: its function is called with all of them.
    private ConstraintVerdict Judge(CustomConstraint constraint)
    {
        var rows = new TrainingRows(new float[Rows.RowCount], 1, Rows.Labels, Rows.Weights, Rows.Partitions([constraint]))
        {
            Task = Rows.Task,
        };
        using var encoded = new EncodedRows(rows, [constraint], TorchDevice.Resolve("cpu"));
        var values = Measurement.Of(Outputs, encoded).Custom;
        return VerdictRule.OfCustom(constraint, values.ToArray().Max(), Rows.RowCount);
    }

    private RowOutcome Outcome(int row)
    {
        var width = Rows.Task.OutputCount;
        return Rows.Task.Outcome(Rows.Labels[row], Outputs.AsSpan(row * width, width), Rows.Weights?[row] ?? 1);
    }

    private static GroupColumn Together(IReadOnlyList<GroupColumn> columns)
    {
        string[] names = [.. columns.SelectMany(column => column.GroupNames).Distinct()];
        var codes = names.Index().ToDictionary(name => name.Item, name => name.Index);
        var missing = columns.FirstOrDefault(column => column.MissingCode is not null);
        return new GroupColumn(columns[0].Name,
            [.. columns.SelectMany(column => column.CodeOfRow.Select(code => codes[column.GroupNames[code]]))], names)
        { MissingCode = missing is null ? null : codes[missing.GroupNames[missing.MissingCode!.Value]] };
    }

    // Rates of a group that training left out are not defined here either.
    private sealed class RatesLeftOut(IRateEstimates rates, IReadOnlyList<ExcludedGroup> excluded) : IRateEstimates
    {
        public IReadOnlyList<string> GroupNames => rates.GroupNames;

        public RateEstimate Estimate(GroupMetric metric, int group) => group != IRateEstimates.Overall
            && excluded.Any(left => left.Lacks is not null && left.Name == GroupNames[group] && left.IsOf(metric.Rows))
            ? new(double.NaN, 0, double.NaN) : rates.Estimate(metric, group);

        public double UnitOf(GroupMetric metric) => rates.UnitOf(metric);
    }
}
