using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>Experiments that take a second or two.</summary>
internal static class SmallExperiments
{
    internal static IReadOnlyList<SearchParameter> Space =>
    [
        SearchParameter.Number("LearningRate", 0.003, 0.05, (options, rate) => options.LearningRate = rate, isLogarithmic: true),
        SearchParameter.WholeNumber("NumberOfEpochs", 4, 8, (options, epochs) => options.NumberOfEpochs = epochs),
        SearchParameter.Choice("Network", [Network.MultilayerPerceptron(4), Network.Linear()],
            (options, network) => options.Network = network),
    ];

    internal static BinaryExperimentSettings Settings(params FairnessConstraint[] constraints)
    {
        var options = Worker.Small(new ConstrainedBinaryClassificationTrainer.Options());
        options.Constraints = constraints;
        return new BinaryExperimentSettings { Options = options, SearchSpace = Space, MaxModels = 10, Seed = 5 };
    }

    internal static IDataView People(MLContext context, int count = 600, int seed = 1)
        => context.Data.LoadFromEnumerable(Census.People(count, seed));

    internal static ExperimentResult Run(BinaryExperimentSettings settings, IProgress<RunDetail>? progress = null, int count = 600)
    {
        var context = new MLContext(1);
        return context.Constrained().Experiments.CreateBinaryClassificationExperiment(settings)
            .Execute(People(context, count), People(context, 400, 2), People(context, 400, 3), progressHandler: progress);
    }

    /// <summary>What is told of a run, but for the time it took.</summary>
    internal static string Told(RunDetail run) => string.Join("|", run.Number, run.Status, run.Objective.ToString("R"),
        run.Violation.ToString("R"), run.Shortfall?.ToString("R"), string.Join(",", run.Parameters.Values),
        string.Join(",", run.Metrics.Values.Select(value => value.ToString("R"))), string.Join(";", run.JudgedVerdicts));

    internal static string Told(ExperimentResult result)
        => string.Join("\n", result.RunDetails.Select(Told).Append($"best {result.BestRun.Number}").Append(Scores(result.BestRun.Model!)));

    internal static string Scores(ITransformer model)
        => string.Join(",", model.Transform(People(new MLContext(1), 30, 9)).GetColumn<float>("Score")
            .Select(score => score.ToString("R")));
}
