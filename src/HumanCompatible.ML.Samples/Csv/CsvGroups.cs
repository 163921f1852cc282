using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Looks at the values of the group columns: do they name groups, and can these be compared?</summary>
/// <param name="options">Names the columns.</param>
/// <param name="say">Told what the user should know of them.</param>
internal sealed class CsvGroups(CsvOptions options, Action<string> say)
{
    private const int FewGroups = 10;
    private const int FewRowsEach = 3;

    private string Names => string.Join(',', options.Groups);

    /// <summary>Writes a whole number in one way where the tables write it as 1 and as 1.0, so that it is one group.</summary>
    public void Unify(CsvTable training, CsvTable? test)
    {
        foreach (var name in options.Groups)
        {
            var column = training.IndexOf("--group", name);
            var rows = training.Rows.Concat(test?.Rows ?? []).ToList();
            SayBlanks(name, rows.Zip(training.Padded.Concat(test?.Padded ?? []),
                (cells, padded) => (cells[column], padded?[column] == true)));
            var shorter = ShorterNumbers(rows.Select(row => row[column]));
            if (shorter.Count == 0)
                continue;
            foreach (var row in rows)
                row[column] = shorter.GetValueOrDefault(row[column], row[column]);
            say($"Column '{name}': {CsvTable.Listed(shorter.Keys)} {(shorter.Count == 1 ? "is" : "are")} read as "
                + $"{CsvTable.Listed(shorter.Values)}.");
        }
    }

    /// <summary>For each text such as 1.0 that the cells also write as 1, that shorter one.</summary>
    public static Dictionary<string, string> ShorterNumbers(IEnumerable<string> cells)
    {
        var values = cells.ToHashSet();
        return values.Where(value => Shorter(value) is { } whole && values.Contains(whole))
            .ToDictionary(value => value, value => Shorter(value)!);
    }

    /// <summary>Checks the groups of the rows to train on or to audit.</summary>
    /// <param name="table">Their table.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="test">Rows to test on, whose groups may look like those of the others.</param>
    /// <exception cref="SampleInputException">They are no groups, or a value of them is damaged.</exception>
    public void Check(CsvTable table, IReadOnlyList<CsvRow> rows, params IReadOnlyList<CsvRow> test)
    {
        var groups = rows.DistinctBy(row => row.Group).Count();
        if (groups > FewGroups && groups * FewRowsEach > rows.Count)
        {
            var what = options.Groups.Count == 1 ? "different values" : "different combinations of values";
            throw new SampleInputException(
                $"--group {Names}: {groups} {what} in {rows.Count} rows: that names rows, not groups{PerColumn(table, rows)}.");
        }
        foreach (var name in options.Groups)
        {
            var column = table.IndexOf("--group", name);
            List<string> Values(IEnumerable<CsvRow> some)
                => [.. some.Select(row => row.Cells[column]).Where(cell => !options.Missing.IsMissing(cell))];
            CheckColumn(name, Values(rows));
            SayAlike(name, Values(rows.Concat(test)));
        }
    }

    /// <summary>Checks that there are two groups to compare.</summary>
    /// <exception cref="SampleInputException">There are not.</exception>
    public void CheckComparison(CsvTable table, IReadOnlyList<CsvRow> rows, string purpose)
    {
        var withoutValue = options.MissingGroups == GroupPolicy.Include ? [] : rows.Where(row => row.LacksGroup).ToList();
        var compared = rows.Except(withoutValue).DistinctBy(row => row.Group).Take(2).ToList();
        if (compared.Count > 1)
            return;
        var others = withoutValue.Count == 0 ? "" : $" ({CellText.Count(withoutValue.Count, "row")} without a value left out)";
        throw new SampleInputException(compared.Count == 0
            ? $"{table.Path}: no row {purpose} has a value in {CsvTable.Listed(options.Groups)}: there is nothing to compare."
            : $"{table.Path}: all rows {purpose} are of the group '{compared[0].GroupName}' of {CsvTable.Listed(options.Groups)}{others}: "
                + "there is nothing to compare.");
    }

