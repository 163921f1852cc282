using System.Text;
using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class DelimitedTextTests
{
    [TestMethod]
    [DataRow("utf-8")]
    [DataRow("utf-16")]
    [DataRow("utf-16BE")]
    [DataRow("utf-32")]
    public void Read_ByteOrderMark_SaysTheEncoding(string encoding)
    {
        using var folder = new CsvFolder();
        var path = folder.PathOf("t.csv");
        File.WriteAllText(path, "s\u00F6,1\n\u20AC,2\n", Encoding.GetEncoding(encoding));

        var (_, rows) = DelimitedText.Read(path, separator: null, skippedLines: 0);

        CollectionAssert.AreEqual(new[] { "s\u00F6", "1" }, rows[0].Cells);
        CollectionAssert.AreEqual(new[] { "\u20AC", "2" }, rows[1].Cells);
    }

    [TestMethod]
    [DataRow("latin1", "", "t.csv is not UTF-8 (byte 0xF6 on line 3): save it as UTF-8.")]
    [DataRow("latin1", "\u00EF\u00BB\u00BF", "t.csv is not UTF-8 (byte 0xF6 on line 3): save it as UTF-8.")]
    [DataRow("windows-1252", "", "t.csv is not UTF-8 (byte 0xF6 on line 3): save it as UTF-8.")]
    [DataRow("utf-16", "", "t.csv is not UTF-8 (byte 0x00 on line 1), but perhaps UTF-16 without its byte order mark: save it as UTF-8.")]
    [DataRow("utf-16BE", "", "t.csv is not UTF-8 (byte 0x00 on line 1), but perhaps UTF-16 without its byte order mark: save it as UTF-8.")]
    [DataRow("utf-16, ASCII", "",
        "t.csv is not UTF-8 (byte 0x00 on line 1), but perhaps UTF-16 without its byte order mark: save it as UTF-8.")]
    public void Read_OtherEncoding_SaysWhereAndMergesNothing(string encoding, string start, string expected)
    {
        using var folder = new CsvFolder();
        var path = folder.PathOf("t.csv");
        // UTF-16 without letters beyond ASCII is valid UTF-8; what Windows-1252 has beyond Latin-1 is not used here.
        var text = encoding == "utf-16, ASCII" ? "a,b\n1,2\n" : "a,b\n1,2\ns\u00F6d,3\ns\u00E4d,4\n";
        var name = encoding == "windows-1252" ? "latin1" : encoding.Split(',')[0];
        File.WriteAllBytes(path, Encoding.GetEncoding(name).GetBytes(start + text));

        var problem = Assert.ThrowsExactly<SampleInputException>(() => DelimitedText.Read(path, ',', skippedLines: 0));

        Assert.AreEqual(expected, problem.Message.Replace(path, "t.csv", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Read_SkippedLinesQuotesAndEmptyLines_CountsEveryLine()
    {
        using var folder = new CsvFolder();

        var (_, rows) = DelimitedText.Read(folder.Write("t.csv", "|a \"comment\r\n\"x\r\ny\",1\r\n\r\n  \r\nz,2"), null, skippedLines: 1);

        CollectionAssert.AreEqual(new[] { 2, 6 }, rows.Select(row => row.Line).ToArray());
        CollectionAssert.AreEqual(new[] { "x\r\ny", "1" }, rows[0].Cells);
        CollectionAssert.AreEqual(new[] { "z", "2" }, rows[1].Cells);
    }

    [TestMethod]
    [DataRow("a|b\n1|2\n", 2, DisplayName = "bar")]
    [DataRow("1,5;2,5;3,5\n1;2,5;3\n", 3, DisplayName = "commas in numbers of a first row")]
    [DataRow("name, first;age\nA, B;1\nC;2\nD;3\n", 2, DisplayName = "a comma in the header")]
    [DataRow("\"a;b\";1\n\"c;d\";2\n", 2, DisplayName = "separators in quotes")]
    [DataRow("a\nb\n", 1, DisplayName = "one column")]
    public void Read_NoSeparatorGiven_TakesTheOneOfTheMostEvenRows(string content, int expected)
    {
        using var folder = new CsvFolder();

        var (_, rows) = DelimitedText.Read(folder.Write("t.csv", content), separator: null, skippedLines: 0);

        foreach (var (line, cells, _) in rows)
            Assert.HasCount(expected, cells, $"line {line}");
    }

    [TestMethod]
    public void Read_QuotesInsideACell_StayWhereTheyHideNothing()
    {
        using var folder = new CsvFolder();

        var (_, rows) = DelimitedText.Read(folder.Write("t.csv", "say \"no\",\"\"\"\"\n5\"\n"), ',', skippedLines: 0);

        CollectionAssert.AreEqual(new[] { "say \"no\"", "\"" }, rows[0].Cells);
        CollectionAssert.AreEqual(new[] { "5\"" }, rows[1].Cells);
    }

    [TestMethod]
    public void Read_EndlessRow_NamesItsLine()
    {
        using var folder = new CsvFolder();
        var path = folder.Write("t.csv", "a,b\n1,\"" + new string('x', 17_000_000));

        var problem = Assert.ThrowsExactly<SampleInputException>(() => DelimitedText.Read(path, ',', skippedLines: 0));

        Assert.AreEqual($"{path}, line 2: the row is too long. Perhaps a quote is not closed.", problem.Message);
    }
}
