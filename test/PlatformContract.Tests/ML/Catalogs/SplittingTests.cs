using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

/// <summary>The rows listed here are the ones that Microsoft.ML 5.0 puts into the test sets.</summary>
[TestClass]
public sealed class SplittingTests
{
    private readonly MLContext ml = new(seed: 1);

    private sealed class Row
    {
        public int Id { get; set; }

        public float Real { get; set; }

        public string Name { get; set; } = "";

        public bool Flag { get; set; }

        public long Wide { get; set; }

        [KeyType(7)]
        public uint Key { get; set; }
    }

    private IDataView Rows(int count = 40) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row
    {
        Id = i,
        Real = i % 10,
        Name = $"näme {i % 13}",
        Flag = i % 2 == 0,
        Wide = (i % 11) * 5_000_000_000L,
        Key = (uint)(i % 7),
    }));

    private static int[] Ids(IDataView view) => view.GetColumn<int>("Id").ToArray();

    private string Test(double fraction, string? key, int? seed) =>
        string.Join(",", Ids(ml.Data.TrainTestSplit(Rows(), fraction, key, seed).TestSet));

    [TestMethod]
    public void TrainTestSplit_IsAPartitionInOrderWithTheSameSchema()
    {
        var data = Rows();
        var split = ml.Data.TrainTestSplit(data, 0.3, seed: 5);
        CollectionAssert.AreEqual(Enumerable.Range(0, 40).ToArray(), Ids(split.TrainSet).Concat(Ids(split.TestSet)).Order().ToArray());
        CollectionAssert.AreEqual(Ids(split.TrainSet).Order().ToArray(), Ids(split.TrainSet));
        CollectionAssert.AreEqual(Ids(split.TestSet), Ids(split.TestSet));
        CollectionAssert.AreEqual(data.Schema.Select(column => column.Name).ToArray(), split.TestSet.Schema.Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void TrainTestSplit_SameSeedSameRows()
    {
        Assert.AreEqual("2,17,21,33,36,37", Test(0.2, null, 5));
        Assert.AreEqual("4,8,11,12,13,18,20,23,24,30,32,35,38", Test(0.2, null, 6));
        Assert.AreEqual(string.Join(",", Ids(ml.Data.TrainTestSplit(Rows(), 0.2, seed: 1).TestSet)), Test(0.2, null, null));
    }

    [TestMethod]
    public void TrainTestSplit_ContextWithoutSeed_IsStillTheSame()
    {
        Assert.AreEqual("5,6,18,28,37", string.Join(",", Ids(new MLContext().Data.TrainTestSplit(Rows(), 0.2).TestSet)));
    }

    [TestMethod]
    [DataRow("Name", "0,1,3,4,7,8,9,13,14,16,17,20,21,22,26,27,29,30,33,34,35,39")]
    [DataRow("Flag", "1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31,33,35,37,39")]
    [DataRow("Id", "0,3,4,6,7,8,13,18,23,25,27,31,32,34,37,38")]
    [DataRow("Wide", "3,6,7,8,9,10,14,17,18,19,20,21,25,28,29,30,31,32,36,39")]
    [DataRow("Real", "0,1,2,3,4,10,11,12,13,14,20,21,22,23,24,30,31,32,33,34")]
    [DataRow("Key", "0,1,2,7,8,9,14,15,16,21,22,23,28,29,30,35,36,37")]
    public void TrainTestSplit_SamplingKey_KeepsEqualValuesTogether(string key, string expected) =>
        Assert.AreEqual(expected, Test(0.5, key, 3));

    [TestMethod]
    public void TrainTestSplit_BadArguments_AreNamed()
    {
        Assert.AreEqual("testFraction", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Data.TrainTestSplit(Rows(), 1)).ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Data.TrainTestSplit(Rows(), 0.5, "Nope")).Message,
            "Could not find SamplingKeyColumn column 'Nope'");
        Assert.AreEqual("numberOfFolds", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Data.CrossValidationSplit(Rows(), 1)).ParamName);
    }

    [TestMethod]
    public void CrossValidationSplit_EveryRowIsTestedOnce()
    {
        var folds = ml.Data.CrossValidationSplit(Rows(), numberOfFolds: 4, seed: 9);
        Assert.HasCount(4, folds);
        CollectionAssert.AreEqual(Enumerable.Range(0, 40).ToArray(), folds.SelectMany(fold => Ids(fold.TestSet)).Order().ToArray());
        foreach (var fold in folds)
        {
            CollectionAssert.AreEqual(Enumerable.Range(0, 40).ToArray(), Ids(fold.TrainSet).Concat(Ids(fold.TestSet)).Order().ToArray());
        }

        Assert.AreEqual("4,8,14,15,27,30,31,35,39", string.Join(",", Ids(folds[1].TestSet)));
    }

    [TestMethod]
    public void Splits_ReadByIndependentCursors()
    {
        var test = ml.Data.TrainTestSplit(Rows(), 0.3, seed: 5).TestSet;
        using var one = test.GetRowCursor([test.Schema["Id"]]);
        using var other = test.GetRowCursor([test.Schema["Id"]]);
        Assert.IsTrue(one.MoveNext() && one.MoveNext() && other.MoveNext());
        int value = 0;
        other.GetGetter<int>(test.Schema["Id"])(ref value);
        Assert.AreEqual(Ids(test)[0], value);
        Assert.IsNull(test.GetRowCount());
    }
}
