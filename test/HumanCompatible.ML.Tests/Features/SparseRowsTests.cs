using FsCheck.Fluent;
using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Tests.Features;

[TestClass]
public sealed class SparseRowsTests
{
    // Input 0 is the first slot as it is, 1 to 4 are its bins.
    private static readonly FeatureEncoder OneRun
        = new([new SlotEncoding(0, 1, [], [0, 1, 2, 3, 4]), .. Enumerable.Repeat(SlotEncoding.Identity, 7)]);

    [TestMethod]
    public void Encode_Bins_AreTheirSumAndTheFraction()
    {
        var rows = OneRun.Sparse(2.25f, 0, 0, 0, 0, 0, 0, 0)!;
        Assert.AreEqual(16, rows.ColumnCount);
        CollectionAssert.AreEqual(new[] { 0, 12 + 1, 3 }, rows.Columns(0).ToArray());
        CollectionAssert.AreEqual(new[] { 2.25f, 1f, 0.25f }, rows.Values(0).ToArray());
    }

    [TestMethod]
    public void Encode_FullAndEmptyBins_TakeOneEntryAndNone()
    {
        var sparse = OneRun.Sparse(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2)!;
        CollectionAssert.AreEqual(new[] { 0, 12 + 3 }, sparse.Columns(0).ToArray());
        CollectionAssert.AreEqual(new[] { 11 }, sparse.Columns(1).ToArray());
        Assert.AreEqual(2, sparse.Count);
    }

    [TestMethod]
    public void Encode_RowsThatAreHardlyZero_IsNull() => Assert.IsNull(
        new FeatureEncoder([.. Enumerable.Repeat(SlotEncoding.Identity, 4)]).Sparse(1, 2, 0, 4, 5, 6, 7, 8));

    [TestMethod]
    public void Encode_AgainWithFewerRows_TakesTheirPlace()
    {
        var table = new TrainingRows(OneRun, FeatureTable.Of([2.25f, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 2], 8), [0, 1],
            new float[2], null, []);
        var rows = new SparseRows(OneRun);
        table.Encode([0, 1, 0], rows);
        table.Encode([1], rows);
        Assert.AreEqual(1, rows.Count);
        CollectionAssert.AreEqual(new[] { 0, 12 + 3, 11 }, rows.Columns(0).ToArray());
    }

    [TestMethod]
    public void Entries_OfAnyEncodedRow_MakeUpTheRow()
    {
        Prop.ForAll<float[]>(values =>
        {
            float[] features = [.. values.Where(float.IsFinite), 0, 1, 2, 3, 4, 5];
            var encoder = FeatureEncoder.Fit(new() { MaximumBins = 40, MaximumDirectValues = 3, DominantShare = 0.3 }, features, 1);
            var inputs = encoder.Encode(features, features.Length);
            if (encoder.Sparse(features) is not { } sparse)
                return;
            for (var row = 0; row < features.Length; row++)
            {
                var back = new float[encoder.OutputCount];
                foreach (var (column, value) in sparse.Columns(row).ToArray().Zip(sparse.Values(row).ToArray()))
                {
                    if (column < back.Length)
                        back[column] += value;
                    for (var bin = 0; bin <= column - back.Length; bin++)
                        back[encoder.Bins[0].Start + bin] += value;
                }

                CollectionAssert.AreEqual(inputs.AsSpan(row * back.Length, back.Length).ToArray(), back);
            }
        }).CheckSeeded();
    }
}
