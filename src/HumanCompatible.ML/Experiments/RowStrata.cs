using HumanCompatible.ML.Data;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Experiments;

/// <summary>
/// Which rows are alike before any pipeline: of the same class and group, as far as the data have these columns already.
/// </summary>
internal static class RowStrata
{
    /// <summary>The stratum of each row, numbered from 0.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="columns">What the trainer will read.</param>
    internal static int[] Of(IDataView data, TrainingColumns columns)
    {
        List<GroupColumnReader> readers = [.. columns.Groups.Select(name => data.Schema.GetColumnOrNull(name))
            .OfType<DataViewSchema.Column>().Select(column => GroupColumnReader.Create(column))];
        if (columns.Labels.Task != LearningTask.Regression && data.Schema.GetColumnOrNull(columns.Label) is { } label
            && !columns.Groups.Contains(columns.Label) && (columns.Labels.Accepts(label.Type) || label.Type is TextDataViewType))
        {
            readers.Add(GroupColumnReader.Create(label));
        }

        var count = 0;
        using (var cursor = data.GetRowCursor(readers.Select(reader => reader.Column)))
        {
            foreach (var reader in readers)
                reader.Bind(cursor);
            for (; cursor.MoveNext(); count++)
            {
                foreach (var reader in readers)
                    reader.Read();
            }
        }

        return readers.Count == 0 ? new int[count] : GroupPartition.Intersect([.. readers.Select(reader => reader.ToGroups())]).GroupOfRow;
    }

    /// <summary>The folds of rows: each has its share of every stratum.</summary>
    /// <param name="rows">The numbers of the rows.</param>
    /// <param name="strata">The stratum of each row of the data.</param>
    /// <param name="folds">How many folds, at least 2.</param>
    /// <param name="seed">Decides which.</param>
    internal static int[][] Folds(int[] rows, int[] strata, int folds, int seed)
    {
        int[] order = [.. rows];
        new Random(seed).Shuffle(order);
        return [.. order.OrderBy(row => strata[row]).Select((row, index) => (row, fold: index % folds)).GroupBy(pair => pair.fold)
            .OrderBy(fold => fold.Key).Select(fold => fold.Select(pair => pair.row).Order().ToArray())];
    }

    /// <summary>Some rows divided in two, every stratum in proportion.</summary>
    internal static (int[] Kept, int[] HeldOut) Split(int[] rows, int[] strata, double fraction, int seed)
    {
        var (kept, heldOut) = RowSplit.Stratified([.. rows.Select(row => strata[row])], fraction, seed);
        return ([.. kept.Select(index => rows[index])], [.. heldOut.Select(index => rows[index])]);
    }
}
