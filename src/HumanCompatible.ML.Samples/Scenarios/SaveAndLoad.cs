using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Samples.Data;
using HumanCompatible.ML.Samples.Demo;
using Microsoft.ML;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>A model file holds the whole pipeline with weights, constraints, duals and history, and any program that has the library can load it.</summary>
internal sealed class SaveAndLoad : IScenario
{
    public string Name => "save-and-load";

    public string Description => "Save a model with its duals and history, load it with ML.NET's own call, compare the scores.";

    public void Run(ScenarioContext context)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".zip");
        try
        {
            var model = TrainAndReload(context, path);
            context.Say($"{model.FileBytes:N0} bytes; scores are {(model.IsIdentical ? "identical" : "DIFFERENT")}; history of {model.Trained.History.Count} epochs");
            foreach (var dual in model.Trained.Duals)
                context.Say($"dual of {dual.Inequality}: {dual.Value:0.0000}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static ModelRoundTrip TrainAndReload(ScenarioContext context, string path)
    {
        var trainer = context.ML.Constrained().Trainers.BinaryClassification(
            context.Options(Fairness.DemographicParity(CensusColumns.Sex, 0.05)), context.Callbacks);
        var model = CensusPipeline.Featurize(context.ML).Append(trainer).Fit(context.Train);
        return ModelRoundTrip.Through(path, context.ML, model, context.Test);
    }
}
