using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
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
internal sealed record JudgedRows(RawTable Rows, float[] Outputs, IReadOnlyList<IReadOnlyList<ExcludedGroup>> Excluded)
{
    private const string Score = "Score";
    private const int MostParts = 200;

    /// <summary>Rows that a model scored.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="scored">The same rows with scores.</param>
    /// <param name="model">The model.</param>
    internal static JudgedRows Of(RawTable rows, IDataView scored, ConstrainedModelParameters model)
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

        return new JudgedRows(rows with { Task = model.Trained.Task }, [.. outputs],
            [.. model.Summary.Constraints.Select(constraint => constraint.ExcludedGroups)]);
    }

    /// <summary>What may be said of constraints on these rows.</summary>
    /// <param name="constraints">The constraints, those of the models first.</param>
    /// <param name="missingValues">What is done with groups of missing values.</param>
    /// <param name="tail">The probability with which a bound that is called shown may fail; null where the rows choose.</param>
    /// <param name="intervalTail">The probability with which each end of an interval may fail.</param>
    internal IReadOnlyList<ConstraintVerdict> Judge(IReadOnlyList<FairnessConstraint> constraints, GroupPolicy missingValues, double? tail,
        double intervalTail)
        => [.. constraints.Select((constraint, index) => constraint is CustomConstraint custom ? Judge(custom)
            : Judge(constraint.Of(Rows.Task), ExcludedOf(index), missingValues, tail, intervalTail))];

    /// <summary>
    /// By how much the value of a constraint's worst inequality changes without each of some parts of the rows; nothing where that is not
    /// known.
    /// </summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="index">Its number among those of the model.</param>
    /// <param name="verdict">What is said of it on these rows.</param>
    /// <param name="missingValues">What is done with groups of missing values.</param>
    internal double[] Changes(FairnessConstraint constraint, int index, ConstraintVerdict verdict, GroupPolicy missingValues)
    {
        if (constraint is CustomConstraint)
            return [];
        constraint = constraint.Of(Rows.Task);
        var partition = PartitionOf(constraint, missingValues);
        var parts = Count(partition, Math.Min(MostParts, Rows.RowCount));
        IRowCounts[] whole = [.. partition.GroupNames.Select((_, group) => Sum(parts.Select(part => part[group])))];
        RatesWithoutExcluded RatesOf(IReadOnlyList<IRowCounts> counts)
            => new(partition.GroupNames, counts, Rows.Task, [.. ExcludedOf(index)]);
        var rates = RatesOf(whole);
        var unmeasurable = verdict.UnmeasurableGroups.Select(group => (group.Group, group.Metric, group.ClassName)).ToHashSet();
        bool IsKnown(RateTerm term) => rates.Estimate(term.Metric, term.Group).IsDefined && (term.Group == RateTerm.Overall
            || !unmeasurable.Contains((rates.GroupNames[term.Group], term.Metric.Unclassed, term.Metric.ClassName)));
        double Value(LinearInequality inequality, IRateEstimates of)
            => InequalityEstimate.Of(constraint, inequality, of, isHeld: false).Violation;
        var worst = constraint.Inequalities(rates.GroupNames).Where(inequality => inequality.Terms.All(IsKnown))
            .MaxBy(inequality => Value(inequality, rates));
        if (worst is null)
            return [];
        foreach (var counts in parts.SelectMany(part => part))
            counts.Replace(sum => -sum);
        return [.. parts.Select(part => Value(worst, RatesOf([.. whole.Select((counts, group) => Sum([counts, part[group]]))]))
            - Value(worst, rates))];
    }

    private IReadOnlyList<ExcludedGroup> ExcludedOf(int index) => index < Excluded.Count ? Excluded[index] : [];

    private ConstraintVerdict Judge(FairnessConstraint constraint, IReadOnlyList<ExcludedGroup> excluded, GroupPolicy missingValues,
        double? tail, double intervalTail)
    {
        var partition = PartitionOf(constraint, missingValues);
        return ModelVerdict.Of(constraint, partition.GroupNames, Count(partition, 1)[0], Rows.Task, excluded, tail, intervalTail);
    }

    private GroupPartition PartitionOf(FairnessConstraint constraint, GroupPolicy missingValues)
    {
        var partition = Rows.Partitions([constraint])[0];
        return missingValues == GroupPolicy.Include ? partition : partition.WithoutMissingValues();
    }

    // The counts of each group, by parts of the rows.
    private IRowCounts[][] Count(GroupPartition partition, int parts)
    {
        IRowCounts[][] counts = [.. Enumerable.Range(0, parts)
            .Select(_ => (IRowCounts[])[.. partition.GroupNames.Select(_ => Rows.Task.NewCounts())])];
        for (var row = 0; row < Rows.RowCount; row++)
        {
            if (partition.GroupOfRow[row] is >= 0 and var group)
                counts[row % parts][group].Add(Outcome(row));
        }

        return counts;
    }

    private IRowCounts Sum(IEnumerable<IRowCounts> counts)
    {
        var sum = Rows.Task.NewCounts();
        foreach (var one in counts)
            sum.Add(one);
        return sum;
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
}
