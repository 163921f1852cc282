using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace HumanCompatible.ML.Experiments;

/// <summary>
/// The runs of an experiment in a file: a first line that says of which experiment, then one line of JSON for each run as it ended. A last
/// line that was cut off is dropped.
/// </summary>
internal sealed class TrialJournal : IDisposable
{
    private const int Format = 1;

    private readonly Lock _lock = new();
    private readonly StreamWriter? _writer;

    /// <param name="path">The file; null writes none.</param>
    /// <param name="identity">What makes the experiment what it is.</param>
    /// <exception cref="InvalidOperationException">The file is of another experiment, or no journal.</exception>
    internal TrialJournal(string? path, string identity)
    {
        if (path is null)
            return;
        var header = JsonSerializer.Serialize(
            new Header(Format, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))), JsonDialect.Options);
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
            _writer.WriteLine(JsonSerializer.Serialize(record, JsonDialect.Options));
    }

    public void Dispose() => _writer?.Dispose();

    private static List<TrialRecord> Read(string path, FileStream stream, string header)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        var lines = Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var isOurs = whole > 0
            ? lines.FirstOrDefault() == header
            : header.StartsWith(Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        if (!isOurs)
        {
            throw new InvalidOperationException($"The journal '{path}' is of another experiment (other data, options, search space or "
                + "seed) or none: give another file.");
        }

        try
        {
            List<TrialRecord> records
                = [.. lines.Skip(1).Select(line => JsonSerializer.Deserialize<TrialRecord>(line, JsonDialect.Options)!)];
            stream.SetLength(whole);
            stream.Position = whole;
            return records;
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"The journal '{path}' has a line that is no run: {e.Message}", e);
        }
    }

    private sealed record Header(int Format, string Experiment);
}
