using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class NormalizationTests
{
    private readonly MLContext ml = new(seed: 1);

    private float[] Scaled(NormalizingEstimator estimator, params float[] values)
    {
        var data = Samples.Column(ml, values);
        return Observed.Floats(estimator.Fit(data).Transform(data), "X");
    }

    [TestMethod]
    public void MeanVariance_FixZero_DividesByTheRootMeanSquare()
    {
        // 1, -3, 5: mean of squares 35/3.
        double scale = 1 / Math.Sqrt(35 / 3d);
        Samples.AssertClose([scale, -3 * scale, 5 * scale], Scaled(ml.Transforms.NormalizeMeanVariance("X"), 1, -3, 5));
    }

    [TestMethod]
    public void MeanVariance_WithoutFixZero_SubtractsTheMeanAndDividesByThePopulationDeviation()
    {
        // 1, -3, 5: mean 1, population variance 32/3.
        double deviation = Math.Sqrt(32 / 3d);
        Samples.AssertClose([0, -4 / deviation, 4 / deviation], Scaled(ml.Transforms.NormalizeMeanVariance("X", fixZero: false), 1, -3, 5));
    }

    [TestMethod]
    public void MeanVariance_ZerosCountAsValues()
    {
        double deviation = Math.Sqrt(3);
        Samples.AssertClose([-1 / deviation, -1 / deviation, -1 / deviation, 3 / deviation],
            Scaled(ml.Transforms.NormalizeMeanVariance("X", fixZero: false), 0, 0, 0, 4));
    }

    [TestMethod]
    public void MeanVariance_NaN_IsLeftOutOfTheStatisticsAndStaysNaN() =>
        Samples.AssertClose([-1, double.NaN, 1], Scaled(ml.Transforms.NormalizeMeanVariance("X", fixZero: false), 2, float.NaN, 6));

    [TestMethod]
    public void MinMax_FixZero_DividesByTheLargestMagnitude() =>
        Samples.AssertClose([0.2, -0.6, 1], Scaled(ml.Transforms.NormalizeMinMax("X"), 1, -3, 5));

    [TestMethod]
    public void MinMax_WithoutFixZero_MapsTheRangeToZeroOne() =>
        Samples.AssertClose([0.5, 0, 1, double.NaN], Scaled(ml.Transforms.NormalizeMinMax("X", fixZero: false), 1, -3, 5, float.NaN));

    [TestMethod]
    public void ConstantColumn_BecomesZero()
    {
        Samples.AssertClose([0, 0, 0], Scaled(ml.Transforms.NormalizeMeanVariance("X"), 7, 7, 7));
        Samples.AssertClose([0, 0, 0], Scaled(ml.Transforms.NormalizeMeanVariance("X", fixZero: false), 7, 7, 7));
        Samples.AssertClose([0, 0, 0], Scaled(ml.Transforms.NormalizeMinMax("X"), 7, 7, 7));
        Samples.AssertClose([0, 0, 0], Scaled(ml.Transforms.NormalizeMinMax("X", fixZero: false), 7, 7, 7));
    }

    [TestMethod]
    public void Vector_EverySlotByItself()
    {
        var data = Samples.Vectors(ml, [1, 0, 10, 3], [-3, 0, 20, 3], [5, 0, 0, 3]);
        var view = ml.Transforms.NormalizeMeanVariance("V", fixZero: false).Fit(data).Transform(data);
        double first = Math.Sqrt(32 / 3d), third = Math.Sqrt(200 / 3d);
        Samples.AssertClose([0, 0, 0, 0], Observed.FloatVectors(view, "V")[0]);
        Samples.AssertClose([-4 / first, 0, 10 / third, 0], Observed.FloatVectors(view, "V")[1]);
        Samples.AssertClose([4 / first, 0, -10 / third, 0], Observed.FloatVectors(view, "V")[2]);
    }

    [TestMethod]
    public void SparseVector_StaysSparseWithFixZeroAndCountsItsZeros()
    {
        using var file = new TextFile("4,,,", ",,,", ",,,8", ",,,");
        var data = ml.Data.LoadFromTextFile(file.Path, [new TextLoader.Column("V", DataKind.Single, 0, 3)], ',');
        var view = ml.Transforms.NormalizeMeanVariance("V").Fit(data).Transform(data);

        Assert.IsFalse(view.GetColumn<VBuffer<float>>("V").First().IsDense);
        Samples.AssertClose([2, 0, 0, 0], Observed.FloatVectors(view, "V")[0]);
        Samples.AssertClose([0, 0, 0, 2], Observed.FloatVectors(view, "V")[2]);
        var shifted = ml.Transforms.NormalizeMinMax("V", fixZero: false).Fit(data).Transform(data);
        Samples.AssertClose([1, 0, 0, 0], Observed.FloatVectors(shifted, "V")[0]);
    }

    [TestMethod]
    public void Double_StaysDouble()
    {
        var data = Samples.MixedTable(ml);
        var view = ml.Transforms.NormalizeMinMax("D").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { 0.5, 1, double.NaN, 0 }, view.GetColumn<double>("D").ToArray());
    }

    [TestMethod]
    public void Output_SaysItIsNormalizedAndKeepsSlotNames()
    {
        var data = Samples.MixedTable(ml);
        var pipeline = ml.Transforms.Concatenate("F", "X", "V").Append(ml.Transforms.NormalizeMeanVariance("F"));
        var view = pipeline.Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "IsNormalized", "SlotNames" }, Observed.AnnotationNames(view, "F"));
        Assert.IsTrue(view.Schema["F"].IsNormalized());
        Assert.AreEqual("X", Observed.SlotNames(view, "F")[0]);
    }

    [TestMethod]
    public void ModelParameters_ShowScaleAndOffset()
    {
        var model = ml.Transforms.NormalizeMinMax("X", fixZero: false).Fit(Samples.Column(ml, 1, -3, 5));
        var affine = (NormalizingTransformer.AffineNormalizerModelParameters<float>)model.GetNormalizerModelParameters(0);
        Assert.AreEqual(0.125f, affine.Scale);
        Assert.AreEqual(-3f, affine.Offset);
    }

    [TestMethod]
    public void MaximumExampleCount_LimitsWhatIsLookedAt()
    {
        var data = Samples.Column(ml, 1, 2, 100);
        var view = ml.Transforms.NormalizeMinMax("X", maximumExampleCount: 2).Fit(data).Transform(data);
        Samples.AssertClose([0.5, 1, 50], Observed.Floats(view, "X"));
    }

    [TestMethod]
    public void SeveralColumns_ByPairs()
    {
        var data = Samples.MixedTable(ml);
        var view = ml.Transforms.NormalizeMinMax([new("A", "X"), new("V")]).Fit(data).Transform(data);
        Samples.AssertClose([0.2, -0.6, double.NaN, 1], Observed.Floats(view, "A"));
        Samples.AssertClose([1 / 3d, 0, -0.8], Observed.FloatVectors(view, "V")[0]);
    }

    [TestMethod]
    public void WrongType_IsASchemaError()
    {
        var data = Samples.MixedTable(ml);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Transforms.NormalizeMinMax("T").GetOutputSchema(SchemaProbe.ShapeOf(data))).Message,
            "Schema mismatch for input column 'T': expected vector or scalar of Single or Double, got String");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Transforms.NormalizeMinMax("Nope").Fit(data)).Message,
            "Could not find input column 'Nope'");
    }

    [TestMethod]
    public void Promises_AreKept()
    {
        var data = Samples.MixedTable(ml);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.NormalizeMeanVariance("X"), data);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.NormalizeMinMax("Out", "V"), data);
    }
}
