using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>What the csv command found, as it is written to JSON; a number that is not defined is null there.</summary>
/// <param name="Dataset">The name of the file.</param>
/// <param name="Constraints">The declared constraints.</param>
/// <param name="Runs">One for each seed.</param>
internal sealed record CsvReport(string Dataset, IReadOnlyList<CsvReport.Bounded> Constraints, IReadOnlyList<CsvReport.Run> Runs)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a file, not a page: <= stays readable
        Converters = { new UndefinedAsNull() },
    };

    /// <summary>Writes the report whole or not at all.</summary>
    public void Write(string path)
    {
        var unfinished = path + ".unfinished";
        File.WriteAllText(unfinished, JsonSerializer.Serialize(this, Format) + Environment.NewLine);
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>A declared constraint.</summary>
    /// <param name="Name">Its name, such as <c>DemographicParity(sex)</c>.</param>
    /// <param name="Groups">The columns of its groups.</param>
    /// <param name="Bound">Its bound.</param>
    internal sealed record Bounded(string Name, IReadOnlyList<string> Groups, double Bound);

    /// <summary>What one seed gave.</summary>
    /// <param name="Seed">The seed of the divisions, the weights and the order of rows.</param>
    /// <param name="Seconds">What fitting took: features and network, without reading the file and without the audits.</param>
    /// <param name="Feasible">Whether every bound is kept on the validation rows.</param>
    /// <param name="Train">On the rows that were trained on.</param>
    /// <param name="Validation">On the rows that chose the epoch.</param>
    /// <param name="Test">On rows that training did not see.</param>
    /// <param name="Duals">The multipliers of the chosen epoch by the inequality they belong to.</param>
    internal sealed record Run(int Seed, double Seconds, bool Feasible, Part Train, Part Validation, Part Test,
        IReadOnlyDictionary<string, double> Duals)
    {
        /// <summary>For each constraint that leaves out groups, its name and them with the reasons.</summary>
        [JsonIgnore]
        public IReadOnlyList<string> NotBound { get; init; } = [];
    }

    /// <summary>How a model does on some rows. Differences are those between the groups of all group columns together.</summary>
    internal sealed record Part(
        int Rows,
        double Accuracy,
        double Auc,
        double DemographicParityDifference,
        double EqualOpportunityDifference,
        double EqualizedOddsDifference,
        double LossParityDifference,
        IReadOnlyDictionary<string, Group> ByGroup)
    {
        /// <summary>The audited value of each declared constraint, in their order.</summary>
        [JsonIgnore]
        public IReadOnlyList<double> ConstraintValues { get; init; } = [];

        public static Part Of(FairnessAudit audit, double auc, IReadOnlyList<FairnessConstraint> constraints) => new(
            audit.Overall.RowCount,
            audit.Overall[GroupMetric.Accuracy],
            auc,
            audit.Intersection.DemographicParityDifference,
            audit.Intersection.Difference(GroupMetric.TruePositiveRate),
            audit.Intersection.EqualizedOddsDifference,
            audit.Intersection.Difference(GroupMetric.MeanLoss),
            audit.Intersection.Groups.ToDictionary(group => group.Name, group => new Group(
                group.RowCount,
                group.BaseRate,
                group[GroupMetric.SelectionRate],
                group[GroupMetric.TruePositiveRate],
                group[GroupMetric.FalsePositiveRate],
                group[GroupMetric.PositivePredictiveValue],
                group[GroupMetric.FalseOmissionRate],
                group[GroupMetric.Accuracy],
                group[GroupMetric.MeanLoss])))
        {
            ConstraintValues = [.. constraints.Select(audit.ValueOf)],
        };
    }

    /// <summary>The audited statistics of one group.</summary>
    internal sealed record Group(
        int Rows,
        double BaseRate,
        double SelectionRate,
        double TruePositiveRate,
        double FalsePositiveRate,
        double PositivePredictiveValue,
        double FalseOmissionRate,
        double Accuracy,
        double Loss);

    // JSON has no NaN.
    private sealed class UndefinedAsNull : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}
