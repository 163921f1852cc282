using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Scoring;

/// <summary>
/// The three columns a binary classifier adds: their names, types and annotations, as ML.NET's own classifiers have them.
/// </summary>
internal static class BinaryOutputColumns
{
    internal const string Score = "Score";
    internal const string Probability = "Probability";
    internal const string PredictedLabel = "PredictedLabel";
    internal const int Count = 3;

    private const string SetId = "ScoreColumnSetId";
    private const string Kind = "ScoreColumnKind";
    private const string ValueKind = "ScoreValueKind";
    private const string Normalized = "IsNormalized";
    private const string Classification = "BinaryClassification";
    private static readonly KeyDataViewType SetIdType = new(typeof(uint), int.MaxValue);

    /// <summary>The schema after scoring: the input's columns, then Score, Probability and PredictedLabel.</summary>
    internal static DataViewSchema AddTo(DataViewSchema input)
    {
        var set = NextSetId(input);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        builder.AddColumn(Score, NumberDataViewType.Single, Annotate(set, Score, false));
        builder.AddColumn(Probability, NumberDataViewType.Single, Annotate(set, Probability, true));
        builder.AddColumn(PredictedLabel, BooleanDataViewType.Instance, Annotate(set, PredictedLabel, false));
        return builder.ToSchema();
    }

    /// <summary>The promise of the three columns. SchemaShape.Column has no public constructor, hence the internal one of ML.NET.</summary>
    internal static SchemaShape.Column[] Shapes()
    {
        var plain = new SchemaShape(AnnotationShapes());
        var normalized = new SchemaShape(AnnotationShapes().Append(Shape(Normalized, BooleanDataViewType.Instance, false)));
        return
        [
            Shape(Score, NumberDataViewType.Single, false, plain),
            Shape(Probability, NumberDataViewType.Single, false, normalized),
            Shape(PredictedLabel, BooleanDataViewType.Instance, false, plain),
        ];
    }

    private static SchemaShape.Column[] AnnotationShapes() =>
    [
        Shape(SetId, NumberDataViewType.UInt32, true),
        Shape(Kind, TextDataViewType.Instance, false),
        Shape(ValueKind, TextDataViewType.Instance, false),
    ];

    private static SchemaShape.Column Shape(string name, DataViewType type, bool isKey, SchemaShape? annotations = null)
        => new(name, SchemaShape.Column.VectorKind.Scalar, type, isKey, annotations);

    private static DataViewSchema.Annotations Annotate(uint set, string valueKind, bool isNormalized)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(SetId, SetIdType, (ref uint value) => value = set);
        builder.Add(Kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = Classification.AsMemory());
        builder.Add(ValueKind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = valueKind.AsMemory());
        if (isNormalized)
            builder.Add(Normalized, BooleanDataViewType.Instance, (ref bool value) => value = true);
        return builder.ToAnnotations();
    }

    // Columns that one model made share a number; each model takes the next free one.
    private static uint NextSetId(DataViewSchema input)
    {
        var last = 0u;
        foreach (var column in input)
        {
            if (column.Annotations.Schema.GetColumnOrNull(SetId) is { Type: KeyDataViewType key } && key.RawType == typeof(uint))
            {
                var value = 0u;
                column.Annotations.GetValue(SetId, ref value);
                last = Math.Max(last, value);
            }
        }

        return last + 1;
    }
}
