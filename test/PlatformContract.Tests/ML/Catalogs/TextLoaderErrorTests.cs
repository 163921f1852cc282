using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class TextLoaderErrorTests
{
    private readonly MLContext ml = new(seed: 1);

    private sealed class Unmapped
    {
        public float Age { get; set; }
    }

    [TestMethod]
    public void AbsentFile_NamesThePath()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => ml.Data.LoadFromTextFile("no-such-file.csv", [new TextLoader.Column("X", DataKind.Single, 0)]));
        StringAssert.StartsWith(error.Message, "File or directory does not exist at path: no-such-file.csv");
        Assert.AreEqual("path", error.ParamName);
    }

    [TestMethod]
    public void MemberWithoutLoadColumn_NamesIt()
    {
        using var file = new TextFile("1");
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => ml.Data.LoadFromTextFile<Unmapped>(file.Path));
        Assert.AreEqual("Property 'Age' is missing the LoadColumnAttribute attribute", error.Message);
    }

    [TestMethod]
    public void UnparsableInteger_StopsTheReaderNamingTheLine()
    {
        using var file = new TextFile("1", "two");
        var data = ml.Data.LoadFromTextFile(file.Path, [new TextLoader.Column("N", DataKind.Int32, 0)]);
        var error = Assert.ThrowsExactly<FormatException>(() => data.GetColumn<int>("N").ToArray());
        StringAssert.Contains(error.Message, "Could not parse value two in line 2, column N");
    }

    [TestMethod]
    public void UnparsableValueInAColumnNobodyReads_DoesNotMatter()
    {
        using var file = new TextFile("1,two");
        var data = ml.Data.LoadFromTextFile(file.Path, [new("X", DataKind.Single, 0), new("N", DataKind.Int32, 1)], ',');
        CollectionAssert.AreEqual(new[] { 1f }, Observed.Floats(data, "X"));
    }

    [TestMethod]
    public void OverlappingRanges_AreRefused()
    {
        using var file = new TextFile("1,2,3");
        var column = new TextLoader.Column("V", DataKind.Single, [new TextLoader.Range(0, 1), new TextLoader.Range(1, 2)]);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Data.LoadFromTextFile(file.Path, [column], ','));
        StringAssert.Contains(error.Message, "Intervals specified for column 'V' overlap");
    }

    [TestMethod]
    public void OpenRangeOverLinesOfDifferentLength_IsRefused()
    {
        using var file = new TextFile("1,2,3", "1,2");
        var options = new TextLoader.Options { Separators = [','], Columns = [new("V", DataKind.Single, [new TextLoader.Range(0, null)])] };
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Data.LoadFromTextFile(file.Path, options));
        StringAssert.Contains(error.Message, "The size of input lines is not consistent");
    }

    [TestMethod]
    public void IllegalSeparator_IsRefused()
    {
        using var file = new TextFile("1");
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => ml.Data.LoadFromTextFile(file.Path, [new TextLoader.Column("X", DataKind.Single, 0)], '5'));
        StringAssert.Contains(error.Message, "Illegal separator: '5'");
    }

    [TestMethod]
    public void WrongValueType_OfAGetter_IsRefused()
    {
        using var file = new TextFile("1");
        var data = ml.Data.LoadFromTextFile(file.Path, [new TextLoader.Column("X", DataKind.Single, 0)]);
        using var cursor = data.GetRowCursor(data.Schema);
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<double>(data.Schema["X"]));
    }

    [TestMethod]
    public void Range_NegativeOrReversed_IsRefused()
    {
        Assert.AreEqual("index", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TextLoader.Range(-1)).ParamName);
        Assert.AreEqual("max", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TextLoader.Range(3, 2)).ParamName);
    }
}
