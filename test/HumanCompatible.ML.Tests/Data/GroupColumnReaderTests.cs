using HumanCompatible.ML.Data;
using HumanCompatible.ML.Groups;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Data;

[TestClass]
public sealed class GroupColumnReaderTests
{
    private static readonly MLContext ML = new(1);

    private sealed class TextRow { public string? G { get; set; } }
    private sealed class BooleanRow { public bool G { get; set; } }
    private sealed class SingleRow { public float G { get; set; } }
    private sealed class DoubleRow { public double G { get; set; } }
    private sealed class IntegerRow
    {
        public int G { get; set; }
        public byte B { get; set; }
        public sbyte S { get; set; }
        public ulong U
        {
            get; set;
        }
        public long L { get; set; }
        public ushort H { get; set; }
    }
    private sealed class VectorRow { [VectorType(3)] public float[] G { get; set; } = [0, 0, 0]; }

    private static GroupColumn Read(IDataView data, string name = "G")
    {
        var reader = GroupColumnReader.Create(data.Schema[name]);
        using var cursor = data.GetRowCursor([data.Schema[name]]);
        reader.Bind(cursor);
        while (cursor.MoveNext()) reader.Read();
        return reader.ToGroups();
    }

    private static GroupColumn Read<T>(IEnumerable<T> rows, string name = "G") where T : class
        => Read(ML.Data.LoadFromEnumerable(rows), name);

    private static void AssertGroups(GroupColumn column, string[] names, int[] codes)
    {
        CollectionAssert.AreEqual(names, column.GroupNames.ToArray());
        CollectionAssert.AreEqual(codes, column.CodeOfRow);
    }

    [TestMethod]
    public void Read_Text_OrdersGroupsByNameWhateverTheOrderOfRows()
    {
        AssertGroups(Read(new[] { "b", "a", "b", "C" }.Select(g => new TextRow { G = g })), ["C", "a", "b"], [2, 1, 2, 0]);
        AssertGroups(Read(new[] { "C", "b", "a" }.Select(g => new TextRow { G = g })), ["C", "a", "b"], [0, 2, 1]);
    }

    [TestMethod]
    public void Read_EmptyText_IsTheMissingGroup() =>
        AssertGroups(Read(new[] { "x", "", null, "x" }.Select(g => new TextRow { G = g })), ["(missing)", "x"], [1, 0, 0, 1]);

    [TestMethod]
    public void Read_OfEveryType_TellsWhichCodeIsMissing()
    {
        Assert.AreEqual(0, Read(new[] { "x", "", "x" }.Select(g => new TextRow { G = g })).MissingCode);
        Assert.AreEqual(1, Read(new[] { "x", null, "!" }.Select(g => new TextRow { G = g })).MissingCode, "'!' comes before '(missing)'.");
        Assert.IsNull(Read(new[] { "x", "y" }.Select(g => new TextRow { G = g })).MissingCode);
        Assert.AreEqual(0, Read(new[] { 1f, float.NaN }.Select(g => new SingleRow { G = g })).MissingCode);
        Assert.IsNull(Read(new[] { 1f, 0 }.Select(g => new SingleRow { G = g })).MissingCode);
        Assert.IsNull(Read(new[] { true, false }.Select(g => new BooleanRow { G = g })).MissingCode);
        Assert.IsNull(Read(new[] { new IntegerRow { G = 0 } }).MissingCode);
        var text = ML.Data.LoadFromEnumerable(new[] { "!", "y" }.Select(g => new TextRow { G = g }));
        ITransformer keys = ML.Transforms.Conversion.MapValueToKey("G").Fit(text);
        Assert.AreEqual(1, Read(keys.Transform(
            ML.Data.LoadFromEnumerable(new[] { "!", "unseen", "y" }.Select(g => new TextRow { G = g })))).MissingCode);
        Assert.IsNull(Read(keys.Transform(text)).MissingCode);
    }

    [TestMethod]
    public void Read_TextThatReadsLikeTheMissingGroup_IsAnotherGroupOfAnotherName()
    {
        string[] texts = ["(missing)", "", "x", "\"(missing)\"", "(missing)", "\"\"(missing)\"\"", "\"(missing)", "\"\""];

        var column = Read(texts.Select(g => new TextRow { G = g }));

        Assert.AreEqual("(missing)", column.GroupNames[column.CodeOfRow[1]]);
        Assert.AreEqual(column.CodeOfRow[1], column.MissingCode);
        string[] names = ["\"(missing)\"", "(missing)", "x", "\"\"(missing)\"\"", "\"(missing)\"", "\"\"\"(missing)\"\"\"", "\"(missing)",
            "\"\""];
        CollectionAssert.AreEqual(names, column.CodeOfRow.Select(code => column.GroupNames[code]).ToArray());
        Assert.AreEqual(column.CodeOfRow[0], column.CodeOfRow[4]);
        Assert.IsNull(Read(new[] { "(missing)", "x" }.Select(g => new TextRow { G = g })).MissingCode);
    }

    [TestMethod]
    public void Read_KeyThatReadsLikeTheMissingGroup_IsAnotherGroupOfAnotherName()
    {
        var text = ML.Data.LoadFromEnumerable(new[] { "(missing)", "x" }.Select(g => new TextRow { G = g }));
        ITransformer keys = ML.Transforms.Conversion.MapValueToKey("G").Fit(text);

        var column = Read(keys.Transform(ML.Data.LoadFromEnumerable(
            new[] { "(missing)", "unseen" }.Select(g => new TextRow { G = g }))));

        AssertGroups(column, ["\"(missing)\"", "(missing)"], [0, 1]);
        Assert.AreEqual(1, column.MissingCode);
    }

