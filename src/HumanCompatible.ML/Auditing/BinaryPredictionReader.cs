using System.Globalization;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Groups;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Auditing;

/// <summary>Reads what an audit needs out of scored data, in one pass. The only file of the audit that knows ML.NET.</summary>
internal static class BinaryPredictionReader
{
    internal const string DefaultProbability = "Probability";

    /// <summary>
    /// Audits scored data. The predictions are those of the predicted label column; where the data has no such column, of the sign of the
    /// score.
    /// The log loss is that of the probability column; where that is null, or is "Probability" and the data has none, the losses are
    /// undefined.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is not there or has the wrong type.</exception>
    /// <exception cref="ArgumentException">No group column is named, or one is named twice.</exception>
    /// <exception cref="InvalidOperationException">There is no row, or a value cannot be used; the message names column and
    /// row.</exception>
    internal static FairnessAudit BinaryClassification(
        IDataView data,
        IReadOnlyList<string> groupColumnNames,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel",
        string? probabilityColumnName = DefaultProbability,
        string? exampleWeightColumnName = null,
        double confidence = BinaryFairnessAuditor.DefaultConfidence,
        GroupPolicy missingValues = GroupPolicy.Exclude)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(groupColumnNames);
        BinaryFairnessAuditor.CheckConfidence(confidence);
        if (!Enum.IsDefined(missingValues))
            throw new ArgumentOutOfRangeException(nameof(missingValues), missingValues, "There is no such policy.");
        if (groupColumnNames.Count == 0) throw new ArgumentException("At least one group column must be named.", nameof(groupColumnNames));
        if (groupColumnNames.Distinct().Count() != groupColumnNames.Count)
        {
            throw new ArgumentException(
            "A group column is named more than once.", nameof(groupColumnNames));
        }

        var schema = data.Schema;
        var groups = GroupColumns.CreateReaders(schema, groupColumnNames, nameof(groupColumnNames));
        var label = SchemaMismatch.Find(schema, nameof(labelColumnName), "label", labelColumnName);
        var predictedLabel = schema.GetColumnOrNull(predictedLabelColumnName);
        var prediction = predictedLabel ?? SchemaMismatch.Find(schema, nameof(scoreColumnName), "predicted label or score",
            scoreColumnName);
        DataViewSchema.Column? probability = probabilityColumnName is null
            || (probabilityColumnName == DefaultProbability && schema.GetColumnOrNull(DefaultProbability) is null)
            ? null : SchemaMismatch.Find(schema, nameof(probabilityColumnName), "probability", probabilityColumnName);
        DataViewSchema.Column? weight = exampleWeightColumnName is null
            ? null : SchemaMismatch.Find(schema, nameof(exampleWeightColumnName), "example weight", exampleWeightColumnName);

        CheckOutcome(label, "label", nameof(labelColumnName));
        if (predictedLabel is not null) CheckOutcome(prediction, "predicted label", nameof(predictedLabelColumnName));
        else CheckNumber(prediction, "score", nameof(scoreColumnName));
        if (probability is { } p) CheckNumber(p, "probability", nameof(probabilityColumnName));
        if (weight is { } w) CheckNumber(w, "example weight", nameof(exampleWeightColumnName));

        var labels = new List<bool>();
        var predictions = new List<bool>();
        var probabilities = new List<float>();
        var weights = new List<float>();
        DataViewSchema.Column[] active = [.. groups.Select(g => g.Column), label, prediction,
            .. new[] { probability, weight }.OfType<DataViewSchema.Column>()];
        using (var cursor = data.GetRowCursor(active))
        {
            foreach (var reader in groups) reader.Bind(cursor);
            var readLabel = Outcome(cursor, label, "label");
            var readPrediction = predictedLabel is not null ? Outcome(cursor, prediction, "predicted label") : Sign(cursor, prediction);
            var readProbability = probability is { } pc
                ? Number(cursor, pc, "probability", v => v is >= 0 and <= 1, "a number from 0 to 1") : null;
            var readWeight = weight is { } wc
                ? Number(cursor, wc, "example weight", v => v >= 0 && float.IsFinite(v), "a finite number of at least 0") : null;
            for (var row = 0; cursor.MoveNext(); row++)
            {
                foreach (var reader in groups) reader.Read();
                labels.Add(readLabel(row));
                predictions.Add(readPrediction(row));
                if (readProbability is not null) probabilities.Add(readProbability(row));
                if (readWeight is not null) weights.Add(readWeight(row));
            }
        }
        if (labels.Count == 0) throw new InvalidOperationException("There is no row to audit.");
        GroupColumn[] columns = [.. groups.Select(g => g.ToGroups())];
        return BinaryFairnessAuditor.Audit(predictions, labels, columns, probability is null ? null : probabilities,
            weight is null ? null : weights, confidence, missingValues);
    }

    private static void CheckOutcome(DataViewSchema.Column column, string role, string parameterName)
    {
        if (column.Type is not BooleanDataViewType && !IsNumber(column.Type) && column.Type is not KeyDataViewType { Count: 2 })
        {
            throw SchemaMismatch.WrongType(parameterName, role, column.Name, "Boolean, Single, Double or a key of two values",
                column.Type.ToString()!);
        }
    }

    private static void CheckNumber(DataViewSchema.Column column, string role, string parameterName)
    {
        if (!IsNumber(column.Type))
        {
            throw SchemaMismatch.WrongType(parameterName, role, column.Name, "Single or Double",
            column.Type.ToString()!);
        }
    }

    private static bool IsNumber(DataViewType type)
        => type is NumberDataViewType && (type.RawType == typeof(float) || type.RawType == typeof(double));

    // Boolean as it is; a number must be 0 or 1; of a key the second value is the positive one.
    internal static Func<int, bool> Outcome(DataViewRow row, DataViewSchema.Column column, string role)
    {
        if (column.Type is BooleanDataViewType)
        {
            var getter = row.GetGetter<bool>(column);
            return _ => Value(getter);
        }
        if (column.Type is KeyDataViewType)
        {
            var read = KeyReader.Bind(row, column);
            return index => read() switch
            {
                1 => false,
                2 => true,
                _ => throw Unusable(role, column.Name, "a missing key", index, "one of the two keys"),
            };
        }
        var number = Number(row, column, role, v => v is 0 or 1, "0 or 1");
        return index => number(index) == 1;
    }

    private static Func<int, bool> Sign(DataViewRow row, DataViewSchema.Column column)
    {
        var score = Number(row, column, "score", v => !float.IsNaN(v), "a number");
        return index => score(index) > 0;
    }

    internal static Func<int, float> Number(DataViewRow row, DataViewSchema.Column column, string role, Func<float, bool> isUsable,
        string expected)
    {
        Func<float> read;
        if (column.Type.RawType == typeof(double))
        {
            var getter = row.GetGetter<double>(column);
            read = () => (float)Value(getter);
        }
        else
        {
            var getter = row.GetGetter<float>(column);
            read = () => Value(getter);
        }
        return index => read() is var value && isUsable(value)
            ? value : throw Unusable(role, column.Name, value.ToString(CultureInfo.InvariantCulture), index, expected);
    }

    private static T Value<T>(ValueGetter<T> getter) where T : struct
    {
        T value = default;
        getter(ref value);
        return value;
    }

    private static InvalidOperationException Unusable(string role, string column, string value, int row, string expected)
        => new(string.Create(CultureInfo.InvariantCulture,
        $"The {role} column '{column}' holds {value} in row {row}; it must hold {expected}."));
}
