using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class TrainingFlatteryTests
{
    private static readonly FairnessConstraint Parity = Fairness.DemographicParity("G", 0.05);

    // Selected of 1,000 training rows and of 250 held-out ones in each group.
    [TestMethod]
    [DataRow(400, 400, 100, 100, 1.0)]
    [DataRow(400, 400, 104, 97, 1.0)]
    [DataRow(400, 400, 112, 88, 0.1)]
    [DataRow(400, 400, 125, 75, 0.01)]
    [DataRow(400, 400, 75, 125, 0.01)]
    [DataRow(450, 350, 100, 100, 1.0)]
    [DataRow(450, 350, 99, 101, 1.0)]
    [DataRow(450, 350, 80, 120, 0.01)]
    [DataRow(430, 370, 125, 75, 0.03)]
    public void WeightOfTraining_IsLittleWhereHeldOutRowsAreFurtherFromParityThanChance(int a, int b, int heldOutA, int heldOutB,
        double most)
    {
        var weight = Weight(Parity, [Selected(a, 1000), Selected(b, 1000)], [Selected(heldOutA, 250), Selected(heldOutB, 250)]);

        Assert.IsLessThanOrEqualTo(most, weight);
        Assert.IsGreaterThan(most == 1 ? 0.999 : most / 10, weight);
    }

    [TestMethod]
    public void WeightOfTraining_IsTheSquaredShareOfChance()
    {
        var weight = Weight(Parity, [Selected(400, 1000), Selected(400, 1000)], [Selected(125, 250), Selected(75, 250)]);

        double chance = 0.24 * 2 * ((1 / 1000.0) + (1 / 250.0)), gap = 0.2;
        Assert.AreEqual(Math.Pow(chance / (gap * gap), 2), weight, 1e-5);
    }

    [TestMethod]
    public void WeightOfTraining_OfManyGroups_LeavesMoreToChance()
    {
        int[][] training = [.. Enumerable.Repeat(Selected(400, 1000), 8)];
        int[][] heldOut = [Selected(112, 250), Selected(88, 250), .. Enumerable.Repeat(Selected(100, 250), 6)];

        Assert.AreEqual(1, Weight(Parity, training, heldOut));
        Assert.IsLessThan(0.2, Weight(Parity, training[..2], heldOut[..2]));
    }

    [TestMethod]
    public void WeightOfTraining_OfABoundOnARate_LooksAtTheSideOfTheBound()
    {
        var most = Fairness.RateAtMost(GroupMetric.SelectionRate, "G", 0.4);
        int[][] training = [Selected(400, 1000), Selected(200, 1000)];

        Assert.IsLessThan(0.2, Weight(most, training, [Selected(125, 250), Selected(50, 250)]));
        Assert.AreEqual(1, Weight(most, training, [Selected(75, 250), Selected(50, 250)]), "fewer than allowed");
    }

    [TestMethod]
    public void WeightOfTraining_OfWhatTrainingAlwaysFlatters_IsZero()
    {
        int[][] rows = [Selected(400, 1000), Selected(400, 1000)];

        Assert.AreEqual(0, Weight(Fairness.AccuracyParity("G", 0.1), rows, rows));
        Assert.AreEqual(0, Weight(Fairness.PredictiveParity("G", 0.1), rows, rows));
        Assert.AreEqual(1, Weight(Fairness.EqualizedOdds("G", 0.1), rows, rows));
    }

    [TestMethod]
    public void WeightOfTraining_WithoutARate_IsThatOfTheOthers()
    {
        int[][] training = [Selected(400, 1000), Selected(400, 1000), [0, 0, 0, 0]];

        Assert.IsLessThan(0.2, Weight(Parity, training, [Selected(140, 250), Selected(60, 250), Selected(3, 3)]));
        Assert.AreEqual(1, Weight(Parity, training, [Selected(100, 250), Selected(100, 250), Selected(3, 3)]));
    }

    private static double Weight(FairnessConstraint constraint, int[][] training, int[][] heldOut)
    {
        static CountedRates Rates(int[][] groups) => CountedRows.Of([.. groups.Select((own, group) => ($"{(char)('a' + group)}", own))]);
        return TrainingFlattery.WeightOfTraining(constraint, Rates(training), Rates(heldOut));
    }

    // TP, FP, TN, FN, half of each prediction right.
    private static int[] Selected(int selected, int rows)
        => [selected / 2, selected - (selected / 2), (rows - selected) / 2, rows - selected - ((rows - selected) / 2)];
}
