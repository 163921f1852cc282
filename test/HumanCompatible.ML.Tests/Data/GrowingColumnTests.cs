using HumanCompatible.ML.Data;

namespace HumanCompatible.ML.Tests.Data;

[TestClass]
public sealed class GrowingColumnTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(65_536)]
    [DataRow(65_537)]
    [DataRow(200_000)]
    public void Add_SomeValues_AreThereInTheirOrder(int count)
    {
        var column = new GrowingColumn<int>();
        int[] expected = [.. Enumerable.Range(0, count).Select(row => 7 * row)];
        foreach (var value in expected)
            column.Add(value);

        Assert.AreEqual(count, column.Count);
        CollectionAssert.AreEqual(expected, column.ToArray());
        CollectionAssert.AreEqual(expected, column.Select(value => value).ToArray());
        for (var row = 0; row < count; row += 997)
            Assert.AreEqual(expected[row], column[row]);
    }
}
