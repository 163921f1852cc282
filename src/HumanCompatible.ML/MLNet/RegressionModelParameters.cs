using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace HumanCompatible.ML.MLNet;

/// <summary>
/// A regression as ML.NET's own <see cref="RegressionPredictionTransformer{TModel}"/> takes it: of a row of features it gives a number.
/// </summary>
public abstract class RegressionModelParameters : FeatureModelParameters, IPredictorProducing<float>, IValueMapper,
    IFeatureContributionMapper, ICalculateFeatureContribution
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

    FeatureContributionCalculator ICalculateFeatureContribution.FeatureContributionCalculator => new(this);

    ValueMapper<TSrc, VBuffer<float>> IFeatureContributionMapper.GetFeatureContributionMapper<TSrc, TDst>(int top, int bottom,
        bool normalize) => FeatureContributionMapper.Of<TSrc>(FeatureCount, Explainer(), top, bottom, normalize);

    /// <summary>What explains the scores of rows, for one thread.</summary>
    private protected abstract RowExplainer Explainer();

    // Score.
    private protected sealed override void WriteColumns(OnnxGraph graph, string outputs, string[] columns)
    {
        var scaled = graph.Add("Mul", [outputs, graph.Constant("Deviation", [(float)Trained.Task.Deviation], 1)]);
        graph.AddTo(columns[^1], "Add", [scaled, graph.Constant("Mean", [(float)Trained.Task.Mean], 1)]);
    }

    // The network has learned (label - mean) / deviation.
    private float InLabelUnits(float output) => (output * (float)Trained.Task.Deviation) + (float)Trained.Task.Mean;
}
