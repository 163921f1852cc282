namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>One thing to do with the library, in a file that can be added to any program as it stands.</summary>
/// <param name="Name">What <c>scenarios run</c> calls it.</param>
/// <param name="Description">What it shows, in one sentence.</param>
/// <param name="Run">Takes train.csv, test.csv, where to write, and how many epochs to train.</param>
internal sealed record Scenario(string Name, string Description, Action<string, string, TextWriter, int> Run);
