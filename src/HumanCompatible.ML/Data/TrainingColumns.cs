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
    /// <exception cref="ArgumentOutOfRangeException">Columns are missing or of a wrong type; the message names all of them.</exception>
    internal void Check(SchemaShape shape, string parameterName) => SchemaMismatch.Refuse(parameterName,
    [
        Problem(shape, "feature", Feature, FeatureColumn.Accepts, FeatureColumn.Expected, FeatureColumn.Advise),
        Problem(shape, "label", Label, Labels.Accepts, Labels.Expected),
        Weight is null ? null : Problem(shape, WeightRole, Weight, IsSingle, "Single"),
        .. Groups.Select(group => Problem(shape, "group", group, GroupColumnTypes.Accepts, GroupColumnTypes.Expected)),
    ]);

    /// <summary>Checks the columns of data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Columns are missing or of a wrong type; the message names all of them.</exception>
    internal void Check(DataViewSchema schema, string parameterName) => SchemaMismatch.Refuse(parameterName,
    [
        Problem(schema, "feature", Feature, FeatureColumn.Accepts, FeatureColumn.Expected, FeatureColumn.Advise),
        Problem(schema, "label", Label, Labels.Accepts, Labels.Expected),
        Weight is null ? null
            : Problem(schema, WeightRole, Weight, static type => type == NumberDataViewType.Single, "Single"),
        .. Groups.Select(group => Problem(schema, "group", group, GroupColumnTypes.Accepts, GroupColumnTypes.Expected)),
    ]);

    private static bool IsSingle(SchemaShape.Column column)
        => column is { Kind: SchemaShape.Column.VectorKind.Scalar, IsKey: false } && column.ItemType == NumberDataViewType.Single;

    private static string? Problem(SchemaShape shape, string role, string name, Func<SchemaShape.Column, bool> accepts, string expected,
        Func<SchemaShape.Column, string>? advise = null)
    {
        foreach (var column in shape.Where(column => column.Name == name))
        {
            return accepts(column) ? null
                : SchemaMismatch.OtherType(role, name, expected, SchemaMismatch.Describe(column), advise?.Invoke(column) ?? "");
        }

        return SchemaMismatch.Missing(role, name, shape.Select(column => column.Name));
    }

    private static string? Problem(DataViewSchema schema, string role, string name, Func<DataViewType, bool> accepts, string expected,
        Func<DataViewType, string>? advise = null)
    {
        if (schema.GetColumnOrNull(name)?.Type is not { } type)
            return SchemaMismatch.Missing(role, name, SchemaMismatch.NamesOf(schema));
        return accepts(type) ? null : SchemaMismatch.OtherType(role, name, expected, type.ToString()!, advise?.Invoke(type) ?? "");
    }
}
