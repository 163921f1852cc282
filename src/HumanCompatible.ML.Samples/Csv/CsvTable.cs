using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>A table of text: named columns and rows of as many cells.</summary>
/// <param name="Path">The file.</param>
/// <param name="Columns">The names, in the order of the cells.</param>
/// <param name="Rows">The cells.</param>
internal sealed record CsvTable(string Path, IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows)
{
    /// <summary>What a program writes for a letter that it could not read.</summary>
    public const char LostLetter = '\uFFFD';

    /// <summary>What stands between the cells of the file.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>The line of the file on which each row begins, from 1.</summary>
    public IReadOnlyList<int> Lines { get; init; } = [];

    /// <summary>Of each row the cells that blanks stood around, which are not part of them; null for none.</summary>
    public IReadOnlyList<bool[]?> Padded { get; init; } = [];

    /// <exception cref="SampleInputException">There is no such file, or it is no table; the message names the line.</exception>
    public static CsvTable Load(string path, char? separator, IReadOnlyList<string>? columnNames, int skippedLines = 0)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new SampleInputException("The path of the table is empty.");
        if (!File.Exists(path))
            throw new SampleInputException(Directory.Exists(path) ? $"{path} is a folder, not a table." : $"There is no file {path}.");
        var (used, rows) = DelimitedText.Read(path, separator, skippedLines);
        if (columnNames is null && rows.Count == 0)
            throw new SampleInputException($"{path} is empty.");
        var columns = columnNames ?? Header(path, rows[0].Cells);
        var body = rows.Skip(columnNames is null ? 1 : 0);
        string[][] cells = [.. body.Select(row => row.Cells.Length == columns.Count ? row.Cells
            : throw new SampleInputException(
                $"{path}, line {row.Line}: {row.Cells.Length} cells, but there are {columns.Count} columns ({Listed(columns)})."))];
        if (cells.Length == 0)
            throw new SampleInputException($"{path} has no rows.");
        return new CsvTable(path, columns, cells)
        {
            Separator = used,
            Lines = [.. body.Select(row => row.Line)],
            Padded = [.. body.Select(row => row.Padded)],
        };
    }

    /// <summary>The number of a column.</summary>
    /// <exception cref="SampleInputException">There is no such column.</exception>
    public int IndexOf(string option, string column)
    {
        var index = Find(column);
        if (index >= 0)
            return index;
        var alike = Columns.FirstOrDefault(name => name.Equals(column, StringComparison.OrdinalIgnoreCase));
        throw new SampleInputException($"{option} {column}: {Path} has no column '{column}'; "
            + (alike is null ? $"it has {Listed(Columns)}." : $"did you mean '{alike}'?"));
    }

    /// <summary>The same table with the columns of another, in its order.</summary>
    /// <exception cref="SampleInputException">A column is missing.</exception>
    public CsvTable ArrangedAs(CsvTable other)
    {
        string[] absent = [.. other.Columns.Where(column => Find(column) < 0)];
        if (absent.Length > 0)
        {
            throw new SampleInputException(
                $"{Path} lacks {(absent.Length == 1 ? "the column" : "the columns")} {Listed(absent)} of {other.Path}.");
        }

        int[] order = [.. other.Columns.Select(Find)];
        return this with
        {
            Columns = other.Columns,
            Rows = [.. Rows.Select(row => Array.ConvertAll(order, index => row[index]))],
            Padded = [.. Padded.Select(row => row is null ? null : Array.ConvertAll(order, index => row[index]))],
        };
    }

    /// <summary>The names in quotes, the first of them where there are many.</summary>
    public static string Listed(IEnumerable<string> names)
    {
        const int most = 20;
        string[] all = [.. names];
        return string.Join(", ", all.Take(most).Select(name => $"'{ShownName.Of(name)}'"))
            + (all.Length > most ? $" and {all.Length - most} more" : "");
    }

    private int Find(string column) => Columns.Index().FirstOrDefault(pair => pair.Item == column, (Index: -1, Item: "")).Index;

    private static string[] Header(string path, string[] cells)
    {
        // The index that many tools write has no name.
        string[] columns = [.. cells.Select((cell, index) => cell.Length > 0 ? cell : $"column{index + 1}")];
        return columns.GroupBy(column => column).FirstOrDefault(same => same.Count() > 1) is not { } repeated ? columns
            : throw new SampleInputException($"{path}: the header names the column '{repeated.Key}' more than once. "
                + "Give other names with --columns if the first line is no header.");
    }
}
