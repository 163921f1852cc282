using HumanCompatible.ML.Data;
using Microsoft.ML;

namespace HumanCompatible.ML.Auditing;

/// <summary>Scored data that are read for an audit, in one pass.</summary>
internal sealed class ScoredData
{
    private readonly AuditRequest _request;
    private readonly AuditedColumns _columns;

    private ScoredData(AuditRequest request, AuditedColumns columns) => (_request, _columns) = (request, columns);

    /// <summary>Audits scored data.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="find">Finds the columns of the task.</param>
    /// <exception cref="ArgumentException">No group column is named, or one is named twice, or bins are no bins.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is not there or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, or a value cannot be used; the message names column and
    /// row.</exception>
    internal static FairnessAudit Audit(AuditRequest request, Func<AuditRequest, AuditedColumns> find)
    {
        request.Validate();
        var readers = CreateReaders(request);
        var data = new ScoredData(request, find(request));
        var auditor = new FairnessAuditor(data._columns.Task, readers.Length);
        data.Read(readers, auditor.Add);
        return auditor.Finish([.. readers.Select((reader, column) => reader.ToGroups(auditor.CodesOf(column)))],
            new AuditSettings(request.Confidence, request.MissingValues, request.ControlColumnNames.Count)
            {
                ReadRows = data.ReadRows,
                Source = data,
            });
    }

    /// <summary>The columns of the data.</summary>
    internal DataViewSchema Schema => _request.Schema;

    /// <summary>Reads the rows once more: the fingerprint of what is audited of them, and what else a reader wants of each.</summary>
    /// <param name="rowCount">How many rows there were.</param>
    /// <param name="others">The columns that the reader wants.</param>
    /// <param name="bind">Takes their getters of a cursor.</param>
    /// <param name="next">Called for each row.</param>
    /// <returns>The SHA-256 of groups, labels, predictions, scores, probabilities and weights, row after row, in hexadecimal.</returns>
    /// <exception cref="InvalidOperationException">There are more or fewer rows than before.</exception>
    internal string Fingerprint(int rowCount, IReadOnlyList<DataViewSchema.Column> others, Action<DataViewRow> bind, Action next)
    {
        var readers = CreateReaders(_request);
        using var hash = new RowHash();
        var rows = 0;
        Read(readers, (codes, in row) =>
        {
            hash.Add(codes, row);
            next();
            rows++;
        }, others, bind);
        if (rows != rowCount)
            throw Changed(rowCount, rows);
        return hash.Finish(readers.Select(reader
            => reader.ToGroups([.. Enumerable.Range(0, reader.ToGroups([]).GroupNames.Count)])));
    }

    internal static InvalidOperationException Changed(int before, int now)
        => new($"The data changed since they were audited: there were {before} rows, and now {now}.");

    // The rows by the combination of values; combinations are numbered in the order in which they appear, as the audit numbers them.
    private AuditRows ReadRows()
    {
        var readers = CreateReaders(_request);
        var index = new CellIndex(readers.Length);
        var rows = new AuditRows();
        Read(readers, (codes, in row) => rows.Add(index.CellOf(codes), row));
        return rows;
    }

    private static GroupColumnReader[] CreateReaders(AuditRequest request) =>
    [
        .. request.GroupColumnNames.Select(name => CreateReader(request, "groupColumnNames", "group", name)),
        .. request.ControlColumnNames.Select(name => CreateReader(request, "controlColumnNames", "control", name)),
    ];

    private static GroupColumnReader CreateReader(AuditRequest request, string parameterName, string role, string name)
        => GroupBinEdges.CreateReader(SchemaMismatch.Find(request.Schema, parameterName, role, name), request.GroupBins, parameterName);

    private void Read(GroupColumnReader[] readers, AddRow add, IReadOnlyList<DataViewSchema.Column>? others = null,
        Action<DataViewRow>? bind = null)
    {
        using var cursor = _request.Data.GetRowCursor([.. readers.Select(reader => reader.Column).Concat(_columns.Columns)
            .Concat(others ?? []).DistinctBy(column => column.Index)]);
        bind?.Invoke(cursor);
        foreach (var reader in readers)
            reader.Bind(cursor);
        var read = _columns.Bind(cursor);
        var codes = new int[readers.Length];
        AuditRow row = default;
        for (var index = 0; cursor.MoveNext(); index++)
        {
            for (var column = 0; column < codes.Length; column++)
                codes[column] = readers[column].ReadCodeOf(index);
            read(index, ref row);
            add(codes, row);
        }
    }

    private delegate void AddRow(ReadOnlySpan<int> codes, in AuditRow row);
}
