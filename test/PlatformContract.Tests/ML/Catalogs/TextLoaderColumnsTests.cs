using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class TextLoaderColumnsTests
{
    private readonly MLContext ml = new(seed: 1);

    private sealed class Person
    {
        [LoadColumn(0)]
        public float Age { get; set; }

        [LoadColumn(1)]
        public string Name { get; set; } = "";

        [LoadColumn(2)]
        public bool Member = true;

        [LoadColumn(3), ColumnName("Visits")]
        public int NumberOfVisits { get; set; }

        [LoadColumn(4, 6)]
        public float[] Scores = [];

        [LoadColumn(new[] { 6, 4 })]
        public double[] Picked = [];

        [LoadColumn(7), KeyType(5)]
        public uint Group = 1;
    }

    [TestMethod]
    public void LoadFromTextFile_TypedRows_MapsMembersByIndexRangeAndList()
    {
        using var file = new TextFile("31,Ann,true,4,1,2,3,0", "7.5,Bob,0,-2,4,5,6,4");
        var data = ml.Data.LoadFromTextFile<Person>(file.Path, separatorChar: ',');

        CollectionAssert.AreEqual(new[] { 31f, 7.5f }, Observed.Floats(data, "Age"));
        CollectionAssert.AreEqual(new[] { "Ann", "Bob" }, Observed.Texts(data, "Name"));
        CollectionAssert.AreEqual(new[] { true, false }, data.GetColumn<bool>("Member").ToArray());
        CollectionAssert.AreEqual(new[] { 4, -2 }, data.GetColumn<int>("Visits").ToArray());
        CollectionAssert.AreEqual(new[] { 4f, 5f, 6f }, Observed.FloatVectors(data, "Scores")[1]);
        CollectionAssert.AreEqual(new[] { 6d, 4d }, data.GetColumn<double[]>("Picked").ElementAt(1));
        CollectionAssert.AreEqual(new[] { 1u, 5u }, Observed.Keys(data, "Group"));
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 5), data.Schema["Group"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), data.Schema["Scores"].Type);
        Assert.IsNull(data.GetRowCount());
        Assert.IsFalse(data.CanShuffle);
    }

    [TestMethod]
    public void LoadFromTextFile_TypedRowsBackToObjects_AreTheRowsOfTheFile()
    {
        using var file = new TextFile("31\tAnn\ttrue\t4\t1\t2\t3\t0");
        var rows = ml.Data.CreateEnumerable<Person>(ml.Data.LoadFromTextFile<Person>(file.Path), reuseRowObject: false).ToArray();

        Assert.HasCount(1, rows);
        Assert.AreEqual("Ann", rows[0].Name);
        Assert.AreEqual(4, rows[0].NumberOfVisits);
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f }, rows[0].Scores);
    }

    [TestMethod]
    public void LoadFromTextFile_HeaderByOptions_GivesSlotNamesToVectorsOnly()
    {
        using var file = new TextFile("label, a ,\"b,c\"", "1,2,3");
        var options = new TextLoader.Options
        {
            Separators = [','],
            HasHeader = true,
            AllowQuoting = true,
            Columns = [new("Label", DataKind.Single, 0), new("Features", DataKind.Single, 1, 2)],
        };
        var data = ml.Data.LoadFromTextFile(file.Path, options);

        CollectionAssert.AreEqual(new[] { "a", "b,c" }, Observed.SlotNames(data, "Features"));
        Assert.IsEmpty(Observed.AnnotationNames(data, "Label"));
        CollectionAssert.AreEqual(new[] { 1f }, Observed.Floats(data, "Label"));
    }

    [TestMethod]
    public void LoadFromTextFile_HeaderByColumns_IsSkippedButGivesNoSlotNames()
    {
        using var file = new TextFile("label,a,b", "1,2,3");
        var data = ml.Data.LoadFromTextFile(file.Path, [new TextLoader.Column("Features", DataKind.Single, 1, 2)], ',', hasHeader: true);

        Assert.IsFalse(data.Schema["Features"].HasSlotNames());
        CollectionAssert.AreEqual(new[] { 2f, 3f }, Observed.FloatVectors(data, "Features").Single());
    }

    [TestMethod]
    public void LoadFromTextFile_OpenRange_TakesTheRestOfTheLine()
    {
        using var file = new TextFile("1,2,3,4", "5,6,7,8");
        var options = new TextLoader.Options
        {
            Separators = [','],
            Columns = [new("Label", DataKind.Single, 0), new("Rest", DataKind.Single, [new TextLoader.Range(1, null)])],
        };
        var data = ml.Data.LoadFromTextFile(file.Path, options);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), data.Schema["Rest"].Type);
        CollectionAssert.AreEqual(new[] { 6f, 7f, 8f }, Observed.FloatVectors(data, "Rest")[1]);
    }

    [TestMethod]
    public void LoadFromTextFile_AllOther_TakesWhatNoOtherColumnTook()
    {
        using var file = new TextFile("1,2,3,4,5");
        var options = new TextLoader.Options
        {
            Separators = [','],
            Columns =
            [
                new("Label", DataKind.Single, 2),
                new("Others", DataKind.Single, [new TextLoader.Range { Min = 0, Max = 4, AllOther = true, ForceVector = true }]),
            ],
        };
        var data = ml.Data.LoadFromTextFile(file.Path, options);

        CollectionAssert.AreEqual(new[] { 1f, 2f, 4f, 5f }, Observed.FloatVectors(data, "Others")[0]);
    }

    [TestMethod]
    public void LoadFromTextFile_VariableEnd_GivesVectorsOfTheLengthOfTheirLine()
    {
        using var file = new TextFile("1,2,3", "4,5,6,7");
        var options = new TextLoader.Options
        {
            Separators = [','],
            Columns = [new("Rest", DataKind.Single, [new TextLoader.Range { Min = 1, VariableEnd = true }])],
        };
        var data = ml.Data.LoadFromTextFile(file.Path, options);

        Assert.IsFalse(((VectorDataViewType)data.Schema["Rest"].Type).IsKnownSize);
        CollectionAssert.AreEqual(new[] { 2, 3 }, Observed.FloatVectors(data, "Rest").Select(row => row.Length).ToArray());
    }

    [TestMethod]
    public void LoadFromTextFile_RangeOfOne_IsAVector()
    {
        using var file = new TextFile("1\t2");
        var data = ml.Data.LoadFromTextFile(file.Path, [new("One", DataKind.Single, 1, 1), new("Scalar", DataKind.Single, 1)]);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 1), data.Schema["One"].Type);
        Assert.AreEqual(NumberDataViewType.Single, data.Schema["Scalar"].Type);
    }

    [TestMethod]
    public void LoadFromTextFile_NoColumns_GivesLabelAndFeatures()
    {
        using var file = new TextFile("1\t2\t3");
        var data = ml.Data.LoadFromTextFile(file.Path, new TextLoader.Options());

        CollectionAssert.AreEqual(new[] { "Label", "Features" }, data.Schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new[] { 2f, 3f }, Observed.FloatVectors(data, "Features")[0]);
    }

    [TestMethod]
    public void CreateTextLoader_SeveralFiles_ReadsThemInOrderAndSkipsEachHeader()
    {
        using var first = new TextFile("x,y", "1,2", "3,4");
        using var second = new TextFile("x,y", "5,6");
        var loader = ml.Data.CreateTextLoader([new TextLoader.Column("X", DataKind.Single, 0)], ',', hasHeader: true);
        var data = loader.Load(new MultiFileSource(first.Path, second.Path));

        CollectionAssert.AreEqual(new[] { 1f, 3f, 5f }, Observed.Floats(data, "X"));
        Assert.AreEqual("X", loader.GetOutputSchema()[0].Name);
    }

    [TestMethod]
    public void LoadFromTextFile_MaxRows_StopsThere()
    {
        using var file = new TextFile("1", "2", "3", "4");
        var options = new TextLoader.Options { Columns = [new("X", DataKind.Single, 0)], MaxRows = 3 };

        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f }, Observed.Floats(ml.Data.LoadFromTextFile(file.Path, options), "X"));
    }

    [TestMethod]
    public void LoadFromTextFile_CursorSet_CoversEveryRowOnceAndRowsMayBeReadTogether()
    {
        using var file = new TextFile(Enumerable.Range(0, 1000).Select(i => $"{i},x").ToArray());
        var data = ml.Data.LoadFromTextFile(file.Path, [new TextLoader.Column("X", DataKind.Single, 0)], ',');
        var expected = Enumerable.Range(0, 1000).Select(i => (float)i).ToArray();

        CollectionAssert.AreEqual(expected, Observed.Floats(data, "X"));
        CollectionAssert.AreEqual(expected, Observed.InParallel(data, "X", 3));
        using var one = data.GetRowCursor(data.Schema);
        using var other = data.GetRowCursor(data.Schema);
        Assert.IsTrue(one.MoveNext() && other.MoveNext() && one.MoveNext());
        Assert.AreEqual(1, one.Position);
        Assert.AreEqual(0, other.Position);
    }
}
