using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class NumberTextTests
{
    [TestMethod]
    [DataRow("12", 12d, 12d, "")]
    [DataRow("-12", -12d, -12d, "")]
    [DataRow("+12", 12d, 12d, "")]
    [DataRow("1.5", 1.5d, null, "")]
    [DataRow(".5", 0.5d, null, "")]
    [DataRow("1.5e3", 1500d, null, "")]
    [DataRow("2E+1", 20d, 20d, "")]
    [DataRow("1,5", null, 1.5d, "")]
    [DataRow(",5", null, 0.5d, "")]
    [DataRow("0,250", null, 0.25d, "")]
    [DataRow("0.250", 0.25d, null, "")]
    [DataRow("1,250", 1250d, 1.25d, "", DisplayName = "1,250: thousands or a fraction")]
    [DataRow("1.250", 1.25d, 1250d, "", DisplayName = "1.250: a fraction or thousands")]
    [DataRow("58,540.46", 58540.46d, null, "")]
    [DataRow("58.540,46", null, 58540.46d, "")]
    [DataRow("1,234,567", 1234567d, null, "")]
    [DataRow("1.234.567", null, 1234567d, "")]
    [DataRow("12,34,567.5", 1234567.5d, null, "", DisplayName = "12,34,567.5: as in India")]
    [DataRow("58 540,46", null, 58540.46d, "", DisplayName = "blank between thousands")]
    [DataRow("58\u00A0540.46", 58540.46d, null, "", DisplayName = "no-break space between thousands")]
    [DataRow("58\u202F540", 58540d, 58540d, "", DisplayName = "narrow no-break space between thousands")]
    [DataRow("58'540.46", 58540.46d, null, "", DisplayName = "apostrophe between thousands")]
    [DataRow("$58,540.46", 58540.46d, null, "$")]
    [DataRow("-$5", -5d, -5d, "$")]
    [DataRow("$-5", -5d, -5d, "$")]
    [DataRow("58.540,46 \u20AC", null, 58540.46d, "\u20AC", DisplayName = "euro behind")]
    [DataRow("R$ 1.234,50", null, 1234.5d, "R$")]
    [DataRow("USD 12", 12d, 12d, "USD")]
    [DataRow("12 kr.", 12d, 12d, "kr.")]
    [DataRow("45%", 45d, 45d, "%")]
    [DataRow("45,5 %", null, 45.5d, "%")]
    [DataRow("12 kg", 12d, 12d, "kg")]
    [DataRow("(1,234.50)", -1234.5d, null, "", DisplayName = "brackets are a minus sign")]
    [DataRow("($5)", -5d, -5d, "$")]
    [DataRow("12-", -12d, -12d, "")]
    [DataRow("\u22125", -5d, -5d, "", DisplayName = "a true minus sign")]
    public void Of_Number_IsReadWithEitherSign(string cell, double? ifPoint, double? ifComma, string affix)
        => Assert.AreEqual(new NumberText(affix, ifPoint, ifComma), NumberText.Of(cell));

    [TestMethod]
    [DataRow("")]
    [DataRow("x")]
    [DataRow("-")]
    [DataRow(".")]
    [DataRow(",")]
    [DataRow("inf")]
    [DataRow("1e99")]
    [DataRow("90+")]
    [DataRow("5-10")]
    [DataRow("1/2")]
    [DataRow("12:30")]
    [DataRow("2020-01-05")]
    [DataRow("05.01.2020")]
    [DataRow("1.2.3")]
    [DataRow("1,23,4")]
    [DataRow("1,250,5")]
    [DataRow("12 34")]
    [DataRow("--5")]
    [DataRow("-(5)")]
    [DataRow("(5")]
    [DataRow("5)")]
    [DataRow("$5 %")]
    [DataRow("A12")]
    [DataRow("12 kg net")]
    public void Of_OtherText_IsNoNumber(string cell) => Assert.IsNull(NumberText.Of(cell));

    [TestMethod]
    [DataRow("1e39")]
    [DataRow("1e99")]
    [DataRow("1e400")]
    [DataRow("-3.5E38")]
    [DataRow("1,5e39")]
    [DataRow("$1e39")]
    [DataRow("9000000000000000000000000000000000000000")]
    public void IsTooLarge_OfANumberBeyondSingle_IsTrue(string cell)
    {
        Assert.IsTrue(NumberText.IsTooLarge(cell));
        Assert.IsNull(NumberText.Of(cell));
        Assert.AreEqual(" up to 3.4e38 in size", NumberText.Range("x", cell));
    }

    [TestMethod]
    [DataRow("x")]
    [DataRow("e39")]
    [DataRow("inf")]
    [DataRow("12")]
    [DataRow("3.4e38")]
    [DataRow("1e-400")]
    public void IsTooLarge_OfAnythingElse_IsFalse(string cell)
    {
        Assert.IsFalse(NumberText.IsTooLarge(cell));
        Assert.AreEqual("", NumberText.Range(cell));
    }

    [TestMethod]
    [DataRow("$", true)]
    [DataRow("EUR", true)]
    [DataRow("z\u0142", true)]
    [DataRow("%", false)]
    [DataRow("kg", false)]
    [DataRow("", false)]
    public void IsCurrency_Affix_SaysWhether(string affix, bool expected) => Assert.AreEqual(expected, NumberText.IsCurrency(affix));
}
