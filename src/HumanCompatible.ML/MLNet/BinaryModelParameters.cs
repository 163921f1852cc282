using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.MLNet;

/// <summary>
/// A binary classifier as ML.NET's own <see cref="BinaryPredictionTransformer{TModel}"/> takes it: of a row of features it gives the logit
/// and the probability. That transformer adds the columns, the threshold and the annotations.
/// </summary>
public abstract class BinaryModelParameters : FeatureModelParameters, IDistPredictorProducing<float, float>, IValueMapperDist
{
    private protected BinaryModelParameters(TrainedModel trained)
        : base(trained)
    {
    }

    PredictionKind IPredictor.PredictionKind => PredictionKind.BinaryClassification;

    DataViewType IValueMapper.InputType => Features;

    DataViewType IValueMapper.OutputType => NumberDataViewType.Single;

    DataViewType IValueMapperDist.DistType => NumberDataViewType.Single;

    ValueMapper<TSrc, TDst> IValueMapper.GetMapper<TSrc, TDst>()
    {
        ValueMapper<VBuffer<float>, float> map = (in VBuffer<float> features, ref float score)
            => score = Score(features);
        return (ValueMapper<TSrc, TDst>)(Delegate)map;
    }

    ValueMapper<TSrc, TDst, TDist> IValueMapperDist.GetMapper<TSrc, TDst, TDist>()
    {
        ValueMapper<VBuffer<float>, float, float> map = (in VBuffer<float> features, ref float score, ref float probability) =>
        {
            score = Score(features);
            probability = Sigmoid(score);
        };
        return (ValueMapper<TSrc, TDst, TDist>)(Delegate)map;
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
