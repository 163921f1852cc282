using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class RegressionEvaluationTests
{
    private const double Tolerance = 1e-6;
    private readonly MLContext ml = new(seed: 1);

    private sealed class Row
    {
        public float Label { get; set; }

        public float Score { get; set; }

        public bool Flag { get; set; }
    }

    private IDataView Rows(params (float Label, float Score)[] rows) =>
        ml.Data.LoadFromEnumerable(rows.Select(row => new Row { Label = row.Label, Score = row.Score }));

    [TestMethod]
    public void Evaluate_ComputesTheFourErrorsAndRSquared()
    {
        var metrics = ml.Regression.Evaluate(Rows((1, 2), (2, 2), (4, 1), (8, 9)));
        Assert.AreEqual(5 / 4d, metrics.MeanAbsoluteError, Tolerance);
        Assert.AreEqual(11 / 4d, metrics.MeanSquaredError, Tolerance);
        Assert.AreEqual(Math.Sqrt(11 / 4d), metrics.RootMeanSquaredError, Tolerance);
        Assert.AreEqual(11 / 4d, metrics.LossFunction, Tolerance);
        Assert.AreEqual(1 - (11 / (85 - (225 / 4d))), metrics.RSquared, Tolerance);
    }

    [TestMethod]
    public void RowsWithNaN_AreLeftOut()
    {
        var metrics = ml.Regression.Evaluate(Rows((1, 2), (float.NaN, 2), (2, float.NaN), (3, 3)));
        Assert.AreEqual(0.5, metrics.MeanAbsoluteError, Tolerance);
    }

    [TestMethod]
    public void ConstantLabel_HasNoRSquared() => Assert.IsTrue(double.IsNaN(ml.Regression.Evaluate(Rows((1, 2), (1, 3))).RSquared));

    [TestMethod]
    public void WrongTypes_AreNamed()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Regression.Evaluate(Rows((1, 2)), "Flag")).Message,
            "Schema mismatch for label column 'Flag': expected Single, got Boolean");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Regression.Evaluate(Rows((1, 2)), "Label", "Flag")).Message,
            "Schema mismatch for score column 'Flag': expected Single, got Boolean");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Regression.Evaluate(Rows((1, 2)), "Nope")).Message,
            "Nope column 'Label' not found");
    }
}
