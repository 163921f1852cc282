using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class CsvTableTests
{
    [TestMethod]
    [DataRow("a,b\n1,2\n", DisplayName = "comma")]
    [DataRow("a;b\r\n1;2\r\n", DisplayName = "semicolon, CRLF")]
    [DataRow("a\tb\n1\t2", DisplayName = "tab, no last line end")]
    [DataRow(" \"a\" , b\n\n 1, \"2\"\n\n", DisplayName = "blanks, quotes, empty lines")]
    [DataRow("\uFEFFa,b\n1,2\n", DisplayName = "byte order mark")]
    public void Load_UsualForms_GivesTheSameTable(string content)
    {
        using var folder = new CsvFolder();

        var table = CsvTable.Load(folder.Write("t.csv", content), separator: null, columnNames: null);

        CollectionAssert.AreEqual(new[] { "a", "b" }, table.Columns.ToArray());
        Assert.HasCount(1, table.Rows);
        CollectionAssert.AreEqual(new[] { "1", "2" }, table.Rows[0]);
    }

    [TestMethod]
    public void Load_QuotedCells_KeepSeparatorsQuotesAndLineEnds()
    {
        using var folder = new CsvFolder();

        var table = CsvTable.Load(folder.Write("t.csv", "a;b\n\"x;y\";\"say \"\"no\"\"\nand go\"\n;\"\"\n"), null, null);

        CollectionAssert.AreEqual(new[] { "x;y", "say \"no\"\nand go" }, table.Rows[0]);
        CollectionAssert.AreEqual(new[] { "", "" }, table.Rows[1]);
    }

    [TestMethod]
    public void Load_SemicolonTableWithCommasInNumbers_IsNotSplitAtCommas()
    {
        using var folder = new CsvFolder();

        var table = CsvTable.Load(folder.Write("t.csv", "a;b;c\n1,5;2,5;x\n3,5;4;y\n"), null, null);

        Assert.HasCount(3, table.Columns);
        Assert.AreEqual("2,5", table.Rows[0][1]);
    }

    [TestMethod]
    public void Load_NamesGivenAndLinesSkipped_ReadsTheRest()
    {
        using var folder = new CsvFolder();

        var table = CsvTable.Load(folder.Write("t.csv", "|a comment\n1, 2\n3, 4\n"), null, ["a", "b"], skippedLines: 1);

        Assert.HasCount(2, table.Rows);
        CollectionAssert.AreEqual(new[] { "1", "2" }, table.Rows[0]);
    }

    [TestMethod]
    [DataRow("a,b\r\n\r\n1,2\r\n3", "t.csv, line 4: 1 cells, but there are 2 columns ('a', 'b').")]
    [DataRow("a,b\n1,2\n3\n", "t.csv, line 3: 1 cells, but there are 2 columns ('a', 'b').")]
    [DataRow("a,b\n\"1\n\",2\n3,4,5\n", "t.csv, line 4: 3 cells, but there are 2 columns ('a', 'b').")]
    [DataRow("a,b\n\"1,2\n", "t.csv, line 2: a quote is not closed.")]
    [DataRow("a,b\n\"1\"x,2\n", "t.csv, line 2: 'x' follows a closing quote.")]
    [DataRow("a,b\n1,2\n5\" x,1\n6\" y,2\n",
        "t.csv, line 3: a quote stands inside a cell. Write the whole cell in quotes, and twice each quote in it.")]
    [DataRow("a,b,a\n1,2,3\n",
        "t.csv: the header names the column 'a' more than once. Give other names with --columns if the first line is no header.")]
    [DataRow("a,b\n", "t.csv has no rows.")]
    [DataRow("", "t.csv is empty.")]
    public void Load_NoTable_SaysWhatAndWhere(string content, string expected)
    {
        using var folder = new CsvFolder();
        var path = folder.Write("t.csv", content);

        var problem = Assert.ThrowsExactly<SampleInputException>(() => CsvTable.Load(path, ',', null));

        Assert.AreEqual(expected, problem.Message.Replace(path, "t.csv", StringComparison.Ordinal));
    }

    [TestMethod]
    public void ArrangedAs_OtherOrder_FollowsTheNames()
    {
        var training = new CsvTable("train", ["a", "b"], [["1", "2"]]);
        var test = new CsvTable("test", ["b", "extra", "a"], [["4", "?", "3"]]);

        CollectionAssert.AreEqual(new[] { "3", "4" }, test.ArrangedAs(training).Rows[0]);
        Assert.AreEqual("train lacks the column 'extra' of test.",
            Assert.ThrowsExactly<SampleInputException>(() => training.ArrangedAs(test)).Message);
    }
}
