using HumanCompatible.ML.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Data;

/// <summary>The columns that training reads, by role, and the checks that they are there and of a type the role takes.</summary>
/// <param name="Label">The label column.</param>
/// <param name="Feature">The feature column.</param>
/// <param name="Weight">The example weight column, or null.</param>
/// <param name="Groups">The group columns of all constraints, each once, in the order of the constraints.</param>
internal sealed record TrainingColumns(string Label, string Feature, string? Weight, IReadOnlyList<string> Groups)
{
    /// <summary>Whether features may be missing.</summary>
    internal bool TakesMissing { get; init; }

    private const string WeightRole = "weight";

    /// <summary>How the label is read; that of a binary one by default.</summary>
    internal LabelReader Labels { get; init; } = LabelReader.Of(LearningTask.BinaryClassification);

    /// <summary>Checks what a pipeline promises.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a wrong type.</exception>
    internal void Check(SchemaShape shape, string parameterName)
    {
        Check(shape, parameterName, "feature", Feature, FeatureColumn.Accepts, FeatureColumn.Expected, FeatureColumn.Advise);
        Check(shape, parameterName, "label", Label, Labels.Accepts, Labels.Expected);
        if (Weight is not null)
            Check(shape, parameterName, WeightRole, Weight, IsSingle, "Single");
        foreach (var group in Groups)
            Check(shape, parameterName, "group", group, GroupColumnTypes.Accepts, GroupColumnTypes.Expected);
    }

    /// <summary>Checks the columns of data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a wrong type.</exception>
    internal void Check(DataViewSchema schema, string parameterName)
    {
        Check(schema, parameterName, "feature", Feature, FeatureColumn.Accepts, FeatureColumn.Expected, FeatureColumn.Advise);
        Check(schema, parameterName, "label", Label, Labels.Accepts, Labels.Expected);
        if (Weight is not null)
            Check(schema, parameterName, WeightRole, Weight, static type => type == NumberDataViewType.Single, "Single");
        foreach (var group in Groups)
            Check(schema, parameterName, "group", group, GroupColumnTypes.Accepts, GroupColumnTypes.Expected);
    }

    private static bool IsSingle(SchemaShape.Column column)
        => column is { Kind: SchemaShape.Column.VectorKind.Scalar, IsKey: false } && column.ItemType == NumberDataViewType.Single;

    private static void Check(SchemaShape shape, string parameterName, string role, string name, Func<SchemaShape.Column, bool> accepts,
        string expected, Func<SchemaShape.Column, string>? advise = null)
    {
        var column = SchemaMismatch.Find(shape, parameterName, role, name);
        if (!accepts(column))
        {
            throw SchemaMismatch.WrongType(parameterName, role, name, expected, SchemaMismatch.Describe(column),
                advise?.Invoke(column) ?? "");
        }
    }

    private static void Check(DataViewSchema schema, string parameterName, string role, string name, Func<DataViewType, bool> accepts,
        string expected, Func<DataViewType, string>? advise = null)
    {
        var column = SchemaMismatch.Find(schema, parameterName, role, name);
        if (!accepts(column.Type))
        {
            throw SchemaMismatch.WrongType(parameterName, role, name, expected, column.Type.ToString()!,
                advise?.Invoke(column.Type) ?? "");
        }
    }
}
