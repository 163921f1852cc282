using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.MLNet;

/// <summary>
/// A binary classifier as ML.NET's own <see cref="BinaryPredictionTransformer{TModel}"/> takes it: of a row of features it gives the logit
/// and the probability. That transformer adds the columns, the threshold and the annotations.
/// </summary>
public abstract class BinaryModelParameters : IDistPredictorProducing<float, float>, IValueMapperDist, ICanSaveModel
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
        ValueMapper<VBuffer<float>, float> map = (in VBuffer<float> features, ref float score)
            => score = Score(features.GetValues(), features.GetIndices());
        return (ValueMapper<TSrc, TDst>)(Delegate)map;
    }

    ValueMapper<TSrc, TDst, TDist> IValueMapperDist.GetMapper<TSrc, TDst, TDist>()
    {
        ValueMapper<VBuffer<float>, float, float> map = (in VBuffer<float> features, ref float score, ref float probability) =>
        {
            score = Score(features.GetValues(), features.GetIndices());
            probability = Sigmoid(score);
        };
        return (ValueMapper<TSrc, TDst, TDist>)(Delegate)map;
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        Save(new ModelFolder(ctx));
    }

    /// <summary>The logit of a row, NaN where a feature is infinite or unexpectedly missing. Called by several threads at once.</summary>
    /// <param name="values">The values of all slots, or of some, the others being 0.</param>
    /// <param name="indices">The slots of the values where they are not all.</param>
    private protected abstract float Score(ReadOnlySpan<float> values, ReadOnlySpan<int> indices);

    /// <summary>Writes the model into its folder of the model file.</summary>
    private protected abstract void Save(ModelFolder folder);

    // Both branches take the exponential of a number that is not positive, so neither overflows.
    private static float Sigmoid(float logit)
    {
        if (logit >= 0)
            return 1f / (1f + MathF.Exp(-logit));
        var exponential = MathF.Exp(logit);
        return exponential / (1f + exponential);
    }
}
