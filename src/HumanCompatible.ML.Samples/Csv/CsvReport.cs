using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>What the csv command found, as it is written to JSON.</summary>
/// <param name="Dataset">The name of the file.</param>
/// <param name="Constraints">The declared constraints.</param>
/// <param name="Runs">One for each seed.</param>
internal sealed record CsvReport(string Dataset, IReadOnlyList<CsvReport.Bounded> Constraints, IReadOnlyList<CsvRun> Runs)
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
