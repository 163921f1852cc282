using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace HumanCompatible.ML.Experiments;

/// <summary>
/// The runs of an experiment in a file: a first line that says of which experiment, then one line of JSON for each run as it ended, for
/// each model of a finalist in a fold that the search left out, and for each final model before it is tested, with the sum of that line
/// and of all before it: a line that was changed, moved or taken out is refused. A last line that was cut off is dropped.
/// </summary>
internal sealed class TrialJournal : IDisposable
{
    private const int Format = 1;
    private const string Run = "run";
    private const string Test = "test";
    private const string InFold = "fold";
    private const string Sum = "sum";

    private readonly Lock _lock = new();
    private readonly List<TrialRecord> _records = [];
    private readonly List<TestRecord> _tests = [];
    private readonly List<FoldRecord> _folds = [];
    private readonly StreamWriter? _writer;
    private string _sum = "";

    /// <param name="path">The file; null writes none.</param>
    /// <param name="identity">What makes the experiment what it is, by what it is called.</param>
    /// <exception cref="InvalidOperationException">The file is of another experiment, or no journal, or a line was changed.</exception>
    internal TrialJournal(string? path, IReadOnlyDictionary<string, string> identity)
    {
        if (path is null)
            return;
        var own = new Header(Format, identity.ToDictionary(part => part.Key, part => Hash(part.Value)));
        var header = JsonSerializer.Serialize(own, JsonDialect.Options);
        _sum = Hash(header);
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            Read(path, stream, header, own);
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
    internal IReadOnlyList<TrialRecord> Records => _records;

    /// <summary>Adds a run.</summary>
    internal void Add(TrialRecord record) => Write(Run, record);

    /// <summary>Adds the model of a finalist in another fold than those of the search.</summary>
    internal void Add(FoldRecord record) => Write(InFold, record);

    /// <summary>The sum of the file that the journal had of a finalist in another fold; null where there is none.</summary>
    internal string? ModelOf(Trial trial, int fold)
        => _folds.FindLast(one => (one.Run, one.Fold) == (trial.Number, fold) && one.Point.AsSpan().SequenceEqual(trial.Point))?.Model;

    /// <summary>Adds a final model that is about to be tested, where it is not the same again.</summary>
    /// <returns>How many different ones there are now.</returns>
    internal int Add(TestRecord test)
    {
        if (!_tests.Contains(test))
        {
            Write(Test, test);
            _tests.Add(test);
        }

        return _tests.Count;
    }

    public void Dispose() => _writer?.Dispose();

    private void Write<T>(string kind, T value)
    {
        if (_writer is null)
            return;
        lock (_lock)
        {
            var text = JsonSerializer.Serialize(value, JsonDialect.Options);
            _sum = Hash(_sum + text);
            _writer.WriteLine($$"""{"{{kind}}":{{text}},"{{Sum}}":"{{_sum}}"}""");
        }
    }

    private void Read(string path, FileStream stream, string header, Header own)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        var lines = Encoding.UTF8.GetString(bytes, 0, Math.Max(0, whole - 1)).Split('\n');
        var isOurs = whole > 0 ? lines[0] == header : header.StartsWith(Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        if (!isOurs)
        {
            throw new InvalidOperationException(Differences(lines[0], own) is { Count: > 0 } others
                ? $"The journal '{path}' is of another experiment, with other {string.Join(", ", others)}: name another folder."
                : $"'{path}' is no journal of an experiment: name another folder.");
        }

        for (var index = 1; index < lines.Length; index++)
        {
            if (!TryRead(lines[index]))
            {
                throw new InvalidOperationException($"The journal '{path}' is damaged: line {index + 1} is not what was written there. "
                    + "Delete it and all lines after it, or the file: these runs are then done again.");
            }
        }

        stream.SetLength(whole);
        stream.Position = whole;
    }

    // What another journal is of else; nothing where it is none.
    private static List<string> Differences(string line, Header own)
    {
        try
        {
            return JsonSerializer.Deserialize<Header>(line, JsonDialect.Options) is not { Format: Format, Experiment: { } other } ? []
                : [.. own.Experiment.Where(part => other.GetValueOrDefault(part.Key) != part.Value).Select(part => part.Key)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    // False where the line is not what was written after those before it.
    private bool TryRead(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty(Sum, out var sum)
                || sum.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            string[] kinds = [Run, InFold, Test];
            if (Array.Find(kinds, one => root.TryGetProperty(one, out _)) is not { } kind)
                return false;
            var value = root.GetProperty(kind);
            var expected = Hash(_sum + value.GetRawText());
            if (sum.GetString() != expected)
                return false;
            _sum = expected;
            if (kind == Run)
                _records.Add(value.Deserialize<TrialRecord>(JsonDialect.Options)!);
            else if (kind == InFold)
                _folds.Add(value.Deserialize<FoldRecord>(JsonDialect.Options)!);
            else
                _tests.Add(value.Deserialize<TestRecord>(JsonDialect.Options)!);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private sealed record Header(int Format, IReadOnlyDictionary<string, string> Experiment);
}

/// <summary>A model of a finalist in a fold that the search left out.</summary>
/// <param name="Run">The number of its run.</param>
/// <param name="Point">The place of that run in the search space.</param>
/// <param name="Fold">The number of the fold, after those of the search.</param>
/// <param name="Model">The sum of its file.</param>
internal sealed record FoldRecord(int Run, double[] Point, int Fold, string Model);

/// <summary>A final model that was tested.</summary>
/// <param name="Run">The number of its run.</param>
/// <param name="Parameters">What that run varied.</param>
/// <param name="IsTrainedAgain">Whether it was trained on all rows but the test rows.</param>
internal sealed record TestRecord(int Run, string Parameters, bool IsTrainedAgain);
