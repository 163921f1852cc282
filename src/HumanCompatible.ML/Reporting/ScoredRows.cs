using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Groups;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Reporting;

/// <summary>The rows of an audit, row by row: what charts of the score need.</summary>
internal sealed class ScoredRows
{
    private readonly List<bool> _labels = [];
    private readonly List<bool> _predictions = [];
    private readonly List<float> _scores = [];
    private readonly List<float> _weights = [];
    private IReadOnlyList<GroupColumn> _groups = [];

    /// <summary>The column of the scores; null where the data has no scores.</summary>
    internal string? ScoreColumn { get; private init; }

    /// <summary>Whether the scores are probabilities of the positive class.</summary>
    internal bool AreProbabilities { get; private init; }

    /// <summary>The SHA-256 of labels, predictions, scores, weights and groups.</summary>
    internal string Fingerprint { get; private set; } = "";

    /// <summary>What drives the score; null where the data does not tell.</summary>
    internal ScoreDrivers? Drivers { get; private init; }

    /// <summary>
    /// The score from which on rows are predicted positive; null where no single one tells the predictions apart, or there are no scores.
    /// </summary>
    internal double? Threshold { get; private set; }

    /// <summary>Reads the rows in one pass.</summary>
    /// <exception cref="ArgumentException">They are not as many as those of the audit.</exception>
    internal static ScoredRows Read(FairnessAudit audit, FairnessReportOptions options)
    {
        var data = options.ScoredData!;
        var schema = data.Schema;
        var readers = GroupColumns.CreateReaders(schema, audit.GroupColumnNames);
        var label = SchemaMismatch.Find(schema, nameof(options.LabelColumnName), "label", options.LabelColumnName);
        var probability = schema.GetColumnOrNull(options.ProbabilityColumnName);
        var score = probability ?? schema.GetColumnOrNull(options.ScoreColumnName);
        var prediction = schema.GetColumnOrNull(options.PredictedLabelColumnName) ?? score
            ?? SchemaMismatch.Find(schema, nameof(options.PredictedLabelColumnName), "predicted label", options.PredictedLabelColumnName);
        DataViewSchema.Column? weight = options.ExampleWeightColumnName is null ? null
            : SchemaMismatch.Find(schema, nameof(options.ExampleWeightColumnName), "example weight", options.ExampleWeightColumnName);
        var drivers = ScoreDrivers.Of(schema.GetColumnOrNull(options.FeatureContributionsColumnName));

        var rows = new ScoredRows { ScoreColumn = score?.Name, AreProbabilities = probability is not null, Drivers = drivers };
        DataViewSchema.Column?[] active = [.. readers.Select(reader => (DataViewSchema.Column?)reader.Column), label, prediction, score,
            weight, drivers?.Column];
        using (var cursor = data.GetRowCursor(active.OfType<DataViewSchema.Column>().DistinctBy(column => column.Index)))
        {
            foreach (var reader in readers)
                reader.Bind(cursor);
            var readLabel = ScoredColumn.Outcome(cursor, label, "label");
            var readScore = score is { } scoreColumn ? ScoredColumn.Number(cursor, scoreColumn, "score",
                value => probability is null ? double.IsFinite(value) : value is >= 0 and <= 1,
                probability is null ? "a finite number" : "a number from 0 to 1") : null;
            var readPrediction = prediction.Index != score?.Index ? ScoredColumn.Outcome(cursor, prediction, "predicted label")
                : row => rows._scores[row] > (probability is null ? 0 : 0.5) ? 1 : 0;
            var readWeight = ScoredColumn.Weight(cursor, weight);
            drivers?.Bind(cursor);
            for (var row = 0; cursor.MoveNext(); row++)
            {
                foreach (var reader in readers)
                    reader.Read();
                rows._labels.Add(readLabel(row) > 0);
                if (readScore is not null)
                    rows._scores.Add((float)readScore(row));
                rows._predictions.Add(readPrediction(row) > 0);
                if (weight is not null)
                    rows._weights.Add((float)readWeight(row));
                drivers?.Read();
            }
        }

        if (rows._labels.Count != audit.Overall.RowCount)
        {
            throw new ArgumentException($"{nameof(options.ScoredData)} must have the {audit.Overall.RowCount} rows of the audit, got "
                + $"{rows._labels.Count}.", nameof(options));
        }

        rows._groups = [.. readers.Select(reader => reader.ToGroups())];
        rows.Fingerprint = rows.Hash();
        rows.Threshold = rows.FindThreshold();
        return rows;
    }

    /// <summary>The curves of groups, in the order of the names; nothing where there are no scores.</summary>
    /// <param name="columnNames">The columns that define the groups.</param>
    /// <param name="groupNames">The groups.</param>
    /// <param name="confidence">That of the intervals.</param>
    internal IReadOnlyList<ScoreCurve> Curves(IReadOnlyList<string> columnNames, IReadOnlyList<string> groupNames, double confidence)
    {
        if (ScoreColumn is null)
            return [];
        var partition = GroupPartition.Intersect([.. columnNames.Select(name => _groups.Single(group => group.Name == name))]);
        if (groupNames.FirstOrDefault(name => !partition.GroupNames.Contains(name)) is { } unknown)
        {
            throw new ArgumentException($"{nameof(FairnessReportOptions.ScoredData)} must have the groups of the audit, but there is no "
                + $"group '{unknown}'; of an audit with bins it must hold the bins as a column.");
        }

        var rows = Enumerable.Range(0, _labels.Count).ToLookup(row => partition.GroupNames[partition.GroupOfRow[row]]);
        return [.. groupNames.Select(name => Curve(name, rows[name], confidence))];
    }

    /// <summary>The curve of all rows.</summary>
    internal ScoreCurve Whole(double confidence) => Curve("All rows", Enumerable.Range(0, _labels.Count), confidence);

    private ScoreCurve Curve(string name, IEnumerable<int> rows, double confidence)
        => new(name, rows.Select(row => (_scores[row], _labels[row], _weights.Count == 0 ? 1.0 : _weights[row])), confidence);

    private double? FindThreshold()
    {
        if (ScoreColumn is null)
            return null;
        var outcomes = _scores.Zip(_predictions).ToLookup(pair => pair.Second, pair => (double)pair.First);
        double lowest = outcomes[true].DefaultIfEmpty(double.NaN).Min(), highest = outcomes[false].DefaultIfEmpty(double.NaN).Max();
        if (!(highest <= lowest))
            return null;
        var usual = AreProbabilities ? 0.5 : 0;
        return usual >= highest && usual <= lowest ? usual : lowest;
    }

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_labels)));
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_predictions)));
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_scores)));
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_weights)));
        foreach (var group in _groups)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\0', [group.Name, .. group.GroupNames])));
            hash.AppendData(MemoryMarshal.AsBytes(group.CodeOfRow.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
