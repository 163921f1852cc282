using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Trainers;

namespace HumanCompatible.ML.MLNet;

/// <summary>
/// A binary classifier as ML.NET's own <see cref="BinaryPredictionTransformer{TModel}"/> takes it: of a row of features it gives the logit
/// and the probability. That transformer adds the columns, the threshold and the annotations.
/// </summary>
public abstract class BinaryModelParameters : IDistPredictorProducing<float, float>, IDistCanSaveOnnx, ICanSaveModel,
    IFeatureContributionMapper, ICalculateFeatureContribution
{
    private readonly VectorDataViewType _features;

    private protected BinaryModelParameters(int featureCount)
        => _features = new VectorDataViewType(NumberDataViewType.Single, featureCount);

    /// <summary>The slots of the feature column.</summary>
    public int FeatureCount => _features.Size;

    PredictionKind IPredictor.PredictionKind => PredictionKind.BinaryClassification;

    DataViewType IValueMapper.InputType => _features;

    DataViewType IValueMapper.OutputType => NumberDataViewType.Single;

    DataViewType IValueMapperDist.DistType => NumberDataViewType.Single;

    ValueMapper<TSrc, TDst> IValueMapper.GetMapper<TSrc, TDst>()
    {
        float[]? dense = null;
        ValueMapper<VBuffer<float>, float> map = (in VBuffer<float> features, ref float score) => score = Score(features, ref dense);
        return (ValueMapper<TSrc, TDst>)(Delegate)map;
    }

    ValueMapper<TSrc, TDst, TDist> IValueMapperDist.GetMapper<TSrc, TDst, TDist>()
    {
        float[]? dense = null;
        ValueMapper<VBuffer<float>, float, float> map = (in VBuffer<float> features, ref float score, ref float probability) =>
        {
            score = Score(features, ref dense);
            probability = Sigmoid(score);
        };
        return (ValueMapper<TSrc, TDst, TDist>)(Delegate)map;
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        Save(new ModelFolder(ctx));
    }

    FeatureContributionCalculator ICalculateFeatureContribution.FeatureContributionCalculator => new(this);

    ValueMapper<TSrc, VBuffer<float>> IFeatureContributionMapper.GetFeatureContributionMapper<TSrc, TDst>(int top, int bottom,
        bool normalize) => FeatureContributionMapper.Of<TSrc>(FeatureCount, Explainer(), top, bottom, normalize);

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx)
    {
        CheckWritesOnnx();
        return true;
    }

    bool ISingleCanSaveOnnx.SaveAsOnnx(OnnxContext ctx, string[] outputNames, string featureColumn)
        => SaveAsOnnx(ctx, outputNames, featureColumn);

    bool IDistCanSaveOnnx.SaveAsOnnx(OnnxContext ctx, string[] outputNames, string featureColumn)
        => SaveAsOnnx(ctx, outputNames, featureColumn);

    /// <summary>The logit of a row, NaN where a feature is NaN or infinite. Called by several threads at once.</summary>
    private protected abstract float Score(ReadOnlySpan<float> features);

    /// <summary>Writes the model into its folder of the model file.</summary>
    private protected abstract void Save(ModelFolder folder);

    /// <summary>What explains the logits of rows, for one thread.</summary>
    private protected abstract RowExplainer Explainer();

    /// <summary>Throws where the model cannot be written as ONNX. Were it to say no, ML.NET would write a graph without it.</summary>
    private protected abstract void CheckWritesOnnx();

    /// <summary>Adds the nodes of the model to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="features">The variable of the feature column.</param>
    /// <returns>The variable of the logits, [rows, 1].</returns>
    private protected abstract string WriteOnnx(OnnxGraph graph, string features);

    // ML.NET names the variables of PredictedLabel, Score and Probability, in this order, and makes the first of the second by itself.
    private bool SaveAsOnnx(OnnxContext ctx, string[] outputNames, string features)
    {
        var graph = new OnnxGraph(ctx);
        var score = graph.AddTo(outputNames[1], "Identity", [WriteOnnx(graph, features)]);
        graph.AddTo(outputNames[2], "Sigmoid", [score]);
        return true;
    }

    // ML.NET makes a mapper for each cursor, which one thread uses: the buffer for its sparse rows is made once.
    private float Score(in VBuffer<float> features, ref float[]? dense)
    {
        if (features.IsDense)
            return Score(features.GetValues());
        dense ??= new float[FeatureCount];
        features.CopyTo(dense);
        return Score(dense);
    }

    // Both branches take the exponential of a number that is not positive, so neither overflows.
    private static float Sigmoid(float logit)
    {
        if (logit >= 0)
            return 1f / (1f + MathF.Exp(-logit));
        var exponential = MathF.Exp(logit);
        return exponential / (1f + exponential);
    }
}
