using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class MissingValuesTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.DefaultValue, 0f)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Mean, 3f)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Minimum, 0f)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Maximum, 8f)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Mode, 2f)]
    public void Scalar_IsReplacedByTheStatisticOfTheOthers(MissingValueReplacingEstimator.ReplacementMode mode, float expected)
    {
        var data = Samples.Column(ml, 2, float.NaN, 8, 2, 0);
        var view = ml.Transforms.ReplaceMissingValues("X", replacementMode: mode).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { 2f, expected, 8f, 2f, 0f }, Observed.Floats(view, "X"));
    }

    [TestMethod]
    public void Vector_BySlotOrAcrossSlots()
    {
        var data = Samples.Vectors(ml, [float.NaN, 1, 1, 1], [4, float.NaN, 1, 1], [8, 3, 1, 1]);
        var mode = MissingValueReplacingEstimator.ReplacementMode.Mean;
        var bySlot = ml.Transforms.ReplaceMissingValues("V", replacementMode: mode).Fit(data).Transform(data);
        var across = ml.Transforms.ReplaceMissingValues("V", replacementMode: mode, imputeBySlot: false).Fit(data).Transform(data);

        Samples.AssertClose([6, 1, 1, 1], Observed.FloatVectors(bySlot, "V")[0]);
        Samples.AssertClose([4, 2, 1, 1], Observed.FloatVectors(bySlot, "V")[1]);
        Samples.AssertClose([2.2, 1, 1, 1], Observed.FloatVectors(across, "V")[0]);
    }

    [TestMethod]
    public void AllMissing_MeanFallsBackToZero()
    {
        var data = Samples.Column(ml, float.NaN, float.NaN);
        var view = ml.Transforms.ReplaceMissingValues("X", replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { 0f, 0f }, Observed.Floats(view, "X"));
    }

    [TestMethod]
    public void Double_StaysDouble()
    {
        var data = Samples.MixedTable(ml);
        var view = ml.Transforms.ReplaceMissingValues("D", replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { 2d, 4d, 2d, 0d }, view.GetColumn<double>("D").ToArray());
    }

    [TestMethod]
    public void SeveralColumns_ByPairs()
    {
        var data = Samples.MixedTable(ml);
        var view = ml.Transforms.ReplaceMissingValues([new("Y", "X"), new("V")]).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { 1f, -3f, 0f, 5f }, Observed.Floats(view, "Y"));
        CollectionAssert.AreEqual(new[] { 0f, 0f, 5f }, Observed.FloatVectors(view, "V")[2]);
    }

    [TestMethod]
    public void TypesWithoutMissingValue_AreRefused()
    {
        var data = Samples.MixedTable(ml);
        foreach (var column in new[] { "N", "B", "T" })
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Transforms.ReplaceMissingValues(column).Fit(data));
            StringAssert.Contains(error.Message, "is not supported by NAReplaceTransform since it doesn't have an NA value");
        }
    }

    [TestMethod]
    public void IndicateMissingValues_IsTrueWhereMissing()
    {
        var data = Samples.MixedTable(ml);
        var view = ml.Transforms.IndicateMissingValues([new("XMissing", "X"), new("VMissing", "V")]).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { false, false, true, false }, view.GetColumn<bool>("XMissing").ToArray());
        CollectionAssert.AreEqual(new[] { true, false, false }, view.GetColumn<bool[]>("VMissing").ElementAt(2));
        Assert.IsTrue(view.Schema["XMissing"].IsNormalized());
    }

    [TestMethod]
    public void Promises_AreKept()
    {
        var data = Samples.MixedTable(ml);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.ReplaceMissingValues("V"), data);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.ReplaceMissingValues("Y", "X"), data);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.IndicateMissingValues("Y", "X"), data);
    }
}
