namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>The scenarios that this build has.</summary>
internal static partial class ScenarioCatalog
{
    public static IReadOnlyList<IScenario> All { get; } = List();

    private static List<IScenario> List()
    {
        List<IScenario> scenarios =
        [
            new QuickStart(),
            new SaveAndLoad(),
            new CrossValidation(),
            new ProgressAndCancellation(),
            new ExampleWeights(),
            new LogisticRegression(),
            new AuditOfOtherModels(),
        ];
        AddMLTorchSharp(scenarios);
        return scenarios;
    }

    /// <summary>Implemented in the folder MLTorchSharp, which is compiled where Microsoft.ML.TorchSharp is referenced; elsewhere the call is none.</summary>
    static partial void AddMLTorchSharp(List<IScenario> scenarios);
}
