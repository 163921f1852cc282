namespace HumanCompatible.ML.Samples.Scenarios;

internal static partial class ScenarioCatalog
{
    static partial void AddMLTorchSharp(List<IScenario> scenarios) => scenarios.Add(new MLTorchSharp.TextClassification());
}
