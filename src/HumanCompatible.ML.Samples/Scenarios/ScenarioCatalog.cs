namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>The scenarios, in the order of the list that the command prints.</summary>
internal static class ScenarioCatalog
{
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new QuickStart(),
        new SaveAndLoad(),
        new CrossValidation(),
        new ProgressAndCancellation(),
        new ExampleWeights(),
        new LogisticRegression(),
        new AuditOfOtherModels(),
        new TextClassification(),
    ];
}
