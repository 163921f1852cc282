using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class MissingValuesTests
{
    [TestMethod]
    [DataRow("", true, true)]
    [DataRow("?", true, true)]
    [DataRow("n/a", true, true)]
    [DataRow("NULL", true, true)]
    [DataRow("null", true, true)]
    [DataRow("<NA>", true, true)]
    [DataRow("#N/A", true, true)]
    [DataRow("NaN", true, true)]
    [DataRow("None", false, true)]
    [DataRow("-", false, true)]
    [DataRow(".", false, true)]
    [DataRow("unknown", false, false)]
    [DataRow("0", false, false)]
    public void Usual_Cell_IsMissingAmongTextsOrNumbers(string cell, bool amongTexts, bool amongNumbers)
    {
        Assert.AreEqual(amongTexts, MissingValues.Usual.IsMissing(cell));
        Assert.AreEqual(amongNumbers, MissingValues.Usual.IsMissingNumber(cell));
        Assert.AreEqual(amongNumbers && !amongTexts, MissingValues.Usual.IsDoubtful(cell));
    }

    [TestMethod]
    public void With_MoreAndOthers_ChangesTheUsualOnes()
    {
        var missing = MissingValues.With(more: ["-999", "none"], others: ["na"]);

        Assert.IsTrue(missing.IsMissing("-999"));
        Assert.IsTrue(missing.IsMissing("None"));
        Assert.IsFalse(missing.IsDoubtful("None"));
        Assert.IsFalse(missing.IsMissingNumber("NA"));
        Assert.IsTrue(missing.IsMissing("?"));
        Assert.IsTrue(missing.IsMissing(""));
        Assert.IsTrue(missing.IsMissingNumber("-"));
    }

    [TestMethod]
    [DataRow("NA||x", false, "Column 'c': 2 of its 3 cells are missing ('NA', 1 empty; --not-missing takes such a text for a value).")]
    [DataRow("NA|?|x", false, "Column 'c': 2 of its 3 cells are missing ('?', 'NA'; --not-missing takes such a text for a value).")]
    [DataRow("||x", true, "Column 'c': 2 of its 3 cells are missing (2 empty).")]
    [DataRow("||x", false, null)]
    [DataRow("x|y", true, null)]
    public void Note_OfAColumn_NamesTextsAndCountsEmptyCells(string cells, bool isGroup, string? expected)
        => Assert.AreEqual(expected, MissingValues.Usual.Note("c", cells.Split('|'), isNumeric: false, isGroup));

    [TestMethod]
    public void With_TheSameTextInBoth_Throws()
        => Assert.AreEqual("--missing Na: --not-missing names it, too.",
            Assert.ThrowsExactly<SampleInputException>(() => MissingValues.With(["x", "Na"], ["NA"])).Message);

    [TestMethod]
    public void Unused_OfTables_AreTheStatedTextsThatNoCellIs()
    {
        CsvTable one = new("a.csv", ["x"], [["1"], ["Gone"]]), two = new("b.csv", ["x"], [["none"]]);

        var unused = MissingValues.With(["gone", "-9", "none"], ["NULL"]).Unused(one, two).ToArray();

        CollectionAssert.AreEqual(new[]
        {
            "Warning: --missing '-9': no cell of a.csv or b.csv is that text.",
            "Warning: --not-missing 'NULL': no cell of a.csv or b.csv is that text.",
        }, unused);
    }
}
