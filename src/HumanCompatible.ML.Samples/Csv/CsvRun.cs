using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>What one seed gave.</summary>
/// <param name="Seed">The seed of the divisions, the weights and the order of rows.</param>
/// <param name="Seconds">What fitting took: features and network, without reading the file and without the audits.</param>
/// <param name="Feasible">Whether every bound is kept on the validation rows.</param>
/// <param name="Train">On the rows that were trained on.</param>
/// <param name="Validation">On the rows that chose the epoch.</param>
/// <param name="Test">On rows that training did not see.</param>
/// <param name="Duals">The multipliers of the chosen epoch by the inequality they belong to.</param>
internal sealed record CsvRun(int Seed, double Seconds, bool Feasible, CsvPart Train, CsvPart Validation, CsvPart Test,
    IReadOnlyDictionary<string, double> Duals)
{
    /// <summary>What the trainer left out: for each constraint that leaves out groups, its name and them with the reasons.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> NotBound { get; init; } = [];
}
