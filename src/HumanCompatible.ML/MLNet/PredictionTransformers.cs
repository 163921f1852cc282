using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.MLNet;

/// <summary>ML.NET's own prediction transformer of a model that was trained on data of a schema.</summary>
internal static class PredictionTransformers
{
    internal static BinaryPredictionTransformer<TModel> Binary<TModel>(IHost host, TModel model, DataViewSchema schema,
        string featureColumnName) where TModel : BinaryModelParameters => new(host, model, schema, featureColumnName);

    internal static MulticlassPredictionTransformer<TModel> Multiclass<TModel>(IHost host, TModel model, DataViewSchema schema,
        string featureColumnName, string labelColumnName) where TModel : MulticlassModelParameters
        => new(host, model, schema, featureColumnName, labelColumnName);

    internal static RegressionPredictionTransformer<TModel> Regression<TModel>(IHost host, TModel model, DataViewSchema schema,
        string featureColumnName) where TModel : RegressionModelParameters => new(host, model, schema, featureColumnName);

    /// <summary>A pipeline and the prediction that comes after it, as one; the latter alone where there is none before it.</summary>
    internal static ITransformer After(ITransformer? pipeline, ITransformer prediction)
        => pipeline is null ? prediction : new TransformerChain<ITransformer>(pipeline, prediction);
}
