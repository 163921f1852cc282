using HumanCompatible.ML.Data;
using HumanCompatible.ML.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Auditing;

/// <summary>
/// The columns of scored data of multiclass classification. The predictions are those of the predicted label column; where the data have
/// no such column, the class with the largest score, the first of several. Scores that are from 0 to 1 and add up to 1 are probabilities.
/// </summary>
internal static class MulticlassPredictionReader
{
    // How far the sum of probabilities of single precision may be from 1.
    private const double Tolerance = 1e-3;

    /// <exception cref="ArgumentOutOfRangeException">A column is not there or has the wrong type.</exception>
    internal static AuditedColumns Find(AuditRequest request)
    {
        var schema = request.Schema;
        var reader = LabelReader.Of(LearningTask.MulticlassClassification);
        var label = SchemaMismatch.Find(schema, "labelColumnName", "label", request.LabelColumnName);
        if (!reader.Accepts(label.Type))
            throw SchemaMismatch.WrongType("labelColumnName", "label", label.Name, reader.Expected, label.Type.ToString()!);
        var labels = reader.LabelsOf(label);
        var prediction = ScoredColumn.FindOptional(schema, "predictedLabelColumnName", "predicted label", request.PredictedLabelColumnName,
            AuditRequest.DefaultPrediction);
        if (prediction is { } p && p.Type is not KeyDataViewType)
            throw SchemaMismatch.WrongType("predictedLabelColumnName", "predicted label", p.Name, "a key", p.Type.ToString()!);
        var score = prediction is null
            ? SchemaMismatch.Find(schema, "scoreColumnName", "predicted label or score", request.ScoreColumnName)
            : ScoredColumn.FindOptional(schema, "scoreColumnName", "score", request.ScoreColumnName, AuditRequest.DefaultScore);
        if (score is { } s && !(s.Type is VectorDataViewType { ItemType: NumberDataViewType, Size: var size } vector
            && vector.ItemType.RawType == typeof(float) && size == labels.Classes.Count))
        {
            throw SchemaMismatch.WrongType("scoreColumnName", "score", s.Name, $"Vector<Single, {labels.Classes.Count}>",
                s.Type.ToString()!);
        }

        var weight = ScoredColumn.FindWeight(request);
        var hasProbabilities = score is { } scores && FirstIsDistribution(request.Data, scores);
        return new AuditedColumns(new AuditTask(labels, score is not null, hasProbabilities, weight is not null),
            [label, .. new[] { prediction, score, weight }.OfType<DataViewSchema.Column>()],
            row => Bind(row, labels.Classes, hasProbabilities, label, prediction, score, weight));
    }

    private static ReadAuditRow Bind(DataViewRow row, IReadOnlyList<string> classes, bool hasProbabilities, DataViewSchema.Column label,
        DataViewSchema.Column? prediction, DataViewSchema.Column? score, DataViewSchema.Column? weight)
    {
        var readLabel = ScoredColumn.Class(row, label, "label", [.. Enumerable.Range(0, classes.Count)]);
        var readPrediction = prediction is { } p ? ScoredColumn.Class(row, p, "predicted label", ClassesOfKeys(p, classes)) : null;
        var readScores = score is { } s ? row.GetGetter<VBuffer<float>>(s) : null;
        var readWeight = ScoredColumn.Weight(row, weight);
        VBuffer<float> buffer = default;
        var values = new float[classes.Count];
        return (int index, ref AuditRow result) =>
        {
            result.Label = readLabel(index);
            result.Weight = readWeight(index);
            result.Loss = double.NaN;
            if (readScores is not null)
            {
                readScores(ref buffer);
                buffer.CopyTo(values);
                if (hasProbabilities ? !IsDistribution(values) : values.Any(float.IsNaN))
                {
                    throw ScoredColumn.Unusable("score", score!.Value.Name, $"[{string.Join(", ", values.Select(
                        value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]", index,
                        hasProbabilities ? "probabilities, as its first row does" : "numbers");
                }

                result.ClassScores = values;
                if (hasProbabilities)
                    result.Loss = FairnessAuditor.LogLoss(values[(int)result.Label]);
            }

            result.Prediction = readPrediction is not null ? readPrediction(index) : Array.IndexOf(values, values.Max());
        };
    }

    // The classes that the keys of the predictions stand for, by name; -1 for none.
    private static int[] ClassesOfKeys(DataViewSchema.Column prediction, IReadOnlyList<string> classes)
    {
        var nameOf = KeyNames.Of(prediction);
        var keys = Enumerable.Range(1, (int)Math.Min(((KeyDataViewType)prediction.Type).Count, int.MaxValue));
        return [.. keys.Select(key => classes.Index().FirstOrDefault(one => one.Item == nameOf((ulong)key), (Index: -1, Item: "")).Index)];
    }

    private static bool FirstIsDistribution(IDataView data, DataViewSchema.Column score)
    {
        using var cursor = data.GetRowCursor([score]);
        var getter = cursor.GetGetter<VBuffer<float>>(score);
        VBuffer<float> buffer = default;
        if (!cursor.MoveNext())
            return false;
        getter(ref buffer);
        return IsDistribution([.. buffer.DenseValues()]);
    }

    private static bool IsDistribution(float[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            if (!(value is >= 0 and <= 1))
                return false;
            sum += value;
        }

        return Math.Abs(sum - 1) <= Tolerance;
    }
}
