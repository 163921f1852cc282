using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>
/// Which column of the membership matrix [rows, columns] belongs to which group of which partition. A column holds the weights of its
/// group's rows and is zero elsewhere; where a constraint needs it, a partition has one more column for all its rows. As nearly all of the
/// matrix is zero, rows are kept compact, <see cref="CompactWidth"/> numbers each, and the matrix is made of a batch at a time.
/// </summary>
internal sealed class MembershipLayout
{
    // Of more numbers there is no span.
    private const long MostInMemory = 1L << 28;

    private readonly GroupPartitions _partitions;
    private readonly (int Start, bool HasOverall)[] _parts;

    internal MembershipLayout(IReadOnlyList<FairnessConstraint> constraints, GroupPartitions partitions)
    {
        _partitions = partitions;
        _parts = new (int, bool)[partitions.Distinct.Count];
        for (var part = 0; part < _parts.Length; part++)
        {
            var hasOverall = constraints.Where((constraint, i) => partitions.OfConstraint[i] == part && constraint.UsesOverall).Any();
            _parts[part] = (ColumnCount, hasOverall);
            ColumnCount += partitions.Distinct[part].GroupCount + (hasOverall ? 1 : 0);
            CompactWidth += hasOverall ? 2 : 1;
        }
    }

    internal int ColumnCount { get; }

    internal int RowCount => _parts.Length == 0 ? 0 : _partitions.Distinct[0].RowCount;

    /// <summary>The numbers of a compact row: its weight, and the columns that hold it, <see cref="ColumnCount"/> for none.</summary>
    internal int CompactWidth { get; } = 1;

    internal IReadOnlyList<string> GroupNamesOf(int constraint) => _partitions[constraint].GroupNames;

    /// <summary>The column of a group of a constraint, or of all rows of its groups for <see cref="RateTerm.Overall"/>.</summary>
    internal int ColumnOf(int constraint, int group)
        => _parts[_partitions.OfConstraint[constraint]].Start + (group == RateTerm.Overall ? _partitions[constraint].GroupCount : group);

    /// <summary>The compact form of some rows, [rows, <see cref="CompactWidth"/>], row after row.</summary>
    /// <param name="rows">The numbers of the rows.</param>
    /// <param name="weights">A weight of at least 0 for each row of all; 1 where null.</param>
    /// <exception cref="ArgumentException">There are not as many weights as rows.</exception>
    internal float[] Compact(long[] rows, float[]? weights)
    {
        if (weights is not null && weights.Length != RowCount)
            throw new ArgumentException($"There are {weights.Length} weights, but {RowCount} rows.", nameof(weights));
        var compact = new float[checked(rows.Length * CompactWidth)];
        for (var index = 0; index < rows.Length; index++)
            Compact((int)rows[index], weights?[rows[index]] ?? 1, compact.AsSpan(index * CompactWidth, CompactWidth));
        return compact;
    }

    /// <summary>The compact form of a row.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="weight">Its weight.</param>
    /// <param name="compact">Receives it, [<see cref="CompactWidth"/>].</param>
    internal void Compact(int row, float weight, Span<float> compact)
    {
        var next = 0;
        compact[next++] = weight;
        for (var part = 0; part < _parts.Length; part++)
        {
            var (partition, (start, hasOverall)) = (_partitions.Distinct[part], _parts[part]);
            var group = partition.GroupOfRow[row];
            compact[next++] = group == GroupPartition.Excluded ? ColumnCount : start + group;
            if (hasOverall)
                compact[next++] = group == GroupPartition.Excluded ? ColumnCount : start + partition.GroupCount;
        }
    }

    /// <summary>The membership matrix [batch, columns] of some compact rows.</summary>
    /// <param name="rows">[batch, numbers]: of each row from <paramref name="first"/> on <see cref="CompactWidth"/> numbers.</param>
    /// <param name="first">The place of the first of them.</param>
    internal Tensor Expand(Tensor rows, int first = 0)
    {
        if (HostMemory.Has(rows) && rows.size(0) * Math.Max(rows.size(1), ColumnCount) <= MostInMemory)
            return ExpandInMemory(rows, first);
        using var scope = torch.NewDisposeScope();
        var compact = rows.narrow(1, first, CompactWidth);
        var columns = compact.narrow(1, 1, CompactWidth - 1).to_type(ScalarType.Int64);
        // Rows of no group go to a column beyond the last.
        return torch.zeros(compact.size(0), ColumnCount + 1, dtype: compact.dtype, device: compact.device)
            .scatter_(1, columns, compact.narrow(1, 0, 1).expand_as(columns)).narrow(1, 0, ColumnCount).MoveToOuterDisposeScope();
    }

    // The same without a dozen calls of libtorch.
    private Tensor ExpandInMemory(Tensor rows, int first)
    {
        int count = (int)rows.size(0), width = (int)rows.size(1);
        var matrix = torch.zeros(count, ColumnCount, dtype: ScalarType.Float32, device: torch.CPU);
        Span<float> from = HostMemory.Of(rows), to = HostMemory.Of(matrix);
        for (var row = 0; row < count; row++)
        {
            var compact = from.Slice((row * width) + first, CompactWidth);
            var own = to.Slice(row * ColumnCount, ColumnCount);
            foreach (var column in compact[1..])
            {
                if (column < ColumnCount)
                    own[(int)column] = compact[0];
            }
        }

        return matrix;
    }
}
