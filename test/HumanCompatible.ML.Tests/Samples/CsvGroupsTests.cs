using System.Text.RegularExpressions;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class CsvGroupsTests
{
    [TestMethod]
    public void Load_AGroupForEveryRow_IsAnErrorWithTheCounts()
    {
        var problem = Problem(Enumerable.Range(0, 60).Select(row => $"id{row}"));

        Assert.AreEqual("--group g: 60 different values in 60 rows: that names rows, not groups.", problem);
    }

    [TestMethod]
    public void Load_TwoRowsForEveryGroup_IsAnErrorWithTheCounts()
    {
        var problem = Problem(Enumerable.Range(0, 60).Select(row => $"id{row / 2}"));

        Assert.AreEqual("--group g: 30 different values in 60 rows: that names rows, not groups.", problem);
    }

    [TestMethod]
    public void Load_AScoreForEveryRow_IsAnErrorWithTheCounts()
    {
        var problem = Problem(Enumerable.Range(0, 60).Select(row => FormattableString.Invariant($"{row * 0.0137:0.0000}")));

        Assert.AreEqual("--group g: 60 different values in 60 rows: that names rows, not groups.", problem);
    }

    [TestMethod]
    public void Load_MeasureAsGroup_IsAnErrorThatSaysWhatToDo()
    {
        var problem = Problem(Enumerable.Range(0, 60).Select(row => FormattableString.Invariant($"{row % 12 * 0.25:0.00}")));

        Assert.AreEqual("--group g: 12 different numbers in 60 rows, with fractions: that is a measure, not groups. Add a column of ranges "
            + "and name that one.", problem);
    }

    [TestMethod]
    public void Load_ManyGroupsOfSomeRows_AreGroups()
        => Load(Enumerable.Range(0, 60).Select(row => $"{20 + row % 12}"), out _);

    [TestMethod]
    public void Load_GroupWithLostLetters_IsAnError()
    {
        var problem = Problem(["Mitte", "S\uFFFDd", "Mitte", "S\uFFFDd"]);

        Assert.AreEqual("--group g: the value 'S\uFFFDd' has lost letters, so that it may be several groups: the file was saved in the "
            + "wrong encoding once. Save it anew from its source, as UTF-8.", problem);
    }

    [TestMethod]
    public void Load_ValuesThatLookAlike_AreNamed()
    {
        Load(["Male", "male", "New York", "New\u200BYork", "Male", "b"], out var notes);

        CollectionAssert.Contains(notes, "Column 'g': 'Male' (2 rows, U+004D) and 'male' (1 row, U+006D) look alike, but are different "
            + "groups.");
        CollectionAssert.Contains(notes, "Column 'g': 'New York' (1 row, U+0020) and 'New\uFFFDYork' (1 row, U+200B) look alike, but are "
            + "different groups.");
    }

    [TestMethod]
    [DataRow("Male", "\u041C\u0430le", "U+004D U+0061", "U+041C U+0430", DisplayName = "Cyrillic")]
    [DataRow("MALE", "MA\u039BE", null, null, DisplayName = "a Greek letter like none of ASCII")]
    [DataRow("Oslo", "\u039Fslo", "U+004F", "U+039F", DisplayName = "Greek")]
    [DataRow("A1", "\uFF211", "U+0041", "U+FF21", DisplayName = "full width")]
    [DataRow("A1", "A\u0661", "U+0031", "U+0661", DisplayName = "a digit of another script")]
    [DataRow("A-B", "A\u2013B", "U+002D", "U+2013", DisplayName = "a dash")]
    [DataRow("Male", "Male\u200D", "nothing there", "U+200D", DisplayName = "a sign of no width at the end")]
    [DataRow("Male", "Mail", null, null, DisplayName = "other letters")]
    public void Load_ValuesThatLookAlikeByScript_AreNamedOnceWithTheirCodes(string one, string other, string? codes, string? otherCodes)
    {
        Load([one, other, one, other, one, "b"], out var notes);

        var alike = notes.Where(note => note.Contains("look alike", StringComparison.Ordinal)).ToList();
        if (codes is null)
        {
            Assert.IsEmpty(alike);
            return;
        }

        Assert.HasCount(1, alike);
        Assert.Contains($" (3 rows, {codes})", alike[0]);
        Assert.Contains($" (2 rows, {otherCodes})", alike[0]);
    }

    [TestMethod]
    [DataRow("Female|Fema1e|Male", "Fema1e, Female", DisplayName = "1 for l")]
    [DataRow("0ther|Other|Male", "0ther, Other", DisplayName = "0 for O")]
    [DataRow("0THER|other|Male", "0THER, other", DisplayName = "in another case")]
    [DataRow("Asian|As1an|ASIAN", "ASIAN, As1an, Asian", DisplayName = "with two that look alike by case")]
    [DataRow("Slavic|S1av1c|x", "S1av1c, Slavic", DisplayName = "two digits")]
    [DataRow("Group 1|Group 2|Group l", "Group 1, Group l", DisplayName = "a letter for a number")]
    [DataRow("10|11|1O", "10, 1O", DisplayName = "a letter in a number")]
    [DataRow("N0|No|Yes", "N0, No", DisplayName = "a short word")]
    [DataRow("A1|A2|AI", "A1, AI", DisplayName = "a letter in a code of digits")]
    [DataRow("AI|AB|A1", "A1, AI", DisplayName = "a digit in a code of letters")]
    [DataRow("Oslo|\u039Fslo|0slo", "0slo, Oslo, \u039Fslo", DisplayName = "0 for a Greek O")]
    [DataRow("A1|A2|AI|AB", null, DisplayName = "codes of digits and of letters")]
    [DataRow("0|1|2|I|O|P", null, DisplayName = "codes of one sign")]
    [DataRow("Mail|Mall|Male", null, DisplayName = "I and l, of which none is a digit")]
    [DataRow("A5|AS|B8", null, DisplayName = "digits that look less like letters")]
    [DataRow("10|01|1", null, DisplayName = "other digits")]
    public void Load_ValuesWithADigitForALetter_AreNamedTogether(string values, string? expected)
    {
        var all = values.Split('|');

        Load([.. all, .. all], out var notes);

        var alike = notes.Where(note => note.Contains("one has a digit where the other has a letter", StringComparison.Ordinal)).ToList();
        Assert.HasCount(expected is null ? 0 : 1, alike);
        if (expected is not null)
        {
            Assert.AreEqual(expected, string.Join(", ",
                Regex.Matches(alike[0], "'([^']+)' \\(2 rows, ").Select(match => match.Groups[1].Value)));
        }
    }

    [TestMethod]
    public void Load_NumbersInSeveralForms_AreNamedAsLookingAlike()
    {
        Load(["0.5", ".5", "5e-1", "0.5", "7", "0.6"], out var notes);

        var alike = notes.Single(note => note.Contains("look alike", StringComparison.Ordinal));
        Assert.StartsWith("Column 'g': '.5' (1 row, ", alike);
        Assert.Contains("'0.5' (2 rows, ", alike);
        Assert.Contains("'5e-1' (1 row, ", alike);
        Assert.DoesNotContain("'0.6'", alike);
    }

    [TestMethod]
    public void Load_ValuesInTwoUnicodeForms_AreNamed()
    {
        Load(["Qu\u00E9bec", "Que\u0301bec", "Qu\u00EDbec", "Qu\u00E9bec", "Qubec", "Qu\u00E9b"], out var notes);

        var alike = notes.Where(note => note.Contains("as one sign, the other as two", StringComparison.Ordinal)).ToList();
        Assert.HasCount(2, alike); // with whatever accent: a reader sees no difference that a program could name
        Assert.StartsWith("Column 'g': 'Qu\u00E9bec' (2 rows, U+00E9) and 'Que\u0301bec' (1 row, U+0065 U+0301) look alike, but are "
            + "different groups: ", alike[0]);
    }

    [TestMethod]
    public void Load_ValuesWithAndWithoutBlanksAround_AreOneGroupAndNamed()
    {
        var data = Load(["Male", " Male", "Female", "Female ", "Other", "\" Male\""], out var notes);

        CollectionAssert.AreEqual(new[] { "Male", "Male", "Female", "Female", "Other", " Male" },
            data.Strata.Select(row => row.Group).ToArray());
        CollectionAssert.Contains(notes,
            "Column 'g': 'Female', 'Male' are written with and without blanks around; these are read as the same group.");
    }

    [TestMethod]
    public void Load_BlanksAroundAllCells_AreNotWorthANote()
    {
        Load([" a", " b", " a", " b"], out var notes);

        Assert.IsFalse(notes.Any(note => note.Contains("blanks", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Load_ValueThatMayBeMissing_IsAGroupAndIsNamed()
    {
        var data = Load(["a", "None", "a", "None"], out var notes);

        Assert.AreEqual("None", data.Strata[1].Group);
        CollectionAssert.Contains(notes, "Column 'g': 'None' (2 rows) is a group of its own; --missing 'None' takes it for missing.");
    }

    [TestMethod]
    public void Load_MissingGroupValues_AreEmptyAndNamed()
    {
        var data = Load(["a", "NA", "b", "", "a", "b"], out var notes);

        CollectionAssert.AreEqual(new[] { "a", "", "b", "", "a", "b" }, data.Strata.Select(row => row.Group).ToArray());
        CollectionAssert.AreEqual(new[] { "a", "", "b", "", "a", "b" }, data.Frame["g"].Cast<string>().ToArray());
        CollectionAssert.Contains(notes, "Column 'g': 2 of its 6 cells are missing ('NA', 1 empty; --not-missing takes such a text for a "
            + "value).");
    }

    [TestMethod]
    [DataRow(GroupPolicy.Exclude, true)]
    [DataRow(GroupPolicy.Include, false)]
    public void Load_OneGroupAndMissingValues_CanBeComparedOnlyWhereTheseAreIncluded(GroupPolicy policy, bool isError)
    {
        string[] groups = ["a", "NA", "a", "NA"];
        if (!isError)
        {
            Load(groups, out _, options => options with { MissingGroups = policy });
            return;
        }

        var problem = Problem(groups, options => options with { MissingGroups = policy });

        StringAssert.EndsWith(problem,
            ": all rows to train on are of the group 'a' of 'g' (2 rows without a value left out): there is nothing to compare.");
    }

    [TestMethod]
    public void Load_NoGroupValueAtAll_SaysSo()
        => StringAssert.EndsWith(Problem(["NA", "", "?", "NA"], options => options with { MissingGroups = GroupPolicy.Exclude }),
            ": no row to train on has a value in 'g': there is nothing to compare.");

    [TestMethod]
    public void Load_NumbersWrittenInTwoWays_AreOneGroup()
    {
        var data = Load(["0", "1.0", "0.0", "1", "1.50", "0"], out var notes);

        CollectionAssert.AreEqual(new[] { "0", "1", "0", "1", "1.50", "0" }, data.Strata.Select(row => row.Group).ToArray());
        CollectionAssert.Contains(notes, "Column 'g': '1.0', '0.0' are read as '1', '0'.");
    }

    private static string Problem(IEnumerable<string> groups, Func<CsvOptions, CsvOptions>? change = null)
        => Assert.ThrowsExactly<SampleInputException>(() => Load(groups, out _, change)).Message;

    private static CsvData Load(IEnumerable<string> groups, out List<string> notes, Func<CsvOptions, CsvOptions>? change = null)
    {
        using var folder = new CsvFolder();
        var rows = groups.Select((group, row) => $"{row}.5,{group},{(row % 4 < 2 ? 1 : 0)}");
        var options = new CsvOptions
        {
            File = folder.Write("t.csv", $"x,g,y\n{string.Join('\n', rows)}\n"),
            Label = "y",
            Positive = "1",
            Groups = ["g"]
        };
        var said = notes = [];
        return CsvData.Load(change is null ? options : change(options), said.Add);
    }
}
