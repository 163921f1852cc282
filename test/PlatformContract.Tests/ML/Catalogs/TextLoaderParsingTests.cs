using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class TextLoaderParsingTests
{
    private readonly MLContext ml = new(seed: 1);

    private string[] Texts(TextLoader.Options options, params string[] lines)
    {
        using var file = new TextFile(lines);
        options.Columns = [new("T", DataKind.String, 0)];
        return Observed.Texts(ml.Data.LoadFromTextFile(file.Path, options), "T");
    }

    private float[] Reals(TextLoader.Options options, params string[] lines)
    {
        using var file = new TextFile(lines);
        options.Columns = [new("X", DataKind.Single, 1)];
        return Observed.Floats(ml.Data.LoadFromTextFile(file.Path, options), "X");
    }

    [TestMethod]
    [DataRow("\"a,b\",1", "a,b")]
    [DataRow("\"say \"\"hi\"\"\",1", "say \"hi\"")]
    [DataRow("\"\",1", "")]
    [DataRow("  \" padded \"  ,1", " padded ")]
    [DataRow("\"a\"x,1", "")]
    [DataRow("\"open,1", "")]
    [DataRow("plain \"quote\",1", "plain \"quote\"")]
    public void Quoting_IsUndoneOrTheValueIsDropped(string line, string expected) =>
        CollectionAssert.AreEqual(new[] { expected }, Texts(new() { Separators = [','], AllowQuoting = true }, line));

    [TestMethod]
    public void QuotingNotAllowed_QuotesAreText() =>
        CollectionAssert.AreEqual(new[] { "\"a" }, Texts(new() { Separators = [','] }, "\"a,b\""));

    [TestMethod]
    public void EscapeChar_ReplacesDoubledQuotes() =>
        CollectionAssert.AreEqual(new[] { "say \"hi\"" },
            Texts(new() { Separators = [','], AllowQuoting = true, EscapeChar = '\\' }, "\"say \\\"hi\\\"\",1"));

    [TestMethod]
    public void Spaces_LeadingAreDroppedTrailingKept() =>
        CollectionAssert.AreEqual(new[] { "a " }, Texts(new() { Separators = [','] }, "  a ,1"));

    [TestMethod]
    public void TrimWhitespace_CutsTheEndOfTheLineOnly()
    {
        CollectionAssert.AreEqual(new[] { "a" }, Texts(new() { Separators = [','], TrimWhitespace = true }, "a  \t"));
        CollectionAssert.AreEqual(new[] { "a  " }, Texts(new() { Separators = [','] }, "a  "));
        CollectionAssert.AreEqual(new[] { "a  " }, Texts(new() { Separators = [','], TrimWhitespace = true }, "a  ,b "));
    }

    [TestMethod]
    public void SpaceSeparator_EverySpaceCounts()
    {
        using var file = new TextFile("1  2");
        var options = new TextLoader.Options { Separators = [' '], Columns = [new("X", DataKind.Single, 0, 2)] };
        CollectionAssert.AreEqual(new[] { 1f, 0f, 2f }, Observed.FloatVectors(ml.Data.LoadFromTextFile(file.Path, options), "X")[0]);
    }

    [TestMethod]
    public void SeveralSeparators_AllSplit() =>
        CollectionAssert.AreEqual(new[] { 2f, 5f }, Reals(new() { Separators = [';', '|'] }, "1;2|3", "4|5;6"));

    [TestMethod]
    public void CommentsAndBlankLines_AreSkipped() =>
        CollectionAssert.AreEqual(new[] { "a", "#b", "c" }, Texts(new(), "# before the first line", "", "// any time", "a", "", "#b", "// again", "c"));

    [TestMethod]
    [DataRow("2.5", 2.5f)]
    [DataRow(" 7 ", 7f)]
    [DataRow("-1e-3", -0.001f)]
    [DataRow("+4", 4f)]
    [DataRow("", 0f)]
    [DataRow("?", float.NaN)]
    [DataRow("NaN", float.NaN)]
    [DataRow("na", float.NaN)]
    [DataRow("N/A", float.NaN)]
    [DataRow("word", float.NaN)]
    [DataRow("1 2", float.NaN)]
    [DataRow("Infinity", float.PositiveInfinity)]
    [DataRow("-Infinity", float.NegativeInfinity)]
    public void Reals_AreParsedOrMissing(string field, float expected) =>
        CollectionAssert.AreEqual(new[] { expected }, Reals(new() { Separators = [','] }, $"a,{field},z"));

    [TestMethod]
    public void ShortLine_MissingFieldsAreZeroAndEmpty()
    {
        using var file = new TextFile("a", "b,2,c");
        var data = ml.Data.LoadFromTextFile(file.Path,
            [new("X", DataKind.Single, 1), new("T", DataKind.String, 2), new("V", DataKind.Single, 1, 2)], ',');

        CollectionAssert.AreEqual(new[] { 0f, 2f }, Observed.Floats(data, "X"));
        CollectionAssert.AreEqual(new[] { "", "c" }, Observed.Texts(data, "T"));
        CollectionAssert.AreEqual(new[] { 0f, 0f }, Observed.FloatVectors(data, "V")[0]);
    }

    [TestMethod]
    public void MissingRealsAsNaNs_EmptyAndAbsentFieldsAreNaN()
    {
        CollectionAssert.AreEqual(new[] { float.NaN, float.NaN, 3f }, Reals(new() { Separators = [','], MissingRealsAsNaNs = true }, "a,,z", "a", "a,3"));
    }

    [TestMethod]
    public void MissingText_StaysAsWritten() =>
        CollectionAssert.AreEqual(new[] { "?", "", "NaN" }, Texts(new() { Separators = [','] }, "?,1", ",1", "NaN,1"));

    [TestMethod]
    public void DecimalMarker_Comma() =>
        CollectionAssert.AreEqual(new[] { 2.5f }, Reals(new() { Separators = [';'], DecimalMarker = ',' }, "a;2,5"));

    [TestMethod]
    [DataRow("1", true)]
    [DataRow("true", true)]
    [DataRow("Yes", true)]
    [DataRow("+", true)]
    [DataRow("t", true)]
    [DataRow("0", false)]
    [DataRow("-1", false)]
    [DataRow("no", false)]
    [DataRow("FALSE", false)]
    [DataRow("", false)]
    public void Booleans_HaveTheirSpellings(string field, bool expected)
    {
        using var file = new TextFile($"x,{field},z");
        var data = ml.Data.LoadFromTextFile(file.Path, [new TextLoader.Column("B", DataKind.Boolean, 1)], ',');
        CollectionAssert.AreEqual(new[] { expected }, data.GetColumn<bool>("B").ToArray());
    }

    [TestMethod]
    public void Keys_CountFromZeroInTheFileAndOutOfRangeIsMissing()
    {
        using var file = new TextFile("0", "2", "3", "?", "word");
        var data = ml.Data.LoadFromTextFile(file.Path,
            new TextLoader.Options { Columns = [new("K", DataKind.UInt32, [new TextLoader.Range(0)], new KeyCount(3))] });
        CollectionAssert.AreEqual(new[] { 1u, 3u, 0u, 0u, 0u }, Observed.Keys(data, "K"));
    }

    [TestMethod]
    public void Sparse_IndexedValuesFollowTheirCount()
    {
        using var file = new TextFile("1\t5\t0:2\t3:4", "0\t5\t4:9");
        var options = new TextLoader.Options { AllowSparse = true, Columns = [new("L", DataKind.Single, 0), new("V", DataKind.Single, 1, 5)] };
        var data = ml.Data.LoadFromTextFile(file.Path, options);

        CollectionAssert.AreEqual(new[] { 2f, 0f, 0f, 4f, 0f }, Observed.FloatVectors(data, "V")[0]);
        CollectionAssert.AreEqual(new[] { 0f, 0f, 0f, 0f, 9f }, Observed.FloatVectors(data, "V")[1]);
    }

    [TestMethod]
    public void MostlyZeroRow_IsASparseVector()
    {
        using var file = new TextFile("a,,,,,7");
        var data = ml.Data.LoadFromTextFile(file.Path, [new TextLoader.Column("V", DataKind.Single, 1, 5)], ',');
        var vector = data.GetColumn<VBuffer<float>>("V").Single();

        Assert.IsFalse(vector.IsDense);
        Assert.AreEqual(1, vector.GetValues().Length);
        Assert.AreEqual(4, vector.GetIndices()[0]);
    }

    [TestMethod]
    public void ReadMultilines_QuotedValueMaySpanLines() =>
        CollectionAssert.AreEqual(new[] { "one\ntwo", "three" },
            Texts(new() { Separators = [','], AllowQuoting = true, ReadMultilines = true }, "\"one", "two\",1", "three,2").Select(text => text.ReplaceLineEndings("\n")).ToArray());
}
