using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class ColumnGuessTests
{
    [TestMethod]
    [DataRow("Numeric", "1 2 3 4 5 6 7 8 9 10 11", DisplayName = "more than a handful of numbers")]
    [DataRow("Numeric", "1 2 3 4 5 6 7 8 9 10 11 ? NA", DisplayName = "with missing cells")]
    [DataRow("Numeric", "1.5 NULL null None <NA> #N/A n/a NaN nil - -- . .. * #DIV/0! \\N 2", DisplayName = "with other missing cells")]
    [DataRow("Numeric", "0.5 1 1 1", DisplayName = "fractions")]
    [DataRow("Numeric", "0,5 1 1 1", DisplayName = "fractions with a comma")]
    [DataRow("Numeric", "1,234 12,5 100", DisplayName = "commas that cannot all be thousands")]
    [DataRow("Numeric", "0.5 1,5 2.5 0.5", DisplayName = "points and commas")]
    [DataRow("Numeric", "$1.50 $2 3", DisplayName = "money")]
    [DataRow("Numeric", "1.5% 2%", DisplayName = "percents")]
    [DataRow("Numeric", "0 0 0 0 0 1 1 1 2 2 1e1", DisplayName = "counts")]
    [DataRow("Numeric", "1 2 3 4 5 6 7 8 9 10 11 x 1 2 3 4 5 6 7 8 9 10 11 x", DisplayName = "a text among many numbers")]
    [DataRow("Numeric", "1 2 3 4 5 6 7 8 9 10 11 1e39 1 2 3", DisplayName = "a number that is too large")]
    [DataRow("Numeric", "0.5 1e400 1 1", DisplayName = "one among few fractions")]
    [DataRow("Numeric", "1 2 3 4 5 6 7 8 9 10 11 1e39 1e40 1e41 1e42 -1e400", DisplayName = "several of them")]
    [DataRow("Categorical", "1 1 1 2 2 2 1e39", DisplayName = "one among few codes")]
    [DataRow("Categorical", "1e39 1e40 1e39 1e40 1 2", DisplayName = "mostly such")]
    [DataRow("Categorical", "0 0 0 5 5 5 5 5 1", DisplayName = "codes from 0")]
    [DataRow("Categorical", "1 2 3 4 5 1 1 1", DisplayName = "codes from 1")]
    [DataRow("Categorical", "0 1 1 0", DisplayName = "two values")]
    [DataRow("Categorical", "00 01 02 03 04 05 06 07 08 09 10 11 00 01 02 03 04 05 06 07 08 09 10 11",
        DisplayName = "codes that begin with 0")]
    [DataRow("Categorical", "0 1 2 3+ 0 1 2 3+", DisplayName = "an open end among few numbers")]
    [DataRow("Categorical", "1A 2A 3B 1A 2A 3B", DisplayName = "numbers with different letters")]
    [DataRow("Categorical", "a b a b ?", DisplayName = "texts")]
    [DataRow("Categorical", "+ - . None", DisplayName = "texts that stand for no number")]
    [DataRow("Categorical", "2020-01-05 2020-02-05 2020-01-05", DisplayName = "few dates")]
    [DataRow("Left", "a b c d e f g h i j k l", DisplayName = "a name for every row")]
    [DataRow("Left", "1 2 3 4 5 6 7 8 9 10 11 90+", DisplayName = "an open end among many numbers")]
    [DataRow("Left", "? NA n/a nan", DisplayName = "nothing")]
    public void Of_Column_IsOfKind(string expected, string cells)
    {
        var guess = Guess(cells);

        Assert.IsNull(guess.Problem);
        Assert.AreEqual(expected, guess.Kind.ToString());
        Assert.AreEqual(expected == "Numeric", guess.Form is not null);
        Assert.AreEqual(expected == "Left", guess.Note?.StartsWith("is left out: ", StringComparison.Ordinal) ?? false);
    }

    [TestMethod]
    [DataRow(null, "1.5 2 3")]
    [DataRow("is read with decimal commas.", "1,5 2 3")]
    [DataRow("is read so that '1,234' means 1234; --decimal comma says that it does not.", "950 1,234 1,500 3 4 5 6 7 8 9 10")]
    [DataRow("has decimal points ('1.5') and decimal commas ('2,5').", "1.5 2,5 3")]
    [DataRow("is categorical: 1 of its 12 cells are no numbers ('x'); --numeric reads the others as numbers and takes these for "
        + "missing.", "1 1 2 2 3 3 4 4 5 5 6 x")]
    [DataRow("is left out: most of its 16 texts are distinct; 4 of its 16 cells are no numbers ('a', 'b', 'c' and 1 more); --numeric reads "
        + "the others as numbers and takes these for missing.", "1 2 3 4 5 6 7 8 9 10 11 12 a b c d")]
    [DataRow("has 1 cell of 13 that is no number ('x'): it counts as missing.", "1 2 3 4 5 6 7 8 9 10 11 1 x")]
    [DataRow("has 1 cell of 13 that is no number up to 3.4e38 in size ('1e39'): it counts as missing.", "1 2 3 4 5 6 7 8 9 10 11 1 1e39")]
    [DataRow("has 2 cells of 14 that are no numbers up to 3.4e38 in size ('1e400', 'x'): they count as missing.",
        "1 2 3 4 5 6 7 8 9 10 11 1 1e400 x")]
    [DataRow("is left out: most of its 12 texts are distinct.", "u01 u02 u03 u04 u05 u06 u07 u08 u09 u10 u11 u11")]
    [DataRow("is categorical: 11 values in 22 rows. If it only names rows or persons, name it in --drop.",
        "a b c d e f g h i j k a b c d e f g h i j k")]
    [DataRow("looks like an identifier: 11 different whole numbers in 12 rows. If it only names rows, name it in --drop.",
        "101 102 103 104 105 106 107 108 109 110 112 112")]
    [DataRow("looks like an identifier: it is a running number. If it only names rows, name it in --drop.",
        "0 1 2 3 4 5 6 7 8 9 10 11")]
    [DataRow("is left out: it holds dates or times ('5.1.2020'). Write what matters of them, such as an age, as a number.",
        "5.1.2020 6.1.2020 7.1.2020 8.1.2020 9.1.2020 10.1.2020 11.1.2020 12.1.2020 13.1.2020 14.1.2020 15.1.2020")]
    [DataRow("looks like an identifier: 12 different whole numbers in 12 rows. If it only names rows, name it in --drop.",
        "9000000001 9000000002 9000000003 9000000004 9000000005 9000000006 9000000007 9000000008 9000000009 9000000010 9000000011 "
        + "9000000017", DisplayName = "numbers of more digits than a float has")]
    [DataRow("has -999 in 2 rows, far from its other numbers. If it means a missing value, name it in --missing.",
        "1 2 3 4 5 6 7 8 9 10 11 -999 -999")]
    [DataRow("has 99 in 2 rows, far from its other numbers. If it means a missing value, name it in --missing.",
        "1 2 3 4 5 6 7 8 9 10 11.5 99 99")]
    [DataRow(null, "80 82 84 86 88 90 92 94 96 98 99 99 80 82", DisplayName = "99 among its like")]
    [DataRow(null, "1 2 3 4 5 6 7 8 9 10 11 1 2 3", DisplayName = "numbers that come back")]
    public void Of_Column_NotesWhatTheUserShouldKnow(string? expected, string cells) => Assert.AreEqual(expected, Guess(cells).Note);

    [TestMethod]
    [DataRow("id", true)]
    [DataRow("person_id", true)]
    [DataRow("ID Student", true)]
    [DataRow("customerId", true)]
    [DataRow("Unnamed: 0", true)]
    [DataRow("nr", true)]
    [DataRow("paid", false)]
    [DataRow("Bid", false)]
    [DataRow("width", false)]
    [DataRow("number_of_children", false)]
    public void Of_NumbersThatComeBack_AreNamedAnIdentifierByTheColumnName(string name, bool expected)
    {
        var cells = Enumerable.Range(0, 60).Select(row => $"{1000 + row / 4 * 13}");

        var guess = ColumnGuess.Of(name, cells, MissingValues.Usual, new NumberHabit(','));

        Assert.AreEqual(expected ? "looks like an identifier: by its name. If it only names rows, name it in --drop." : null, guess.Note);
    }

    [TestMethod]
    public void Of_NumbersThatTheUserSaysAreSome_TakesEverythingElseForMissing()
    {
        var guess = ColumnGuess.Of("x", ["1", "2", "90+", "V45", "3"], MissingValues.Usual, new NumberHabit(','), isNumeric: true);

        Assert.AreEqual(ColumnKind.Numeric, guess.Kind);
        Assert.AreEqual("has 2 cells of 5 that are no numbers ('90+', 'V45'): they count as missing.", guess.Note);
        CollectionAssert.AreEqual(new[] { "90+", "V45" }, guess.Strangers.ToArray());
    }

    [TestMethod]
    public void Of_TextsThatTheUserSaysAreNumbers_IsAProblem()
    {
        var guess = ColumnGuess.Of("x", ["a", "b", "3"], MissingValues.Usual, new NumberHabit(','), isNumeric: true);

        Assert.AreEqual("most of its cells are no numbers ('a', 'b')", guess.Problem);
    }

    private static ColumnGuess Guess(string cells) => ColumnGuess.Of("x", cells.Split(' '), MissingValues.Usual, new NumberHabit(','));
}
