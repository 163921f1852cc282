using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class ColumnGuessTests
{
    [TestMethod]
    [DataRow("Numeric", "1 2 3 4 5 6 7 8 9 10 11", DisplayName = "more than a handful of numbers")]
    [DataRow("Numeric", "1 2 3 4 5 6 7 8 9 10 11 ? NA", DisplayName = "with missing cells")]
    [DataRow("Numeric", "1.5 NULL null None <NA> #N/A - . 2", DisplayName = "with other missing cells")]
    [DataRow("Numeric", "0.5 1 1 1", DisplayName = "fractions")]
    [DataRow("Numeric", "0,5 1 1 1", DisplayName = "fractions with a comma")]
    [DataRow("Numeric", "1,234 12,5 100", DisplayName = "commas that cannot all be thousands")]
    [DataRow("Numeric", "0 0 0 0 0 1 1 1 2 2 1e1", DisplayName = "counts")]
    [DataRow("Categorical", "0 0 0 5 5 5 5 5 1", DisplayName = "codes from 0")]
    [DataRow("Categorical", "1 2 3 4 5 1 1 1", DisplayName = "codes from 1")]
    [DataRow("Categorical", "0 1 1 0", DisplayName = "two values")]
    [DataRow("Categorical", "1 2 3 4 5 6 7 8 9 10 11 x 1 2 3 4 5 6 7 8 9 10 11 x", DisplayName = "a text among numbers")]
    [DataRow("Categorical", "0.5 1,5 2.5 0.5", DisplayName = "points and commas")]
    [DataRow("Categorical", "a b a b ?", DisplayName = "texts")]
    [DataRow("Categorical", "+ - . None", DisplayName = "texts that stand for no number")]
    [DataRow("Left", "a b c d e f g h i j k l", DisplayName = "a name for every row")]
    [DataRow("Left", "1,234 12,500 950", DisplayName = "commas that may be thousands")]
    [DataRow("Left", "? NA n/a nan", DisplayName = "nothing")]
    public void Of_Column_IsOfKind(string expected, string cells)
    {
        var guess = ColumnGuess.Of(cells.Split(' '));

        Assert.AreEqual(expected, guess.Kind.ToString());
        Assert.AreEqual(expected == "Numeric", guess.Form is not null);
        Assert.AreEqual(expected == "Left", guess.Note?.StartsWith("is left out: ", StringComparison.Ordinal) ?? false);
    }

    [TestMethod]
    [DataRow(null, "1.5 2 3")]
    [DataRow("is read with decimal commas.", "1,5 2 3")]
    [DataRow("is left out: '1,234' has a decimal comma or a thousands separator. Write its numbers without commas.", "950 1,234 1,500")]
    [DataRow("is categorical: 1 of its 12 cells are no numbers ('x').", "1 1 2 2 3 3 4 4 5 5 6 x")]
    [DataRow("is left out: most of its 12 texts are distinct; 1 of its 12 cells are no numbers ('x').", "1 2 3 4 5 6 7 8 9 10 11 x")]
    [DataRow("looks like an identifier: 11 different whole numbers in 12 rows. If it only names rows, name it in --drop.",
        "101 102 103 104 105 106 107 108 109 110 111 111")]
    [DataRow(null, "1 2 3 4 5 6 7 8 9 10 11 1 2 3", DisplayName = "numbers that come back")]
    public void Of_Column_NotesWhatTheUserShouldKnow(string? expected, string cells)
        => Assert.AreEqual(expected, ColumnGuess.Of(cells.Split(' ')).Note);
}