    private void CheckColumn(string name, IReadOnlyList<string> cells)
    {
        var counts = cells.CountBy(cell => cell).ToDictionary();
        if (counts.Keys.FirstOrDefault(value => value.Contains(CsvTable.LostLetter)) is { } damaged)
        {
            throw new SampleInputException($"--group {name}: the value '{damaged}' has lost letters, so that it may be several groups: the "
                + "file was saved in the wrong encoding once. Save it anew from its source, as UTF-8.");
        }
        if (counts.Count > FewGroups && counts.Keys.All(IsNumber) && counts.Keys.Any(HasFraction))
        {
            throw new SampleInputException($"--group {name}: {counts.Count} different numbers in {cells.Count} rows, with fractions: that "
                + "is a measure, not groups. Add a column of ranges and name that one.");
        }
        string WithRows(string value) => $"'{value}' ({CellText.Count(counts[value], "row")})";
        foreach (var value in counts.Keys.Where(options.Missing.IsDoubtful))
            say($"Column '{name}': {WithRows(value)} is a group of its own; --missing '{value}' takes it for missing.");
    }

    private void SayAlike(string name, IReadOnlyList<string> cells)
    {
        var counts = cells.CountBy(cell => cell).ToDictionary();
        IEnumerable<string> Listed(params IReadOnlyList<string> values) => values.Zip(LookAlikes.Codes(values),
            (value, codes) => $"'{ShownName.Of(value)}' ({CellText.Count(counts[value], "row")}, {codes})");
        foreach (var alike in counts.Keys.GroupBy(value => CellText.Plain(LookAlikes.Folded(value))).Where(alike => alike.Count() > 1))
        {
            string[] all = [.. Listed([.. alike.Order(StringComparer.Ordinal)])];
            say($"Column '{name}': {string.Join(", ", all[..^1])} and {all[^1]} look alike, but are different groups.");
        }

        var byFold = counts.Keys.ToLookup(LookAlikes.Folded);
        foreach (var (one, other) in LookAlikes.ByDigits([.. byFold.Select(alike => alike.Key)]))
        {
            string[] all = [.. Listed([.. byFold[one].Concat(byFold[other]).Order(StringComparer.Ordinal)])];
            say($"Column '{name}': {string.Join(", ", all[..^1])} and {all[^1]} look alike, but are different groups: one has a digit "
                + "where the other has a letter.");
        }

        foreach (var (composed, decomposed) in LookAlikes.InTwoForms(counts.Keys))
        {
            say($"Column '{name}': {string.Join(" and ", Listed(composed, decomposed))} look alike, but are different groups: one writes a "
                + "letter and its accent as one sign, the other as two. Save the table with one Unicode form (NFC).");
        }
    }

    // One group that the table writes with blanks here and without them there was perhaps meant to be two.
    private void SayBlanks(string name, IEnumerable<(string Value, bool IsPadded)> cells)
    {
        string[] both = [.. cells.Distinct().Where(cell => !options.Missing.IsMissing(cell.Value)).CountBy(cell => cell.Value)
            .Where(cell => cell.Value > 1).Select(cell => cell.Key).Order(StringComparer.Ordinal)];
        if (both.Length > 0)
        {
            say($"Column '{name}': {CsvTable.Listed(both)} {(both.Length == 1 ? "is" : "are")} written with and without blanks around; "
                + "these are read as the same group.");
        }
    }

    private string PerColumn(CsvTable table, IReadOnlyList<CsvRow> rows)
    {
        if (options.Groups.Count == 1)
            return "";
        var counts = options.Groups.Select(name =>
        {
            var column = table.IndexOf("--group", name);
            return $"{name} {rows.DistinctBy(row => row.Cells[column]).Count()}";
        });
        return $" ({string.Join(", ", counts)})";
    }

    private static string? Shorter(string value)
    {
        var point = value.IndexOf('.', StringComparison.Ordinal);
        return point > 0 && point < value.Length - 1 && !value.AsSpan(0, point).ContainsAnyExcept("0123456789-")
            && !value.AsSpan(point + 1).ContainsAnyExcept('0') ? value[..point] : null;
    }

    private static bool IsNumber(string value) => NumberText.Of(value) is { Affix: "" };

    private static bool HasFraction(string value) => NumberText.Of(value) is { } text && text.IfPoint != Math.Truncate(text.IfPoint ?? 0);
}
