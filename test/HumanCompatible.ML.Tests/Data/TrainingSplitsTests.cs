using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Trainers;

namespace HumanCompatible.ML.Tests.Data;

[TestClass]
public sealed class TrainingSplitsTests
{
    private static readonly FairnessConstraint Parity = Fairness.DemographicParity("Group", 0.1);

    [TestMethod]
    public void Split_ManyTinyGroups_StillHoldsOutTheFraction()
    {
        // 150 groups of two rows, one of each class: a fifth of one row is none.
        var table = Table(300, row => row / 2, row => row % 2);

        var data = TrainingSplits.Split(table, Settings(0.2, Parity));

        Assert.AreEqual((240, 60), (data.Training.Count, data.Validation.Count));
    }

    [TestMethod]
    public void Split_RowsOfWeightZero_AreHeldOutInProportion()
    {
        // Nine rows of ten count for nothing: by chance the held-out rows might have none that counts.
        var table = Table(200, row => row % 2, row => row / 2 % 2, row => row < 20 ? 1 : 0);

        for (var seed = 0; seed < 20; seed++)
        {
            var data = TrainingSplits.Split(table, Settings(0.2, Parity) with { Seed = seed });
            Assert.AreEqual((40, 4f), (data.Validation.Count, data.Validation.Weights!.Sum()), $"seed {seed}");
        }
    }

    [TestMethod]
    public void Split_NoHeldOutRowThatCounts_IsAnErrorThatSaysSo()
    {
        // Only one row of each class counts.
        var table = Table(40, _ => 0, row => row % 2, row => row < 2 ? 1 : 0);

        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => TrainingSplits.Split(table, Settings(0.2, Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0.9))));

        Assert.AreEqual("8 rows of the validation data, all of weight 0: give more rows of positive weight.", error.Message);
    }

    [TestMethod]
    public void Pair_ColumnThatNamesRows_IsRefusedInTheTrainingDataOnly()
    {
        var groups = Table(200, row => row % 25, row => row / 25 % 2);
        var rows = Table(30, row => row % 25, row => row % 2, first: 200);

        Assert.AreEqual(30, TrainingSplits.Pair(groups, rows, Settings(0, Parity)).Validation.Count);
        Assert.AreEqual("Group column 'Group' has 25 different values in 30 rows; a group column must name groups, not rows.",
            Assert.ThrowsExactly<InvalidOperationException>(() => TrainingSplits.Pair(rows, groups, Settings(0, Parity))).Message);
    }

    private static SplitSettings Settings(double fraction, params FairnessConstraint[] constraints)
        => TrainingSetup.Splits(new ConstrainedBinaryClassificationTrainer.Options
        {
            Constraints = constraints,
            ValidationFraction = fraction,
            FeatureEncoding = FeatureEncoding.None,
        }, null, 1);

    private static RawTable Table(int count, Func<int, int> group, Func<int, int> label, Func<int, float>? weight = null,
        int first = 0)
    {
        int[] rows = [.. Enumerable.Range(0, count)], codes = [.. rows.Select(group)];
        return new RawTable(
            FeatureTable.Of(Array.ConvertAll(rows, row => (float)(first + row)), 1), Array.ConvertAll(rows, row => (float)label(row)),
            weight is null ? null : [.. rows.Select(weight)], new Dictionary<string, GroupColumn>
            {
                ["Group"] = new("Group", codes, [.. Enumerable.Range(0, codes.Max() + 1).Select(code => $"g{code:000}")]),
            });
    }
}
