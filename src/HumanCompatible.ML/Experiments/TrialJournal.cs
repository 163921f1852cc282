using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace HumanCompatible.ML.Experiments;

/// <summary>
/// The runs of an experiment in a file: a first line that says of which experiment, then one line of JSON for each run as it ended, with
/// the sum of that line and of all before it: a line that was changed, moved or taken out is refused. A last line that was cut off is
/// dropped.
/// </summary>
internal sealed class TrialJournal : IDisposable
{
    private const int Format = 1;
    private const string Run = "run";
    private const string Sum = "sum";

    private readonly Lock _lock = new();
    private readonly StreamWriter? _writer;
    private string _sum = "";

    /// <param name="path">The file; null writes none.</param>
    /// <param name="identity">What makes the experiment what it is.</param>
    /// <exception cref="InvalidOperationException">The file is of another experiment, or no journal, or a line was changed.</exception>
    internal TrialJournal(string? path, string identity)
    {
        if (path is null)
            return;
        var header = JsonSerializer.Serialize(new Header(Format, Hash(identity)), JsonDialect.Options);
        _sum = Hash(header);
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            Records = Read(path, stream, header);
            _writer = new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
            if (stream.Length == 0)
                _writer.WriteLine(header);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The runs that the file had.</summary>
    internal IReadOnlyList<TrialRecord> Records { get; } = [];

    /// <summary>Adds a run.</summary>
    internal void Add(TrialRecord record)
    {
        if (_writer is null)
            return;
        lock (_lock)
        {
            var run = JsonSerializer.Serialize(record, JsonDialect.Options);
            _sum = Hash(_sum + run);
            _writer.WriteLine($$"""{"{{Run}}":{{run}},"{{Sum}}":"{{_sum}}"}""");
        }
    }

    public void Dispose() => _writer?.Dispose();

    private List<TrialRecord> Read(string path, FileStream stream, string header)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        var lines = Encoding.UTF8.GetString(bytes, 0, Math.Max(0, whole - 1)).Split('\n');
        var isOurs = whole > 0 ? lines[0] == header : header.StartsWith(Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        if (!isOurs)
        {
            throw new InvalidOperationException($"The journal '{path}' is of another experiment (other data, options, search space, "
                + "number of runs, metric or seed) or none: name another folder.");
        }

        List<TrialRecord> records = [];
        for (var index = 1; index < lines.Length; index++)
        {
            records.Add(ReadRun(lines[index]) ?? throw new InvalidOperationException($"The journal '{path}' is damaged: line {index + 1} "
                + "is not what was written there. Delete it and all lines after it, or the file: these runs are then done again."));
        }

        stream.SetLength(whole);
        stream.Position = whole;
        return records;
    }

    // Null where the line is not what was written after those before it.
    private TrialRecord? ReadRun(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty(Run, out var run)
                || !root.TryGetProperty(Sum, out var sum) || sum.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            var expected = Hash(_sum + run.GetRawText());
            if (sum.GetString() != expected)
                return null;
            _sum = expected;
            return run.Deserialize<TrialRecord>(JsonDialect.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private sealed record Header(int Format, string Experiment);
}
