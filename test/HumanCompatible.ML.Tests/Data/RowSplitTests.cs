using FsCheck.Fluent;
using HumanCompatible.ML.Data;

namespace HumanCompatible.ML.Tests.Data;

[TestClass]
public sealed class RowSplitTests
{
    [TestMethod]
    public void Stratified_HoldsOutTheSameShareOfEveryStratum()
    {
        var strata = Enumerable.Range(0, 1000).Select(row => row % 10 == 0 ? 1 : 0).ToArray();
        var (kept, heldOut) = RowSplit.Stratified(strata, 0.2, 7);
        Assert.AreEqual(20, heldOut.Count(row => strata[row] == 1));
        Assert.AreEqual(180, heldOut.Count(row => strata[row] == 0));
        Assert.AreEqual(800, kept.Length);
    }

    [TestMethod]
    public void Stratified_SameSeed_SameRows()
    {
        var strata = new int[100];
        CollectionAssert.AreEqual(RowSplit.Stratified(strata, 0.3, 5).HeldOut, RowSplit.Stratified(strata, 0.3, 5).HeldOut);
        CollectionAssert.AreNotEqual(RowSplit.Stratified(strata, 0.3, 5).HeldOut, RowSplit.Stratified(strata, 0.3, 6).HeldOut);
    }

    [TestMethod]
    public void Stratified_SingleRowOfAStratum_IsKept()
    {
        var (kept, heldOut) = RowSplit.Stratified([0, 0, 0, 0, 1], 0.9, 1);
        CollectionAssert.Contains(kept, 4);
        Assert.AreEqual(3, heldOut.Length);
    }

    [TestMethod]
    public void Stratified_AnyInput_DividesTheRows()
    {
        var input = from strata in Gen.Choose(0, 4)
            .ArrayOf()
                    from percent in Gen.Choose(1, 99)
                    from seed in Gen.Choose(0, 1000)
                    select (strata, percent / 100.0, seed);
        Prop.ForAll(input.ToArbitrary(), item =>
        {
            var (kept, heldOut) = RowSplit.Stratified(item.strata, item.Item2, item.seed);
            return kept.Concat(heldOut).Order().SequenceEqual(Enumerable.Range(0, item.strata.Length))
                && item.strata.Distinct().All(stratum => kept.Any(row => item.strata[row] == stratum));
        }).CheckSeeded();
    }
}
