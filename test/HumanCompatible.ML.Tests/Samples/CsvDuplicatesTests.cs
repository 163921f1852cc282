using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

/// <summary>Rows that a table has twice, or two tables have both.</summary>
[TestClass]
public sealed class CsvDuplicatesTests
{
    private const string Header = "id,age,sex,hired\n";

    private static string Rows(int first, int count, int firstId) => string.Concat(Enumerable.Range(first, count)
        .Select(row => FormattableString.Invariant($"{firstId + row},{row}.5,{"mf"[row % 2]},{(row % 4 < 2 ? "yes" : "no")}\n")));

    [TestMethod]
    public void Load_TestRowsThatAreTrainedOn_AreCounted()
    {
        // 5 rows are the same but for the id, which is dropped; one of them has another label.
        var test = (Rows(15, 9, 100) + "7,16.5,m,no\n").TrimEnd().Split('\n').Select(line => string.Join(',', line.Split(',').Reverse()));

        var notes = Load(Header + Rows(0, 20, 0), "hired,sex,age,id\n" + string.Join('\n', test));

        Assert.AreEqual(1, notes.Count(note => note.StartsWith("Warning: ", StringComparison.Ordinal)));
        Assert.IsTrue(notes.Exists(note => note.Contains("Warning: 5 of the 10 rows of ", StringComparison.Ordinal)
            && note.Contains("t2.csv are in ", StringComparison.Ordinal)
            && note.Contains("t.csv, too, with the same label and, as read, the same values in all columns that the model uses (features, "
                + "groups, weight).", StringComparison.Ordinal)), string.Join('\n', notes));
    }

    [TestMethod]
    public void Load_RowsOfATableThatIsDivided_AreCountedWhereAllThatTheModelUsesIsTheSame()
    {
        var notes = Load(Header + Rows(0, 20, 0) + Rows(3, 2, 0) + Rows(4, 1, 0) + Rows(7, 1, 50), null);

        Assert.IsTrue(notes.Exists(note => note.Contains("Warning: 4 of the 24 rows of ", StringComparison.Ordinal)
            && note.Contains("are copies of another row, with the same label and, as read, ", StringComparison.Ordinal)),
            string.Join('\n', notes));
    }

    [TestMethod]
    [DataRow("0,{0}.50,{1},{2}\n", DisplayName = "the same number, written in another way")]
    [DataRow("9,{0}.5,{1},{2}\n", DisplayName = "another value in a column that is dropped")]
    public void Load_RowsOfTheSameValues_AreCopiesInOneTableAndAcrossTwo(string form)
    {
        string Row(int row) => string.Format(System.Globalization.CultureInfo.InvariantCulture, form, row, "mf"[row % 2],
            row % 4 < 2 ? "yes" : "no");
        var copies = Row(3) + Row(4);

        var (one, two) = (Load(Header + Rows(0, 20, 0) + copies, null), Load(Header + Rows(0, 20, 0), Header + Rows(20, 8, 0) + copies));

        Assert.IsTrue(one.Exists(note => note.StartsWith("Warning: 2 of the 22 rows of ", StringComparison.Ordinal)),
            string.Join('\n', one));
        Assert.IsTrue(two.Exists(note => note.StartsWith("Warning: 2 of the 10 rows of ", StringComparison.Ordinal)),
            string.Join('\n', two));
    }

    [TestMethod]
    public void Load_RowsOfAnotherWeight_AreNoCopies()
    {
        const string header = "age,sex,w,hired\n";
        static string Weighted(int first, int count, int weight) => string.Concat(Enumerable.Range(first, count).Select(row
            => FormattableString.Invariant($"{row}.5,{"mf"[row % 2]},{weight},{(row % 4 < 2 ? "yes" : "no")}\n")));

        var (same, other) = (Load(header + Weighted(0, 20, 1) + Weighted(3, 1, 1), null, "w"),
            Load(header + Weighted(0, 20, 1) + Weighted(3, 1, 2), null, "w"));

        Assert.IsTrue(same.Exists(note => note.StartsWith("Warning: 1 of the 21 rows of ", StringComparison.Ordinal)),
            string.Join('\n', same));
        Assert.IsFalse(other.Exists(note => note.StartsWith("Warning: ", StringComparison.Ordinal)), string.Join('\n', other));
    }

    [TestMethod]
    public void Load_NoCopies_SaysNothing()
    {
        foreach (var notes in new[] { Load(Header + Rows(0, 20, 0), null), Load(Header + Rows(0, 20, 0), Header + Rows(20, 8, 0)) })
            Assert.IsFalse(notes.Exists(note => note.StartsWith("Warning: ", StringComparison.Ordinal)), string.Join('\n', notes));
    }

    private static List<string> Load(string table, string? test, string? weight = null)
    {
        using var folder = new CsvFolder();
        var said = new List<string>();
        CsvData.Load(new CsvOptions
        {
            File = folder.Write("t.csv", table),
            TestFile = test is null ? null : folder.Write("t2.csv", test),
            Label = "hired",
            Positive = "yes",
            Groups = ["sex"],
            Dropped = weight is null ? ["id"] : [],
            Weight = weight,
        }, said.Add);
        return said;
    }
}
