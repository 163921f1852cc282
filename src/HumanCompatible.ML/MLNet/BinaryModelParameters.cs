using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Trainers;

namespace HumanCompatible.ML.MLNet;

/// <summary>
/// A binary classifier as ML.NET's own <see cref="BinaryPredictionTransformer{TModel}"/> takes it: of a row of features it gives the logit
/// and the probability. That transformer adds the columns, the threshold and the annotations.
/// </summary>
public abstract class BinaryModelParameters : FeatureModelParameters, IDistPredictorProducing<float, float>, IDistCanSaveOnnx,
    IFeatureContributionMapper, ICalculateFeatureContribution
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

    FeatureContributionCalculator ICalculateFeatureContribution.FeatureContributionCalculator => new(this);

    ValueMapper<TSrc, VBuffer<float>> IFeatureContributionMapper.GetFeatureContributionMapper<TSrc, TDst>(int top, int bottom,
        bool normalize) => FeatureContributionMapper.Of<TSrc>(FeatureCount, Explainer(), top, bottom, normalize);

    bool IDistCanSaveOnnx.SaveAsOnnx(OnnxContext ctx, string[] outputNames, string featureColumn)
        => SaveAsOnnx(ctx, outputNames, featureColumn);

    /// <summary>What explains the scores of rows, for one thread.</summary>
    private protected abstract RowExplainer Explainer();

    // PredictedLabel, Score and Probability.
    private protected sealed override void WriteColumns(OnnxGraph graph, string outputs, string[] columns)
    {
        var score = graph.AddTo(columns[1], "Identity", [outputs]);
        graph.AddTo(columns[2], "Sigmoid", [score]);
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
