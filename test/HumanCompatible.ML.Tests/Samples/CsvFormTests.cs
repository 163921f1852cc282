using System.Globalization;
using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Csv;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Samples;

/// <summary>Tables that say the same in other forms give the same numbers, or an error that names the form.</summary>
[TestClass]
public sealed class CsvFormTests
{
    private static readonly float[] Incomes = [58540.46f, 950, 12500.5f, 1250.25f, 47932.47f, 300.75f];

    [TestMethod]
    [DataRow("plain", ",", null)]
    [DataRow("decimal commas", ";", "Column 'income' is read with decimal commas.")]
    [DataRow("thousands", ",", null)]
    [DataRow("points between thousands", ";", "Column 'income' is read with decimal commas.")]
    [DataRow("blanks between thousands", ";", null)]
    [DataRow("apostrophes", ",", null)]
    [DataRow("dollars", ",", null)]
    [DataRow("euros behind", ";", "Column 'income' is read with decimal commas.")]
    [DataRow("some decimal commas", ";", "Column 'income' has decimal points ('950.00') and decimal commas ('58540,46').")]
    [DataRow("some thousands", ",", null)]
    public void Load_NumbersInOtherForms_GivesThoseOfPoints(string form, string separator, string? note)
    {
        using var folder = new CsvFolder();
        var lines = Incomes.Select((income, row) => string.Join(separator, row % 2 == 0 ? "a" : "b", $"\"{Written(form, income, row)}\"",
            row % 3 == 0 ? "1" : "0"));
        var file = folder.Write("t.csv", $"g{separator}income{separator}y\n{string.Join('\n', lines)}\n");
        var notes = new List<string>();

        var data = CsvData.Load(Options(file), notes.Add);

        CollectionAssert.AreEqual(Incomes, Column<float>(data, "income"));
        CollectionAssert.AreEqual(note is null ? [] : new[] { note }, notes.Where(line => line.Contains("income' ")).ToArray());
    }

    [TestMethod]
    [DataRow("950|1,250", ";",
        "Column 'x': '1,250' may mean 1.25 or 1250; --decimal comma or --decimal point says which. Name it in --categorical or --drop.")]
    [DataRow("0.45|45%", ",", "Column 'x': '0.45' and '45%' are not in one unit. Name it in --categorical or --drop.")]
    [DataRow("$5.5|\u00A37.5", ",", "Column 'x': '$5.5' and '\u00A37.5' are not in one unit. Name it in --categorical or --drop.")]
    public void Load_ColumnThatCannotBeRead_IsAnError(string cells, string separator, string expected)
    {
        using var folder = new CsvFolder();

        var options = Options(Table(folder, "t.csv", cells, separator));

        var problem = Assert.ThrowsExactly<SampleInputException>(() => CsvData.Load(options, _ => { }));

        Assert.AreEqual(expected, problem.Message);
    }

    [TestMethod]
    public void Load_NoFeatureIsLeftButTheGroups_IsAnErrorUnlessTheUserWantsThat()
    {
        using var folder = new CsvFolder();
        var options = Options(folder.Write("t.csv",
            "x,g,y\n" + string.Concat(Enumerable.Range(0, 12).Select(row => $"name{row},{(row % 2 == 0 ? "a" : "b")},{row % 3 % 2}\n"))));

        var problem = Assert.ThrowsExactly<SampleInputException>(() => CsvData.Load(options, _ => { }));

        Assert.AreEqual("No column is left as a feature but that of the groups: 'x' cannot be used as said above. Name it in --drop to "
            + "train on the groups alone.", problem.Message);
        CollectionAssert.AreEqual(new[] { "g" }, CsvData.Load(options with { Dropped = ["x"] }, _ => { }).Categorical.ToArray());
    }

    [TestMethod]
    public void Load_AnotherColumnWithPoints_TellsWhatCommasMean()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("t.csv", "g;income;tenure;y\na;1,250;5.03;1\nb;950;6.5;0\na;2,500;7.25;0\nb;300;1.5;1\n");
        var notes = new List<string>();

        var data = CsvData.Load(Options(file) with { Numeric = ["income"] }, notes.Add);

