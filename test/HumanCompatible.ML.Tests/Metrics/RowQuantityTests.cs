using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Metrics;

[TestClass]
public sealed class RowQuantityTests
{
    private static readonly double[] Outcomes = [1, 10, 100, 1000];

    // The sum over true positives 1, false positives 10, true negatives 100 and false negatives 1000 says which of them count.
    [TestMethod]
    [DataRow((int)RowQuantity.TruePositive, 1.0)]
    [DataRow((int)RowQuantity.FalsePositive, 10.0)]
    [DataRow((int)RowQuantity.TrueNegative, 100.0)]
    [DataRow((int)RowQuantity.FalseNegative, 1000.0)]
    [DataRow((int)RowQuantity.Positive, 1001.0)]
    [DataRow((int)RowQuantity.Negative, 110.0)]
    [DataRow((int)RowQuantity.PredictedPositive, 11.0)]
    [DataRow((int)RowQuantity.PredictedNegative, 1100.0)]
    [DataRow((int)RowQuantity.Correct, 101.0)]
    [DataRow((int)RowQuantity.Incorrect, 1010.0)]
    [DataRow((int)RowQuantity.All, 1111.0)]
    public void SumOf_OfACount_AddsItsOutcomes(int code, double sum)
    {
        var quantity = (RowQuantity)code;
        Assert.AreEqual(sum, quantity.SumOf(Outcomes));
        Assert.IsTrue(quantity.IsCount);

        double byRow = 0;
        foreach (var label in new[] { false, true })
        {
            foreach (var prediction in new[] { false, true })
                byRow += quantity.Counts(label, prediction) ? Outcomes[Outcome.IndexOf(label, prediction)] : 0;
        }

        Assert.AreEqual(sum, byRow);
    }

    [TestMethod]
    public void IndexOf_ALabelAndAPrediction_IsThePlaceOfTheOutcome()
        => Assert.AreEqual((0, 1, 2, 3),
            (Outcome.IndexOf(true, true), Outcome.IndexOf(false, true), Outcome.IndexOf(false, false), Outcome.IndexOf(true, false)));

    [TestMethod]
    [DataRow((int)RowQuantity.Loss, "Loss")]
    [DataRow((int)RowQuantity.Prediction, "Prediction")]
    [DataRow((int)RowQuantity.Residual, "Residual")]
    public void SumOf_OfValues_IsAnError(int code, string name)
    {
        var quantity = (RowQuantity)code;
        Assert.IsFalse(quantity.IsCount);
        Assert.AreEqual($"{name} is not a count of outcomes.",
            Assert.ThrowsExactly<InvalidOperationException>(() => quantity.SumOf(Outcomes)).Message);
    }

    [TestMethod]
    public void CountsAll_OfALabel_IsWhateverIsPredicted()
    {
        RowQuantity[] ofPositives = [RowQuantity.Positive, RowQuantity.All], ofNegatives = [RowQuantity.Negative, RowQuantity.All];
        foreach (var quantity in Enum.GetValues<RowQuantity>())
        {
            Assert.AreEqual(ofPositives.Contains(quantity), quantity.CountsAll(label: true), $"{quantity}");
            Assert.AreEqual(ofNegatives.Contains(quantity), quantity.CountsAll(label: false), $"{quantity}");
        }
    }

    [TestMethod]
    public void IsKnownFromLabels_IsOfTheLabelsAlone()
        => CollectionAssert.AreEquivalent(new[] { RowQuantity.Positive, RowQuantity.Negative, RowQuantity.All },
            Enum.GetValues<RowQuantity>().Where(quantity => quantity.IsKnownFromLabels).ToArray());

    [TestMethod]
    public void IsOfBothClasses_StaysWhenTheClassesChangePlaces()
        => CollectionAssert.AreEquivalent(
            new[]
            {
                RowQuantity.Correct, RowQuantity.Incorrect, RowQuantity.All, RowQuantity.Loss, RowQuantity.Prediction, RowQuantity.Residual,
            },
            Enum.GetValues<RowQuantity>().Where(quantity => quantity.IsOfBothClasses).ToArray());
}
