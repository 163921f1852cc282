using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Data;

/// <summary>What training reads of a view, in managed memory.</summary>
/// <param name="Features">The features; none infinite, and none missing but where that is allowed.</param>
/// <param name="Labels">0 or 1 per row, the number of its class, or a real number.</param>
/// <param name="Weights">The weight of each row, finite and not negative, or null.</param>
/// <param name="Groups">The group columns by name.</param>
internal sealed record RawTable(FeatureTable Features, float[] Labels, float[]? Weights,
    IReadOnlyDictionary<string, GroupColumn> Groups)
{
    /// <summary>What is learned of the labels.</summary>
    internal TaskLabels Task { get; init; } = TaskLabels.Binary;

    /// <summary>The name of the label column.</summary>
    internal string LabelColumn { get; init; } = "Label";

    /// <summary>Who has read the rows together.</summary>
    internal ICollective Collective { get; init; } = Alone.Instance;

    /// <summary>The number of the first row that this member has read, and has the features of.</summary>
    internal int FirstRow { get; init; }

    /// <summary>The rows of all members.</summary>
    internal int RowCount => Labels.Length;

    /// <summary>Where rows are in <see cref="Features"/>; -1 for those that another member has read.</summary>
    internal int[] InFeatures(int[] rows) => Collective.Count == 1 ? rows
        : Array.ConvertAll(rows, row => row >= FirstRow && row < FirstRow + Features.RowCount ? row - FirstRow : -1);

    /// <inheritdoc cref="ExpectedRates"/>
    internal EstimatedRates Expected(FairnessConstraint constraint, GroupPartition partition)
        => ExpectedRates.Of(constraint, Task, Labels, Weights, partition);

    /// <summary>Checks that every group column names groups, not rows.</summary>
    /// <exception cref="InvalidOperationException">One does not.</exception>
    internal void CheckGroupColumns()
    {
        foreach (var column in Groups.Values)
            column.CheckNamesGroups();
    }

    /// <summary>The groups of each constraint; constraints over the same columns share a partition.</summary>
    internal GroupPartitions Partitions(IReadOnlyList<FairnessConstraint> constraints)
    {
        ColumnNames[] columns = [.. constraints.Select(constraint => constraint.GroupColumnNames)];
        return GroupPartitions.By(columns, constraint => columns[constraint].Count == 0
            ? GroupPartition.Whole(RowCount)
            : GroupPartition.Intersect([.. columns[constraint].Select(name => Groups[name])]));
    }
}
