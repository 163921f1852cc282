using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.MLNet;

/// <summary>What ML.NET's own binary trainers say of themselves, promise and return.</summary>
internal static class BinaryTrainer
{
    /// <summary>The properties of a trainer that keeps the data in a form of its own, so that caching them first gains nothing.</summary>
    /// <param name="needsNormalization">Whether features should be of one scale.</param>
    internal static TrainerInfo Info(bool needsNormalization) => new(normalization: needsNormalization, caching: false);

    /// <summary>The promise after a trainer: Score, Probability and PredictedLabel in place of columns of these names.</summary>
    internal static SchemaShape Promise(SchemaShape input)
    {
        SchemaShape.Column[] added =
        [
            Column(DefaultColumnNames.PredictedLabel, BooleanDataViewType.Instance),
            Column(DefaultColumnNames.Score, NumberDataViewType.Single),
            Column(DefaultColumnNames.Probability, NumberDataViewType.Single, isNormalized: true),
        ];
        return new SchemaShape(input.Where(column => !added.Any(other => other.Name == column.Name)).Concat(added));
    }

    /// <summary>The transformer of a model that was trained on data of a schema.</summary>
    internal static BinaryPredictionTransformer<TModel> Transformer<TModel>(IHost host, TModel model, DataViewSchema schema,
        string featureColumnName) where TModel : BinaryModelParameters => new(host, model, schema, featureColumnName);

    private static SchemaShape.Column Column(string name, DataViewType type, bool isNormalized = false) => new(name,
        SchemaShape.Column.VectorKind.Scalar, type, false, new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation(isNormalized)));
}
