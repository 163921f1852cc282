using HumanCompatible.ML.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.MLNet;

/// <summary>What ML.NET's own trainers say of themselves, promise and return.</summary>
internal static class TrainerPromise
{
    /// <summary>The properties of a trainer that keeps the data in a form of its own, so that caching them first gains nothing.</summary>
    /// <param name="needsNormalization">Whether features should be of one scale.</param>
    internal static TrainerInfo Info(bool needsNormalization) => new(normalization: needsNormalization, caching: false);

    /// <summary>
    /// The promise after a trainer of a task: PredictedLabel, Score and Probability, as far as the task has them, in place of columns of
    /// these names.
    /// </summary>
    /// <param name="input">The promise before it, with the label column.</param>
    /// <param name="task">The task.</param>
    /// <param name="labelColumnName">The label column.</param>
    internal static SchemaShape After(SchemaShape input, LearningTask task, string labelColumnName)
    {
        var added = task switch
        {
            LearningTask.Regression => (SchemaShape.Column[])[Number(DefaultColumnNames.Score)],
            LearningTask.MulticlassClassification => OfClasses(input.First(column => column.Name == labelColumnName)),
            _ => [Column(DefaultColumnNames.PredictedLabel, BooleanDataViewType.Instance), Number(DefaultColumnNames.Score),
                Number(DefaultColumnNames.Probability, isNormalized: true)],
        };
        return new SchemaShape(input.Where(column => !added.Any(other => other.Name == column.Name)).Concat(added));
    }

    private static SchemaShape.Column[] OfClasses(SchemaShape.Column label) =>
    [
        new(DefaultColumnNames.PredictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true,
            new SchemaShape(label.Annotations.Where(annotation => annotation.Name == AnnotationUtils.Kinds.KeyValues)
                .Concat(AnnotationUtils.GetTrainerOutputAnnotation()))),
        new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false,
            new SchemaShape(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label))),
    ];

    private static SchemaShape.Column Number(string name, bool isNormalized = false)
        => Column(name, NumberDataViewType.Single, isNormalized);

    private static SchemaShape.Column Column(string name, DataViewType type, bool isNormalized = false) => new(name,
        SchemaShape.Column.VectorKind.Scalar, type, false, new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation(isNormalized)));
}
