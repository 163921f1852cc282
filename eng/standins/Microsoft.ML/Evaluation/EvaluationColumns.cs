using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Finds the columns that an evaluator reads, by name alone, and reads labels.</summary>
internal static class EvaluationColumns
{
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, string role)
        => schema.GetColumnOrNull(name) ?? throw Contracts.ExceptParam(nameof(schema), $"{name} column '{role}' not found");

    /// <summary>Labels as real numbers: booleans are one and zero, keys count from zero, what is missing is not a number.</summary>
    public static ValueGetter<float> LabelGetter(DataViewRow row, DataViewSchema.Column label)
    {
        if (label.Type == NumberDataViewType.Single)
            return row.GetGetter<float>(label);
        if (label.Type == NumberDataViewType.Double)
        {
            var read = row.GetGetter<double>(label);
            var source = 0d;
            return (ref float value) =>
            {
                read(ref source);
                value = (float)source;
            };
        }
        if (label.Type is BooleanDataViewType)
        {
            var read = row.GetGetter<bool>(label);
            var source = false;
            return (ref float value) =>
            {
                read(ref source);
                value = source ? 1 : 0;
            };
        }
        var readKey = Microsoft.ML.Transforms.KeyGetter.Scalar(row, label);
        var count = label.Type.GetKeyCount();
        uint key = 0;
        return (ref float value) =>
        {
            readKey(ref key);
            value = key > 0 && key <= count ? key - 1 : float.NaN;
        };
    }

    public static Exception WrongType(DataViewSchema.Column column, string role, string expected)
        => Contracts.ExceptSchemaMismatch("schema", role, column.Name, expected, column.Type.ToString());
}
