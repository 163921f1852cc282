using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using Microsoft.ML;
using TorchSharp;

namespace HumanCompatible.ML.Benchmarks.Scoring;

/// <summary>A trained pipeline, and at most how many times as long as ML.NET's logistic regression it may take.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Transformer">The pipeline.</param>
/// <param name="EngineBar">By prediction engine; null where nothing is asked.</param>
/// <param name="TableBar">By table.</param>
/// <param name="LoadBar">From a file.</param>
internal sealed record ScoredModel(string Name, ITransformer Transformer, double? EngineBar, double? TableBar, double? LoadBar)
{
    internal const string OwnModule = "own module";

    private const int TrainingRows = 4000;
    private const int Epochs = 20;

    /// <summary>ML.NET's logistic regression first, then ours, all on the same rows behind the same step.</summary>
    internal static IReadOnlyList<ScoredModel> TrainAll(MLContext context)
    {
        var rows = context.Data.Cache(ScoredRow.View(context, TrainingRows));
        var step = context.Transforms.CopyColumns("Features", nameof(ScoredRow.Values));
        var perceptron = Network.MultilayerPerceptron(64, 64);
        NetworkRegistry.Register("benchmarks: perceptron", Module);
        var logistic = context.BinaryClassification.Trainers.LbfgsLogisticRegression(new() { NumberOfThreads = 1 });
        return
        [
            new("ML.NET's logistic regression", step.Append(logistic).Fit(rows), null, null, null),
            new("linear", Train(Network.Linear(), FeatureEncoding.Automatic), 2, 2, 2),
            new("linear, features as they are", Train(Network.Linear(), FeatureEncoding.None), 2, 2, 2),
            new("perceptron 64, 64", Train(perceptron, FeatureEncoding.Automatic), 4, 2, 2),
            new("perceptron, features as they are", Train(perceptron, FeatureEncoding.None), 4, 2, 2),
            new(OwnModule, Train(Network.Module("benchmarks: perceptron"), FeatureEncoding.Automatic), null, null, null),
        ];

        ITransformer Train(NetworkDefinition network, FeatureEncoding encoding) => step.Append(
            context.Constrained().Trainers.BinaryClassification(new()
            {
                Constraints = [Fairness.DemographicParity(nameof(ScoredRow.Group), 0.1)],
                Network = network,
                NumberOfEpochs = Epochs,
                BatchSize = 256,
                FeatureEncoding = encoding,
            })).Fit(rows);
    }

    private static torch.nn.Module<torch.Tensor, torch.Tensor> Module(int inputs, int outputs) => torch.nn.Sequential(
        torch.nn.Linear(inputs, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, outputs));
}
