using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using HumanCompatible.ML.Benchmarks.Hold;

namespace HumanCompatible.ML.Benchmarks.Accuracy;

/// <summary>What a trainer made of a table; a line of the file of <c>--out</c>.</summary>
internal sealed record ComparedFit
{
    // The log loss of a probability of 1 that is wrong is infinite.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public string Table { get; init; } = "";

    public int Seed { get; init; }

    public bool IsTuning { get; init; }

    public required string Trainer { get; init; }

    public required double Accuracy { get; init; }

    /// <summary>The mean log loss of a row, natural logarithm.</summary>
    public required double LogLoss { get; init; }

    /// <summary>The seconds of Fit.</summary>
    public required double Seconds { get; init; }

    /// <summary>Those of all processors.</summary>
    public required double ProcessorSeconds { get; init; }

    /// <summary>The microseconds of a prediction, row by row, in the best of several runs.</summary>
    public required double RowMicroseconds { get; init; }

    internal string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="HoldInputException">The line is none of a fit.</exception>
    internal static ComparedFit Of(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<ComparedFit>(line, Json) ?? throw new JsonException("null");
        }
        catch (JsonException problem)
        {
            throw new HoldInputException($"--out: '{line}' is no fit: {problem.Message}");
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Table} seed {Seed} {Trainer}: {Accuracy:0.0000}, log loss {LogLoss:0.0000}, {ProcessorSeconds:0.00} s, "
        + $"{RowMicroseconds:0.00} us");
}