    [TestMethod]
    [DataRow(20, 20, 0, true)]
    [DataRow(21, 42, 0, true)]
    [DataRow(21, 41, 0, false)]
    [DataRow(21, 41, 500, false)]
    [DataRow(240, 240, 0, false)]
    public void CheckNamesGroups_ManyValues_NeedTwoRowsEach(int values, int rows, int missing, bool areGroups)
    {
        var column = Read(Enumerable.Range(0, rows).Select(row => new TextRow { G = $"id{row % values}" })
            .Concat(Enumerable.Range(0, missing).Select(_ => new TextRow { G = "" })));

        if (areGroups)
        {
            column.CheckNamesGroups();
            return;
        }

        Assert.AreEqual($"Group column 'G' has {values} different values in {rows} rows; a group column must name groups, not rows.",
            Assert.ThrowsExactly<InvalidOperationException>(column.CheckNamesGroups).Message);
    }

    [TestMethod]
    public void Read_Boolean_HasBothGroups() => AssertGroups(Read(new[] { true, false, true }.Select(g => new BooleanRow { G = g })),
        ["False", "True"], [1, 0, 1]);

    [TestMethod]
    public void Read_Numbers_OrdersGroupsByValueAndNaNIsMissing()
    {
        AssertGroups(Read(new[] { 10f, 9, float.NaN, -1, -0f, 0 }.Select(g => new SingleRow { G = g })),
            ["(missing)", "-1", "0", "9", "10"], [4, 3, 0, 1, 2, 2]);
        AssertGroups(Read(new[] { 2.0, double.NaN }.Select(g => new DoubleRow { G = g })), ["(missing)", "2"], [1, 0]);
    }

    [TestMethod]
    public void Read_EveryIntegerType_MakesGroups()
    {
        IntegerRow[] rows = [new() { G = 3, B = 3, S = -3, U = 3, L = -3, H = 3 }, new() { G = -7, B = 1, S = 1, U = 1, L = 1, H = 1 }];

        AssertGroups(Read(rows), ["-7", "3"], [1, 0]);
        AssertGroups(Read(rows, "B"), ["1", "3"], [1, 0]);
        AssertGroups(Read(rows, "S"), ["-3", "1"], [0, 1]);
        AssertGroups(Read(rows, "U"), ["1", "3"], [1, 0]);
        AssertGroups(Read(rows, "L"), ["-3", "1"], [0, 1]);
        AssertGroups(Read(rows, "H"), ["1", "3"], [1, 0]);
    }

    [TestMethod]
    public void Read_KeyWithTextValues_IsNamedByThemAndTheMissingKeyIsAGroup()
    {
        var text = ML.Data.LoadFromEnumerable(new[] { "White", "Black", "Asian" }.Select(g => new TextRow { G = g }));
        ITransformer keys = ML.Transforms.Conversion.MapValueToKey("G").Fit(text);

        var column = Read(keys.Transform(ML.Data.LoadFromEnumerable(
            new[] { "Black", "unseen", "White" }.Select(g => new TextRow { G = g }))));

        AssertGroups(column, ["(missing)", "Black", "White"], [1, 0, 2]);
    }

    [TestMethod]
    public void Read_KeyWithNumberValues_IsNamedByThem()
    {
        var numbers = ML.Data.LoadFromEnumerable(new[] { 40f, 20f }.Select(g => new SingleRow { G = g }));

        AssertGroups(Read(ML.Transforms.Conversion.MapValueToKey("G").Fit(numbers).Transform(numbers)), ["20", "40"], [1, 0]);
    }

    [TestMethod]
    public void Read_NumberThatIsNotWhole_IsAnErrorNamingRowAndValue()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Read(new[] { 1f, 2.5f }.Select(g => new SingleRow { G = g })));

        Assert.AreEqual("Group column 'G' holds 2.5 in row 1; a numeric group column must hold whole numbers.", error.Message);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(()
            => Read(new[] { float.PositiveInfinity }.Select(g => new SingleRow { G = g }))).Message, "row 0");
    }

    [TestMethod]
    public void Read_MoreThanAThousandValues_IsAnErrorNamingTheColumn()
    {
        Assert.AreEqual(1000, Read(Enumerable.Range(0, 1000).Select(g => new TextRow { G = $"id{g}" })).GroupNames.Count);

        var text = Assert.ThrowsExactly<InvalidOperationException>(()
            => Read(Enumerable.Range(0, 1001).Select(g => new TextRow { G = $"id{g}" })));
        var numbers = Assert.ThrowsExactly<InvalidOperationException>(()
            => Read(Enumerable.Range(0, 1001).Select(g => new IntegerRow { G = g })));

        Assert.AreEqual("Group column 'G' has more than 1,000 different values; a group column must name groups, not rows.", text.Message);
        Assert.AreEqual(text.Message, numbers.Message);
    }

    [TestMethod]
    public void Create_TypeThatMakesNoGroups_IsASchemaMismatch()
    {
        var data = ML.Data.LoadFromEnumerable([new VectorRow()]);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => GroupColumnReader.Create(data.Schema["G"]));

        Assert.AreEqual(
            "Schema mismatch for group column 'G': expected text, key, Boolean or integer-valued numbers, got Vector<Single, 3> (Parameter "
            + "'groupColumnNames')", error.Message);
    }

    [TestMethod]
    public void CreateReaders_MissingColumn_IsNamed()
    {
        var data = ML.Data.LoadFromEnumerable([new TextRow()]);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => GroupColumns.CreateReaders(data.Schema, ["G", "Sex"]));

        Assert.AreEqual("Could not find group column 'Sex' among 'G' (Parameter 'groupColumnNames')", error.Message);
    }
}