        CollectionAssert.AreEqual(new[] { 1250f, 950, 2500, 300 }, Column<float>(data, "income"));
        CollectionAssert.Contains(notes, "Column 'income' is read so that '1,250' means 1250; --decimal comma says that it does not.");
    }

    [TestMethod]
    public void Load_StatedSign_DecidesWhatTheTableLeavesOpen()
    {
        using var folder = new CsvFolder();
        var options = Options(Table(folder, "t.csv", "950|1,250|2,5", ";"));

        CollectionAssert.AreEqual(new[] { 950, 1.25f, 2.5f, 950, 1.25f, 2.5f }, Column<float>(CsvData.Load(options, _ => { }), "x"));
        var refused = Assert.ThrowsExactly<SampleInputException>(()
            => CsvData.Load(options with { Decimal = DecimalSign.Point }, _ => { }));
        Assert.AreEqual("Column 'x': '2,5' is no number if a point stands before fractions, as --decimal says. Name it in --categorical or "
            + "--drop.", refused.Message);
    }

    [TestMethod]
    [DataRow("NULL")]
    [DataRow("null")]
    [DataRow("None")]
    [DataRow("<NA>")]
    [DataRow("#N/A")]
    [DataRow("n/a")]
    [DataRow("NaN")]
    [DataRow("?")]
    [DataRow("-")]
    [DataRow(".")]
    [DataRow("unknown")]
    public void Load_MissingToken_IsAMissingNumberAndIsNamed(string token)
    {
        using var folder = new CsvFolder();
        var cells = string.Join('|', Enumerable.Range(1, 12).Select(row => $"{row}.5").Append(token));
        var notes = new List<string>();

        var data = CsvData.Load(Options(Table(folder, "t.csv", cells)), notes.Add);

        Assert.AreEqual(2, Column<float>(data, "x").Count(float.IsNaN));
        Assert.AreEqual(1, notes.Count(note => note.StartsWith("Column 'x'", StringComparison.Ordinal) && note.Contains($"'{token}'")));
    }

    [TestMethod]
    [DataRow("x", "unknown", DisplayName = "a column that is said to be numeric")]
    [DataRow("", "unknown", DisplayName = "one that is guessed to be")]
    public void Load_OddTextInTheTestTableOnly_IsAnErrorBeforeAnythingIsSaid(string numeric, string odd)
    {
        using var folder = new CsvFolder();
        var cells = string.Join('|', Enumerable.Range(1, 12).Select(row => $"{row}.5"));
        string file = Table(folder, "t.csv", cells), test = Table(folder, "test.csv", $"1.5|{odd}|2.5");
        var notes = new List<string>();
        var options = Options(file) with { TestFile = test, Numeric = numeric.Length == 0 ? [] : [numeric] };

        var problem = Assert.ThrowsExactly<SampleInputException>(() => CsvData.Load(options, notes.Add));

        Assert.Contains($"of {test} ('{odd}', the first on line 3) ", problem.Message);
        Assert.IsFalse(notes.Exists(note => note.StartsWith("Column", StringComparison.Ordinal)), string.Join('\n', notes));
    }

    [TestMethod]
    public void Load_OddTextsInSeveralColumnsOfTheTestTable_AreAllNamed()
    {
        using var folder = new CsvFolder();
        static string Rows(string age, string pay) => string.Concat(Enumerable.Range(1, 12)
            .Select(row => $"{row}{age},{row}{pay},{(row % 2 == 0 ? "a,yes" : "b,no")}\n"));
        string file = folder.Write("t.csv", "age,pay,g,y\n" + Rows(".5", ".25") + "1.5,1.5,a,no\n"),
            test = folder.Write("test.csv", "age,pay,g,y\n" + Rows(".5", ".25") + "old,low,a,no\n");

        var problem = Assert.ThrowsExactly<SampleInputException>(() => CsvData.Load(new CsvOptions
        {
            File = file,
            TestFile = test,
            Label = "y",
            Positive = "yes",
            Groups = ["g"],
        }, _ => { }));

        Assert.Contains("Column 'age': 1 cell of", problem.Message);
        Assert.Contains("Column 'pay': 1 cell of", problem.Message);
        Assert.Contains("'low', the first on line 14", problem.Message);
    }

    [TestMethod]
    public void Load_TestTableInAnotherForm_IsAnErrorThatNamesTheCell()
    {
        using var folder = new CsvFolder();
        string file = Table(folder, "t.csv", "1.5|2.5"), test = Table(folder, "test.csv", "1,5|2,5", ";");

        var problem = Assert.ThrowsExactly<SampleInputException>(() => CsvData.Load(Options(file) with { TestFile = test }, _ => { }));

        Assert.StartsWith("Column 'x': ", problem.Message);
        Assert.EndsWith($" cells of {test} ('1,5', '2,5', the first on line 2) are no numbers as {file} writes them. If that means a "
            + "missing value, name it in --missing.", problem.Message);
    }

    [TestMethod]
    public void Load_CodesAsWholeAndDecimalNumbers_AreOneCategory()
    {
        using var folder = new CsvFolder();
        string file = Table(folder, "t.csv", "1|2|1.0|2.0"), test = Table(folder, "test.csv", "1.0|2.0");

        var data = CsvData.Load(Options(file) with { TestFile = test, Categorical = ["x"] }, _ => { });

        CollectionAssert.AreEqual(new[] { "1", "2" }, data.Frame["x"].Cast<string>().Distinct().ToArray());
    }

    [TestMethod]
    public void Load_Weights_AreNoFeatureAndMustBeNumbers()
    {
        using var folder = new CsvFolder();
        var options = Options(folder.Write("t.csv", "x,w,g,y\n1.5,1,a,1\n2.5,0.5,b,0\n3.5,2,a,0\n4.5,0,b,1\n")) with { Weight = "w" };

        var data = CsvData.Load(options, _ => { });

        CollectionAssert.AreEqual(new[] { "x" }, data.Numeric.ToArray());
        CollectionAssert.AreEqual(new[] { 1, 0.5f, 2, 0 }, Column<float>(data, "w"));
        var missing = options with { File = folder.Write("u.csv", "x,w,g,y\n1.5,1,a,1\n2.5,,b,0\n3.5,2,a,0\n4.5,0,b,1\n") };
        Assert.AreEqual("--weight w: '' is no number. Every row needs a weight.",
            Assert.ThrowsExactly<SampleInputException>(() => CsvData.Load(missing, _ => { })).Message);
    }

    [TestMethod]
    [DataRow("1e39")]
    [DataRow("-1e400")]
    [DataRow("oops")]
    public void Load_ANumberThatIsTooLarge_IsMissingAsATextIs(string odd)
    {
        using var folder = new CsvFolder();
        var notes = new List<string>();
        string[] cells = [.. Enumerable.Range(1, 12).Select(row => $"{row}.5")];

        var data = CsvData.Load(Options(Table(folder, "t.csv", $"{string.Join('|', cells)}|{odd}|1.5")), notes.Add);

        CollectionAssert.Contains(data.Numeric.ToArray(), "x");
        CollectionAssert.AreEqual(new[] { 12.5f, float.NaN, 1.5f }, Column<float>(data, "x")[^3..]);
        Assert.Contains(note => note.EndsWith($" ('{odd}'): they count as missing.", StringComparison.Ordinal), notes);
    }

    [TestMethod]
    public void Load_ANumberThatIsTooLargeWhereOneIsNeeded_SaysSo()
    {
        using var folder = new CsvFolder();
        var weighted = Options(folder.Write("w.csv", "x,w,g,y\n1.5,1,a,1\n2.5,1e39,b,0\n3.5,2,a,0\n4.5,0,b,1\n")) with { Weight = "w" };
        string file = Table(folder, "t.csv", "1.5|2.5"), test = Table(folder, "test.csv", "1.5|1e39");
        string Problem(CsvOptions options) => Assert.ThrowsExactly<SampleInputException>(() => CsvData.Load(options, _ => { })).Message;

        Assert.AreEqual("--weight w: '1e39' is no number up to 3.4e38 in size. Every row needs a weight.", Problem(weighted));
        Assert.Contains($"are no numbers up to 3.4e38 in size as {file} writes them.", Problem(Options(file) with { TestFile = test }));
    }

    private static string Written(string form, float income, int row)
    {
        FormattableString thousands = $"{income:#,0.00}", plain = $"{income:0.00}";
        string InPoints(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        string Exchanged(FormattableString text, char forComma)
            => InPoints(text).Replace(',', '\0').Replace('.', ',').Replace('\0', forComma);
        return form switch
        {
            "plain" => InPoints(plain),
            "decimal commas" => Exchanged(plain, ' '),
            "thousands" => InPoints(thousands),
            "points between thousands" => Exchanged(thousands, '.'),
            "blanks between thousands" => InPoints(thousands).Replace(',', '\u00A0'),
            "apostrophes" => InPoints(thousands).Replace(',', '\''),
            "dollars" => "$" + InPoints(thousands),
            "euros behind" => Exchanged(thousands, '.') + " \u20AC",
            "some decimal commas" => row % 2 == 0 ? Exchanged(plain, ' ') : InPoints(plain),
            "some thousands" => row % 2 == 0 ? InPoints(thousands) : InPoints(plain),
            _ => throw new ArgumentException(form),
        };
    }

    // The cells twice, once in each group.
    private static string Table(CsvFolder folder, string name, string cells, string separator = ",")
    {
        var twice = cells.Split('|').Select((cell, row) => (cell, row)).ToList();
        var lines = new[] { "a", "b" }.SelectMany(group
            => twice.Select(pair => string.Join(separator, pair.cell, group, pair.row % 2 == 0 ? "1" : "0")));
        return folder.Write(name, $"x{separator}g{separator}y\n{string.Join('\n', lines)}\n");
    }

    private static T[] Column<T>(CsvData data, string name) => [.. data.Take(data.TrainingRows).GetColumn<T>(name)];

    private static CsvOptions Options(string file) => new() { File = file, Label = "y", Positive = "1", Groups = ["g"] };
}
