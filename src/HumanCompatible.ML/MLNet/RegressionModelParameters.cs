using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.MLNet;

/// <summary>
/// A regression as ML.NET's own <see cref="RegressionPredictionTransformer{TModel}"/> takes it: of a row of features it gives a number.
/// </summary>
public abstract class RegressionModelParameters : FeatureModelParameters, IPredictorProducing<float>, IValueMapper
{
    private protected RegressionModelParameters(TrainedModel trained)
        : base(trained)
    {
    }

    PredictionKind IPredictor.PredictionKind => PredictionKind.Regression;

    DataViewType IValueMapper.InputType => Features;

    DataViewType IValueMapper.OutputType => NumberDataViewType.Single;

    ValueMapper<TSrc, TDst> IValueMapper.GetMapper<TSrc, TDst>()
    {
        ValueMapper<VBuffer<float>, float> map = (in VBuffer<float> features, ref float score)
            => score = InLabelUnits(Score(features));
        return (ValueMapper<TSrc, TDst>)(Delegate)map;
    }

    // The network has learned (label - mean) / deviation.
    private float InLabelUnits(float output) => (output * (float)Trained.Task.Deviation) + (float)Trained.Task.Mean;
}
