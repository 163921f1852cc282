using System.Globalization;
using HumanCompatible.ML.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Data;

/// <summary>
/// Reads the labels of a task. Binary: Boolean, a number that is 0 or 1, or a key with exactly two values (its second value is the positive
/// class); multiclass: a key; regression: a number.
/// </summary>
/// <param name="Task">The task.</param>
/// <param name="Expected">What a label must be, in words.</param>
internal sealed record LabelReader(LearningTask Task, string Expected)
{
    /// <summary>The reader for a task.</summary>
    internal static LabelReader Of(LearningTask task) => new(task, task switch
    {
        LearningTask.MulticlassClassification => "Key<UInt32> with at least 2 values",
        LearningTask.Regression => "Single or Double",
        _ => "Boolean, Single or Double holding 0 and 1, or a key with 2 values",
    });

    /// <summary>Whether the promised column can be a label.</summary>
    internal bool Accepts(SchemaShape.Column column) => column.Kind == SchemaShape.Column.VectorKind.Scalar && Task switch
    {
        LearningTask.MulticlassClassification => column.IsKey && column.ItemType == NumberDataViewType.UInt32,
        LearningTask.Regression => !column.IsKey && IsNumber(column.ItemType),
        _ => column.IsKey || column.ItemType == BooleanDataViewType.Instance || IsNumber(column.ItemType),
    };

    /// <summary>Whether the column can be a label.</summary>
    internal bool Accepts(DataViewType type) => Task switch
    {
        LearningTask.MulticlassClassification
            => type is KeyDataViewType { Count: >= 2 and <= int.MaxValue } && type.RawType == typeof(uint),
        LearningTask.Regression => IsNumber(type),
        _ => type is KeyDataViewType { Count: 2 } || type == BooleanDataViewType.Instance || IsNumber(type),
    };

    /// <summary>What the column says of its labels before a row is read: the classes.</summary>
    /// <exception cref="InvalidOperationException">Two classes have one name.</exception>
    internal TaskLabels LabelsOf(DataViewSchema.Column column)
    {
        if (Task != LearningTask.MulticlassClassification)
            return Task == LearningTask.Regression ? TaskLabels.Regression() : TaskLabels.Binary;
        var nameOf = KeyNames.Of(column);
        string[] classes = [.. Enumerable.Range(1, (int)((KeyDataViewType)column.Type).Count).Select(key => nameOf((ulong)key))];
        return classes.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new InvalidOperationException($"The label column '{column.Name}' has two keys of the same name, '{twice.Key}'.")
            : TaskLabels.Multiclass(classes);
    }

    /// <summary>A getter of the label of the current row: 0 or 1, the number of the class from 0, or the number.</summary>
    /// <exception cref="InvalidOperationException">On reading a row whose label is missing or cannot be learned.</exception>
    internal Func<float> Bind(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type == BooleanDataViewType.Instance)
        {
            var getter = row.GetGetter<bool>(column);
            var value = false;
            return () =>
            {
                getter(ref value);
                return value ? 1f : 0f;
            };
        }

        if (column.Type == NumberDataViewType.Single)
            return Bind<float>(row, column, value => value);
        if (column.Type == NumberDataViewType.Double)
            return Bind<double>(row, column, value => value);

        var (key, count) = (KeyReader.Bind(row, column), ((KeyDataViewType)column.Type).Count);
        return () => key() is >= 1 and var value && value <= count ? value - 1 : throw Missing(row, column);
    }

    private Func<float> Bind<T>(DataViewRow row, DataViewSchema.Column column, Func<T, double> widen)
        where T : struct
    {
        var getter = row.GetGetter<T>(column);
        var value = default(T);
        return () =>
        {
            getter(ref value);
            return Check(widen(value), row, column);
        };
    }

    private float Check(double value, DataViewRow row, DataViewSchema.Column column)
    {
        if (double.IsNaN(value))
            throw Missing(row, column);
        return (Task == LearningTask.Regression ? float.IsFinite((float)value) : value is 0 or 1) ? (float)value
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The label column '{column.Name}' holds {value} in row {row.Position}: ")
                + (Task == LearningTask.Regression ? "a label is a finite number of single precision." : "a binary label is 0 or 1."));
    }

    private static InvalidOperationException Missing(DataViewRow row, DataViewSchema.Column column)
        => new($"The label column '{column.Name}' is missing in row {row.Position}.");

    private static bool IsNumber(DataViewType type) => type == NumberDataViewType.Single || type == NumberDataViewType.Double;
}
