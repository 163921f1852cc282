using System.Collections;
using System.Runtime.CompilerServices;

namespace HumanCompatible.ML.Groups;

/// <summary>The groups of some rows for each of a set of constraints; constraints over the same groups share a partition.</summary>
/// <param name="Distinct">The partitions, all of the same rows.</param>
/// <param name="OfConstraint">For each constraint the index of its partition.</param>
[CollectionBuilder(typeof(GroupPartitions), nameof(OneEach))]
internal sealed record GroupPartitions(IReadOnlyList<GroupPartition> Distinct, int[] OfConstraint) : IReadOnlyList<GroupPartition>
{
    /// <summary>The number of constraints.</summary>
    public int Count => OfConstraint.Length;

    /// <summary>The partition of a constraint.</summary>
    public GroupPartition this[int constraint] => Distinct[OfConstraint[constraint]];

    /// <summary>A partition for each constraint, none of them shared.</summary>
    internal static GroupPartitions OneEach(ReadOnlySpan<GroupPartition> partitions)
        => new(partitions.ToArray(), [.. Enumerable.Range(0, partitions.Length)]);

    /// <summary>Partitions that constraints with equal keys share.</summary>
    /// <param name="keys">The key of each constraint.</param>
    /// <param name="create">Makes the partition of a constraint; called for the first one with a key.</param>
    internal static GroupPartitions By<TKey>(IReadOnlyList<TKey> keys, Func<int, GroupPartition> create)
        where TKey : notnull
    {
        var distinct = new List<GroupPartition>();
        var known = new Dictionary<TKey, int>();
        var ofConstraint = new int[keys.Count];
        for (var constraint = 0; constraint < keys.Count; constraint++)
        {
            if (!known.TryGetValue(keys[constraint], out ofConstraint[constraint]))
            {
                known.Add(keys[constraint], ofConstraint[constraint] = distinct.Count);
                distinct.Add(create(constraint));
            }
        }

        return new GroupPartitions(distinct, ofConstraint);
    }

    /// <summary>The same groups of some of the rows; some groups may be empty.</summary>
    internal GroupPartitions Take(int[] rows) => this with { Distinct = [.. Distinct.Select(partition => partition.Take(rows))] };

    /// <summary>
    /// These partitions over the groups of the training data; rows of groups that the training data lack or leave out belong to none.
    /// </summary>
    /// <param name="training">The groups of the training data, for the same constraints.</param>
    /// <param name="warnings">Which groups the training data lack.</param>
    internal GroupPartitions Match(GroupPartitions training, out IReadOnlyList<string> warnings)
    {
        var found = new List<string>();
        var matched = training with
        {
            Distinct = [.. training.Distinct.Select((partition, index) =>
            {
                // Constraints that share groups are over the same columns.
                var other = this[Array.IndexOf(training.OfConstraint, index)];
                var result = partition.Match(other, out var unseen);
                if (unseen.Count > 0)
                {
                    found.Add($"The validation data have groups of '{string.Join(", ", other.ColumnNames)}' that the training data lack: "
                        + $"{string.Join(", ", unseen.Select(name => $"'{name}'"))}. Their rows count for the accuracy, not for the "
                        + "constraints.");
                }

                return result;
            })],
        };
        warnings = [.. found.Distinct()];
        return matched;
    }

    /// <summary>
    /// The cell of each row, from 0 in order of appearance: the combinations of a class and of the groups in all partitions, where
    /// belonging to none is a group too. Without partitions a cell is the class.
    /// </summary>
    /// <param name="classOfRow">The class of each row.</param>
    internal int[] Cells(int[] classOfRow)
    {
        int[] cells = [.. classOfRow];
        foreach (var partition in Distinct)
        {
            var known = new Dictionary<(int Cell, int Group), int>();
            for (var row = 0; row < cells.Length; row++)
            {
                var key = (cells[row], partition.GroupOfRow[row]);
                if (!known.TryGetValue(key, out var cell))
                    known.Add(key, cell = known.Count);
                cells[row] = cell;
            }
        }

        return cells;
    }

    public IEnumerator<GroupPartition> GetEnumerator() => OfConstraint.Select(index => Distinct[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
