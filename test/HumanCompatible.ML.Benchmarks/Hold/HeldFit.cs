using System.Text.Json;

namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>One fit and what it is worth on the rows of the population that were not drawn; a line of the file of <c>--out</c>.</summary>
internal sealed record HeldFit
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public required string Cell { get; init; }

    public required int Draw { get; init; }

    /// <summary>shown, kept, missed or notMeasurable: what training said.</summary>
    public required string Verdict { get; init; }

    /// <summary>The value that training reports of its own rows; null where it is undefined.</summary>
    public required double? ReportedValue { get; init; }

    /// <summary>The population's statistic over all groups; null where fewer than two define it.</summary>
    public required double? Value { get; init; }

    /// <summary>The same over the groups of which the drawn table has enough rows.</summary>
    public required double? MeasurableValue { get; init; }

    /// <summary>The same over the groups that the verdict speaks of: those that training saw and could measure.</summary>
    public required double? JudgedValue { get; init; }

    /// <summary>The end of the reported interval that is nearer to breaking the bound; null where there is none.</summary>
    public required double? IntervalEnd { get; init; }

    public required int Groups { get; init; }

    public required int MeasurableGroups { get; init; }

    public required double Accuracy { get; init; }

    /// <summary>The accuracy of the fit of the same rows and seed without constraint; null where it was not asked for.</summary>
    public required double? UnconstrainedAccuracy { get; init; }

    /// <summary>The share of the population that is predicted positive: 0 or 1 of a constant model.</summary>
    public required double SelectionRate { get; init; }

    /// <summary>The seconds of the trainer's Fit.</summary>
    public required double Seconds { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="HoldInputException">A line is none of a fit, or of a cell that there is not.</exception>
    public static IReadOnlyList<HeldFit> Read(string path)
    {
        if (!File.Exists(path))
            throw new HoldInputException($"--from {path}: there is no such file.");
        return [.. File.ReadLines(path).Index().Where(line => line.Item.Length > 0).Select(line => Parse(line.Item, path, line.Index + 1))];
    }

    private static HeldFit Parse(string line, string path, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<HeldFit>(line, Json) ?? throw new JsonException("null");
        }
        catch (JsonException problem)
        {
            throw new HoldInputException($"{path}, line {number} is no fit: {problem.Message}");
        }
    }
}
