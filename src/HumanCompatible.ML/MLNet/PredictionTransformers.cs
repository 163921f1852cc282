using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.MLNet;

/// <summary>ML.NET's own prediction transformer of a model that was trained on data of a schema.</summary>
internal static class PredictionTransformers
{
    internal static BinaryPredictionTransformer<TModel> Binary<TModel>(IHost host, TModel model, DataViewSchema schema,
        string featureColumnName) where TModel : BinaryModelParameters => new(host, model, schema, featureColumnName);

    /// <summary>The score above which a transformer predicts the positive class.</summary>
    internal static float ThresholdOf<TModel>(BinaryPredictionTransformer<TModel> transformer)
        where TModel : BinaryModelParameters => transformer.Threshold;

    /// <summary>A transformer like another one, with another model and threshold.</summary>
    internal static BinaryPredictionTransformer<TModel> WithThreshold<TModel>(IHostEnvironment environment,
        BinaryPredictionTransformer<TModel> transformer, TModel model, float threshold) where TModel : BinaryModelParameters => new(
            environment, model, transformer.TrainSchema, transformer.FeatureColumnName, threshold, transformer.ThresholdColumn);

    /// <summary>A pipeline that ends in a transformer.</summary>
    internal static TransformerChain<TLast> Chain<TLast>(ITransformer[] steps, TLast last) where TLast : class, ITransformer
        => new([.. steps, last]);

    internal static MulticlassPredictionTransformer<TModel> Multiclass<TModel>(IHost host, TModel model, DataViewSchema schema,
        string featureColumnName, string labelColumnName) where TModel : MulticlassModelParameters
        => new(host, model, schema, featureColumnName, labelColumnName);

    internal static RegressionPredictionTransformer<TModel> Regression<TModel>(IHost host, TModel model, DataViewSchema schema,
        string featureColumnName) where TModel : RegressionModelParameters => new(host, model, schema, featureColumnName);

    /// <summary>A pipeline and the prediction that comes after it, as one; the latter alone where there is none before it.</summary>
    internal static ITransformer After(ITransformer? pipeline, ITransformer prediction)
        => pipeline is null ? prediction : new TransformerChain<ITransformer>(pipeline, prediction);
}
