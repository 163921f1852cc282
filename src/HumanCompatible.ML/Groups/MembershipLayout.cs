using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
namespace HumanCompatible.ML.Groups;

/// <summary>
/// Which column of the membership matrix belongs to which group of which partition; where a constraint needs it, a partition has one more
/// column for all its rows.
/// </summary>
internal sealed class MembershipLayout
{
    private readonly List<(GroupPartition Partition, int Start, bool Overall)> _parts = [];

    internal MembershipLayout(IReadOnlyList<FairnessConstraint> constraints, IReadOnlyList<GroupPartition> partitions)
    {
        foreach (var partition in partitions.Distinct(ReferenceEqualityComparer.Instance).Cast<GroupPartition>())
        {
            var overall = constraints.Where((c, i) => ReferenceEquals(partitions[i], partition) && c.UsesOverall).Any();
            _parts.Add((partition, ColumnCount, overall));
            ColumnCount += partition.GroupCount + (overall ? 1 : 0);
        }
    }

    internal int ColumnCount { get; }

    internal int RowCount => _parts.Count == 0 ? 0 : _parts[0].Partition.RowCount;

    /// <summary>The column of a group, or of all rows of the partition for <see cref="RateTerm.Overall"/>.</summary>
    internal int ColumnOf(GroupPartition partition, int group)
    {
        var start = _parts.First(p => ReferenceEquals(p.Partition, partition)).Start;
        return group == RateTerm.Overall ? start + partition.GroupCount : start + group;
    }

    /// <summary>
    /// The matrix [rows, columns] in row-major order: the weight of the row in the columns that it belongs to, else zero.
    /// </summary>
    internal float[] Matrix(float[]? weights)
    {
        var matrix = new float[checked(RowCount * ColumnCount)];
        foreach ((var partition, var start, var overall) in _parts)
        {
            for (var row = 0; row < RowCount; row++)
            {
                var group = partition.GroupOfRow[row];
                if (group == GroupPartition.Excluded) continue;
                var weight = weights is null ? 1 : weights[row];
                matrix[row * ColumnCount + start + group] = weight;
                if (overall) matrix[row * ColumnCount + start + partition.GroupCount] = weight;
            }
        }

        return matrix;
    }
}
