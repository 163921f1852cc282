using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class CsvArgumentsTests
{
    [TestMethod]
    [DataRow("race=A|B", "race", new[] { "A", "B" })]
    [DataRow("race= A | B ", "race", new[] { "A", "B" })]
    [DataRow("race=\"A|B\"|C", "race", new[] { "A|B", "C" }, DisplayName = "a bar in a value")]
    [DataRow("size=\"5\"\"\"|6", "size", new[] { "5\"", "6" }, DisplayName = "a quote in a value")]
    [DataRow("size=5\"", "size", new[] { "5\"" }, DisplayName = "a quote that hides nothing")]
    [DataRow("name=\" A\"", "name", new[] { " A" }, DisplayName = "a blank in quotes")]
    [DataRow("x=a=b|", "x", new[] { "a=b", "" }, DisplayName = "an empty value")]
    [DataRow("x=a,b", "x", new[] { "a,b" }, DisplayName = "a comma")]
    [DataRow("re,g=a", "re,g", new[] { "a" }, DisplayName = "a comma in a column")]
    [DataRow("\"re,g\"=a", "re,g", new[] { "a" }, DisplayName = "a column in quotes")]
    [DataRow(" \"a=b\" =c|\"d|e\"", "a=b", new[] { "c", "d|e" }, DisplayName = "an equals sign in a column")]
    [DataRow("\"5\"\"\"=c", "5\"", new[] { "c" }, DisplayName = "a quote in a column")]
    [DataRow("5\"=c", "5\"", new[] { "c" }, DisplayName = "a quote that a column does not begin with")]
    public void Filter_Text_IsAColumnAndItsValues(string text, string column, string[] values)
    {
        var filter = CsvArguments.Filter(text);

        Assert.AreEqual(column, filter.Column);
        CollectionAssert.AreEqual(values, filter.Values.ToArray());
    }

    [TestMethod]
    [DataRow("x=5\"|6", "a quote stands inside a cell. Write the whole cell in quotes, and twice each quote in it.")]
    [DataRow("x=\"a|b", "a quote is not closed.")]
    [DataRow("x=\"a\"b|c", "'b' follows a closing quote.")]
    public void Filter_OddQuotes_SaysWhatIsWrong(string text, string problem)
        => Assert.AreEqual($"--where {text}: {problem}",
            Assert.ThrowsExactly<SampleInputException>(() => CsvArguments.Filter(text)).Message);

    [TestMethod]
    public void Names_WithCommasInQuotes_AreNames()
        => CollectionAssert.AreEqual(new[] { "age", "income, gross", "sex" },
            CsvArguments.Names("--drop", "age,\"income, gross\", sex").ToArray());

    [TestMethod]
    [DataRow("dp:-0")]
    [DataRow("dp:-1e-400")]
    public void Constraint_BoundOfNegativeZero_IsZero(string text)
        => Assert.IsFalse(double.IsNegative(CsvConstraint.Parse(text).Bound));

    [TestMethod]
    public void Constraint_ColumnWithAPlusInQuotes_IsOneColumn()
        => CollectionAssert.AreEqual(new[] { "a+b", "c" }, CsvConstraint.Parse("dp:0.1@\"a+b\"+c").Groups!.ToArray());
}
