using HumanCompatible.ML.Features;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Data;

/// <summary>Reads what training needs of a view in one pass.</summary>
internal static class RawTableReader
{
    private const int RowsBetweenCancellationChecks = 1024;

    // Label, weight and groups while they are read and divided, and their copies for training. An estimate, with what is collected late.
    private const int BytesBeside = 44;
    private const int BytesBesideWeight = 12;
    private const int BytesBesideGroup = 12;

    /// <summary>Reads all rows.</summary>
    /// <param name="data">The view.</param>
    /// <param name="columns">Its columns by role, already checked.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="memory">Where the features are kept; null for memory.</param>
    /// <exception cref="InvalidOperationException">There is no row, a value cannot be trained on, or the rows take too much memory; the
    /// message names the row and the column.</exception>
    /// <exception cref="IOException">A disk is full, or fails.</exception>
    internal static RawTable Read(IDataView data, TrainingColumns columns, CancellationToken cancellation, RowMemory? memory = null)
    {
        var schema = data.Schema;
        var featureColumn = schema[columns.Feature];
        var labelColumn = schema[columns.Label];
        DataViewSchema.Column? weightColumn = columns.Weight is null ? null : schema[columns.Weight];
        var groupReaders = columns.Groups.Select(name => GroupColumnReader.Create(schema[name])).ToArray();

        var active = new List<DataViewSchema.Column> { featureColumn, labelColumn };
        active.AddRange(columns.Groups.Select(name => schema[name]));
        if (weightColumn is { } weighted)
            active.Add(weighted);

        var bytesBeside = BytesBeside + (weightColumn is null ? 0 : BytesBesideWeight) + (BytesBesideGroup * groupReaders.Length);
        if (data.GetRowCount() is { } known)
            memory?.Expect(known, bytesBeside);
        var features = new FeatureTable(FeatureColumn.Size(featureColumn), memory, bytesBeside);
        var labels = new GrowingColumn<float>();
        var weights = weightColumn is null ? null : new GrowingColumn<float>();
        using (var cursor = data.GetRowCursor(active.Distinct()))
        {
            var readFeatures = cursor.GetGetter<VBuffer<float>>(featureColumn);
            var readLabel = columns.Labels.Bind(cursor, labelColumn);
            var readWeight = weightColumn is { } column ? cursor.GetGetter<float>(column) : null;
            foreach (var reader in groupReaders)
                reader.Bind(cursor);

            VBuffer<float> row = default;
            while (cursor.MoveNext())
            {
                if (labels.Count % RowsBetweenCancellationChecks == 0)
                    cancellation.ThrowIfCancellationRequested();
                readFeatures(ref row);
                FeatureColumn.Check(row, featureColumn, cursor.Position, columns.TakesMissing);
                features.Add(new FeatureRow(row.Length, row.GetValues(), row.GetIndices()));
                labels.Add(readLabel());
                foreach (var reader in groupReaders)
                    reader.Read();
                if (readWeight is not null)
                    weights!.Add(ReadWeight(readWeight, weightColumn!.Value, cursor.Position));
            }
        }

        if (labels.Count == 0)
            throw new InvalidOperationException("The data has no rows.");
        if (weights is not null && !weights.Any(weight => weight > 0))
            throw new InvalidOperationException($"The weight column '{columns.Weight}' is 0 in every row.");
        features.Complete();
        return new RawTable(features, labels.ToArray(), weights?.ToArray(),
            groupReaders.Select(reader => reader.ToGroups()).ToDictionary(group => group.Name))
        { Task = columns.Labels.LabelsOf(labelColumn), LabelColumn = columns.Label };
    }

    private static float ReadWeight(ValueGetter<float> getter, DataViewSchema.Column column, long position)
    {
        var weight = 0f;
        getter(ref weight);
        return float.IsFinite(weight) && weight >= 0
            ? weight
            : throw new InvalidOperationException(
                FormattableString.Invariant(
                $"The weight column '{column.Name}' holds {weight} in row {position}: a weight is finite and at least 0."));
    }
}
