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
    public void Stratified_StrataTooSmallForTheShare_StillHoldOutItOverall()
    {
        // 200 strata of two rows, of which a fifth rounds to none.
        int[] strata = [.. Enumerable.Range(0, 400).Select(row => row / 2)];

        var (_, heldOut) = RowSplit.Stratified(strata, 0.2, 1);

        Assert.HasCount(80, heldOut);
        Assert.HasCount(80, heldOut.Select(row => strata[row]).Distinct(), "one of each of 80 strata");
        CollectionAssert.AreNotEqual(heldOut, RowSplit.Stratified(strata, 0.2, 2).HeldOut);
    }

    [TestMethod]
    public void Stratified_SingleRowOfAStratum_IsKeptWhereOthersCanGive()
    {
        // A fifth of 11 and 12 rows is 2.2 and 2.4: the fifth of all 24 takes one more, and not the single row.
        int[] strata = [.. Enumerable.Repeat(0, 11), .. Enumerable.Repeat(1, 12), 2];
        for (var seed = 0; seed < 50; seed++)
        {
            var (kept, heldOut) = RowSplit.Stratified(strata, 0.2, seed);
            CollectionAssert.Contains(kept, 23);
            Assert.AreEqual((2, 3), (heldOut.Count(row => strata[row] == 0), heldOut.Count(row => strata[row] == 1)));
        }
    }

    [TestMethod]
    public void Stratified_EveryRowAStratum_HoldsOutTheShare()
    {
        int[] strata = [.. Enumerable.Range(0, 50)];
        Assert.HasCount(10, RowSplit.Stratified(strata, 0.2, 1).HeldOut);
        Assert.HasCount(49, RowSplit.Stratified(strata, 0.999, 1).HeldOut);
    }

    [TestMethod]
    public void Stratified_AnyInput_HoldsOutTheShareOfAllAndOfEveryStratum()
    {
        var input = from strata in Gen.Choose(0, 60).Select(stratum => stratum / 10 * stratum / 10).ArrayOf()
                    from percent in Gen.Choose(1, 99)
                    from seed in Gen.Choose(0, 1000)
                    select (strata, percent / 100.0, seed);
        Prop.ForAll(input.ToArbitrary(), item =>
        {
            var (strata, fraction, seed) = item;
            var (kept, heldOut) = RowSplit.Stratified(strata, fraction, seed);
            CollectionAssert.AreEqual(Enumerable.Range(0, strata.Length).ToArray(), kept.Concat(heldOut).Order().ToArray());

            // What can be held out at most: all of the single rows, and all but one of the others, but never every row.
            int[] sizes = [.. strata.CountBy(stratum => stratum).Select(stratum => stratum.Value)];
            var most = Math.Min(sizes.Sum(size => Math.Max(1, size - 1)), Math.Max(0, strata.Length - 1));
            var asked = (int)Math.Round(strata.Length * fraction, MidpointRounding.AwayFromZero);
            Assert.HasCount(Math.Min(asked, most), heldOut);
            foreach (var (stratum, size) in strata.CountBy(stratum => stratum))
            {
                var count = heldOut.Count(row => strata[row] == stratum);
                Assert.IsTrue(size == 1 || count < size, $"{count} of {size} rows of a stratum");
                Assert.IsGreaterThanOrEqualTo((int)(size * fraction), count);
                if (fraction <= 0.5) // above, a stratum that must keep a row leaves more to the others
                    Assert.IsLessThanOrEqualTo((int)Math.Ceiling(size * fraction), count);
            }
        }).CheckSeeded();
    }
}
