namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// One thing to do with the library, small enough to read in a minute. Adding one is adding a file and a line in
/// <see cref="ScenarioCatalog"/>.
/// </summary>
internal interface IScenario
{
    /// <summary>What <c>scenarios run</c> calls it.</summary>
    string Name { get; }

    /// <summary>What it shows, in one sentence.</summary>
    string Description { get; }

    /// <summary>Runs it and says what came out.</summary>
    void Run(ScenarioContext context);
}
