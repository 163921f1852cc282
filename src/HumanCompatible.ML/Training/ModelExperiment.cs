using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Training;

/// <summary>The experiment that chose the options of a model; a model file keeps it.</summary>
public sealed record ModelExperiment
{
    [JsonConstructor]
    internal ModelExperiment(int run, int runs, int looks, int seed, string parameters, string choice)
        => (Run, Runs, Looks, Seed, Parameters, Choice) = (run, runs, looks, seed, parameters, choice);

    /// <summary>The number of the chosen run; 0 is that of the options as they were.</summary>
    public int Run { get; internal init; }

    /// <summary>How many runs there were.</summary>
    public int Runs { get; internal init; }

    /// <summary>How many finalists were scored on the rows that chose among them.</summary>
    public int Looks { get; internal init; }

    /// <summary>The seed.</summary>
    public int Seed { get; internal init; }

    /// <summary>What the chosen run varied, such as <c>LearningRate 0.002, BatchSize 256</c>; empty for number 0.</summary>
    public string Parameters { get; internal init; }

    /// <summary>Why it was chosen, in a sentence.</summary>
    public string Choice { get; internal init; }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
