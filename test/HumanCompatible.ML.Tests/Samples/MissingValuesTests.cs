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
}
