using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class NumberColumnTests
{
    [TestMethod]
    [DataRow("5.5|1,250", ',', "5.5|1250", DisplayName = "a point elsewhere makes it thousands")]
    [DataRow("5,5|1,250", ';', "5.5|1.25", DisplayName = "a decimal comma elsewhere makes it a fraction")]
    [DataRow("5,5|1.250", ';', "5.5|1250", DisplayName = "a decimal comma elsewhere makes a point thousands")]
    [DataRow("5.5|1.250", ';', "5.5|1.25", DisplayName = "points are fractions where one must be")]
    [DataRow("950|1,250", ',', "950|1250", DisplayName = "commas in a table of commas are thousands")]
    [DataRow("950|1.250", ',', "950|1.25", DisplayName = "points in a table of commas are fractions")]
    [DataRow("2,100|1,250", ';', "2.1|1.25", DisplayName = "commas everywhere, in a table of semicolons")]
    [DataRow("2,100|1,250", '\t', "2100|1250", DisplayName = "commas everywhere, in a table of tabs")]
    [DataRow("58540,46|47932.47", ';', "58540.46|47932.47", DisplayName = "a mixture, each number by itself")]
    [DataRow("$58,540.46|100", ',', "58540.46|100", DisplayName = "a currency here and there")]
    [DataRow("45%|5 %", ',', "45|5", DisplayName = "percents")]
    [DataRow("12 kg|5kg", ',', "12|5", DisplayName = "a unit")]
    public void Read_ManyForms_GivesTheNumbers(string cells, char separator, string expected)
    {
        var column = new NumberColumn(cells.Split('|'));

        var (form, _) = column.Read(new NumberHabit(separator), out var problem);

        Assert.IsNull(problem);
        Assert.AreEqual(expected, string.Join('|', column.Numbers.Select(cell => FormattableString.Invariant($"{form.NumberOf(cell)}"))));
    }

    [TestMethod]
    [DataRow("950|1,250", ';', "'1,250' may mean 1.25 or 1250; --decimal comma or --decimal point says which")]
    [DataRow("950|1,250", '\t', "'1,250' may mean 1.25 or 1250; --decimal comma or --decimal point says which")]
    [DataRow("950|1.250", ';', "'1.250' may mean 1.25 or 1250; --decimal comma or --decimal point says which")]
    [DataRow("1.250|1,250", ',',
        "'1.250' may mean 1.25 or 1250, and '1,250' may mean 1.25 or 1250; --decimal comma or --decimal point says which")]
    [DataRow("5.5|5,5|1,250", ',', "it has decimal points ('5.5') and decimal commas ('5,5'), so that '1,250' may mean 1.25 or 1250")]
    [DataRow("$5|5 \u20AC", ',', "'$5' and '5 \u20AC' are not in one unit")]
    [DataRow("0.45|45%", ',', "'0.45' and '45%' are not in one unit")]
    public void Read_NumbersOfTwoMeanings_SaysWhich(string cells, char separator, string expected)
    {
        new NumberColumn(cells.Split('|')).Read(new NumberHabit(separator), out var problem);

        Assert.AreEqual(expected, problem);
    }

    [TestMethod]
    [DataRow("950|1,250", "Comma", false, "950|1.25")]
    [DataRow("950|1,250", "Point", false, "950|1250")]
    [DataRow("950|1.250", "Comma", true, "950|1250")]
    [DataRow("58.5|1.250", "Comma", false, "58.5|1.25", DisplayName = "other columns do not overrule the column's own numbers")]
    public void Read_HabitOfTheTable_DecidesWhatTheColumnLeavesOpen(string cells, string sign, bool isStated, string expected)
    {
        var column = new NumberColumn(cells.Split('|'));

        var (form, _) = column.Read(new NumberHabit(';', Enum.Parse<DecimalSign>(sign), isStated), out var problem);

        Assert.IsNull(problem);
        Assert.AreEqual(expected, string.Join('|', column.Numbers.Select(cell => FormattableString.Invariant($"{form.NumberOf(cell)}"))));
    }

    [TestMethod]
    public void Read_StatedSignThatDoesNotFit_SaysSo()
    {
        new NumberColumn(["58.5", "1"]).Read(new NumberHabit(',', DecimalSign.Comma, IsStated: true), out var problem);

        Assert.AreEqual("'58.5' is no number if a comma stands before fractions, as --decimal says", problem);
    }

    [TestMethod]
    [DataRow("5.5|1,250", "Point")]
    [DataRow("5,5|1.250", "Comma")]
    [DataRow("5,5|5.5", null)]
    [DataRow("1,250|3", null)]
    public void Evidence_Column_IsItsOnlyReading(string cells, string? expected)
        => Assert.AreEqual(expected, new NumberColumn(cells.Split('|')).Evidence?.ToString());

    [TestMethod]
    public void Strangers_LettersBesideSomeNumbers_AreCodes()
    {
        var column = new NumberColumn(["1", "2", "3A", "x"]);

        CollectionAssert.AreEqual(new[] { "1", "2" }, column.Numbers.ToArray());
        CollectionAssert.AreEquivalent(new[] { "3A", "x" }, column.Strangers.ToArray());
    }

    [TestMethod]
    public void NumberOf_OtherUnit_IsNoNumber()
    {
        Assert.IsNull(new NumberForm(DecimalSign.Point, "%").NumberOf("0.5"));
        Assert.IsNull(new NumberForm(DecimalSign.Point).NumberOf("$5"));
        Assert.AreEqual(5, new NumberForm(DecimalSign.Point, "$").NumberOf("5"));
        Assert.IsNull(new NumberForm(null).NumberOf("1,250"));
    }
}
