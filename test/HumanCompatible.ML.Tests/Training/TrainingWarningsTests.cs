using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class TrainingWarningsTests
{
    private const string Driver = " After the last epoch the multiplier of Parity: b - a <= 0.1 was the largest, 1.235.";

    [TestMethod]
    public void Of_AGoodModelOfALateEpoch_IsNone()
        => Assert.IsEmpty(Of(positive: 0.4, bestEpoch: 7));

    [TestMethod]
    [DataRow(0.009, "The model is nearly constant: it predicts negative for 99.1% of the training rows.")]
    [DataRow(0.0, "The model is nearly constant: it predicts negative for 100% of the training rows.")]
    [DataRow(0.995, "The model is nearly constant: it predicts positive for 99.5% of the training rows.")]
    public void Of_NearlyConstantPredictions_SaysWhichAreRareAndWhatDrivesThem(double positive, string expected)
        => CollectionAssert.AreEqual(new[] { expected + Driver }, Of(positive, bestEpoch: 7));

    [TestMethod]
    [DataRow(0.01)]
    [DataRow(0.99)]
    public void Of_AHundredthOfTheOtherPrediction_IsNone(double positive) => Assert.IsEmpty(Of(positive, bestEpoch: 7));

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Of_AnEpochAmongTheFirst_SaysWhichAndWhatDrivesIt(int epoch)
        => CollectionAssert.AreEqual(
            new[] { $"The model is that of epoch {epoch} of 10: later ones were no better by their errors plus what the bounds "
                + $"with their margins are exceeded by.{Driver}" },
            Of(positive: 0.4, epoch));

    [TestMethod]
    public void Of_TheFourthEpochOrAFewEpochs_IsNone()
    {
        Assert.IsEmpty(Of(positive: 0.4, bestEpoch: 4));
        Assert.IsEmpty(Of(positive: 0.4, bestEpoch: 1, epochs: 9));
    }

    [TestMethod]
    public void Of_AnEpochAmongTheFirstWithoutConstraints_IsNone()
        => Assert.IsEmpty(Of(positive: 0.4, bestEpoch: 1, multipliers: []));

    [TestMethod]
    public void Of_MultipliersThatAreZero_NamesNone()
        => CollectionAssert.AreEqual(new[] { "The model is nearly constant: it predicts negative for 100% of the training rows." },
            Of(positive: 0, bestEpoch: 7, multipliers: [0, 0]));

    [TestMethod]
    public void Of_NoCandidate_IsNone()
        => Assert.IsEmpty(TrainingWarnings.Of(new TrainingOutcome(TrainingEnd.Canceled, 1, 1, TrainingRecord.Empty), [], true));

    [TestMethod]
    [DataRow(new[] { 0.02, 0.0123 }, "at most 0.02")]
    [DataRow(new[] { 0.0, 0.0994 }, "at most 0.099")]
    [DataRow(new[] { 0.0, 0.0002 }, "less than 0.001")]
    [DataRow(new[] { 0.1, 0.05 }, null)]
    [DataRow(new[] { 0.0, 0.0 }, null)]
    [DataRow(null, null)]
    public void Of_TrainingRowsThatCountForLittle_SaysWhatTheyAndTheOthersHave(double[]? weights, string? most)
    {
        FairnessConstraint[] constraints = [Fairness.DemographicParity("G", 0.1)];
        using EncodedRows training = Rows([0, 0, 0, 1, 1, 1], constraints), validation = Rows([0, 0, 1, 1], constraints);
        var best = new TrainedCandidate(7, new NetworkWeights([]), null, [9, 9], new Evaluation(0.5, 0.8, [], [], []));
        var summary = new ConstraintSummary(constraints[0].Name, 0.1, false, Verdict.Kept, 0.05, ConfidenceInterval.Undefined, 10, 0.0123,
            double.NaN)
        {
            TrainingWeights = weights,
        };

        string[] told = [.. TrainingWarnings.Of(new TrainingOutcome(TrainingEnd.Finished, 9, 0, new TrainingRecord(best, [], null))
        {
            OnTraining = Measurement.Of([1, 1, -1, 1, -1, 1], training),
            OnValidation = Measurement.Of([1, 1, -1, 1], validation),
        }, [summary], true)];

        CollectionAssert.AreEqual(most is null ? [] : new[]
        {
            "DemographicParity(G) is 0.0123 on the training rows and not defined on the validation rows: in what is said of it "
                + $"a training row counts as {most} rows, as the network may have come to it by heart. More rows, fewer epochs or "
                + "a looser bound would tell more.",
        }, told);
    }

    // A tenth of the labels is positive, 900 rows are right by predicting none.
    [TestMethod]
    [DataRow(3, null)]
    [DataRow(2, "On the validation rows the model does worse than always predicting the same: accuracy 0.6000 beside 0.9000.")]
    public void Of_AModelThatIsRightLessOftenThanTheMajorityClass_SaysSo(int every, string? expected)
    {
        using var rows = new EncodedRows(new TrainingRows(new float[1000], 1,
            [.. Enumerable.Range(0, 1000).Select(row => row % 10 == 0 ? 1f : 0)], null, []), [], torch.CPU);
        var best = new TrainedCandidate(7, new NetworkWeights([]), null, [9, 9], new Evaluation(0.5, 0.8, [], [], []));
        var summary = new ConstraintSummary("one", 0.1, false, Verdict.Kept, 0.05, ConfidenceInterval.Undefined, 10, 0.01, 0.02);
        float[] outputs = [.. Enumerable.Range(0, 1000).Select(row => row % 10 == 0 || (every == 2 && row % 2 == 0) ? 1f : -1)];
        var outcome = new TrainingOutcome(TrainingEnd.Finished, 9, 0, new TrainingRecord(best, [], null))
        {
            OnTraining = Measurement.Of(outputs, rows),
            OnValidation = Measurement.Of(outputs, rows),
        };

        CollectionAssert.AreEqual(expected is null ? [] : new[] { expected }, TrainingWarnings.Of(outcome, [summary], true).ToArray());
        Assert.IsEmpty(TrainingWarnings.Of(outcome, [], true), "without constraints nothing else could have been meant");
    }

    // What makes training rows count for little is then not that they flatter.
    [TestMethod]
    [DataRow(false, 0.02, 0.03, 1)]
    [DataRow(false, 0.03, 0.02, 0)]
    [DataRow(true, 0.9, 0.85, 1)]
    [DataRow(true, 0.85, 0.9, 0)]
    public void Of_TrainingRowsThatCountForLittle_SaysSoWhereTheyAreNearerToParity(bool isLower, double own, double other, int expected)
    {
        using var rows = Rows([0, 0, 1, 1], [Fairness.DemographicParity("G", 0.1)]);
        var best = new TrainedCandidate(7, new NetworkWeights([]), null, [9, 9], new Evaluation(0.5, 0.8, [], [], []));
        var summary = new ConstraintSummary("one", 0.1, isLower, Verdict.Kept, 0.05, ConfidenceInterval.Undefined, 10, own, other)
        {
            TrainingWeights = [0.01, 0.02],
        };

        Assert.HasCount(expected, TrainingWarnings.Of(new TrainingOutcome(TrainingEnd.Finished, 9, 0, new TrainingRecord(best, [], null))
        {
            OnTraining = Measurement.Of([1, 1, -1, 1], rows),
            OnValidation = Measurement.Of([-1, 1, -1, 1], rows),
        }, [summary], true));
    }

    [TestMethod]
    public void OfMissed_WhereOtherEpochsWereWithinTheBounds_NamesTheMostAccurateAndWhatPutsTheBoundsFirst()
    {
        FairnessConstraint[] constraints = [Fairness.DemographicParity("G", 0.1), Fairness.DisparateImpact("G", 0.8)];
        string[] Of(params (double Accuracy, double Parity, double Ratio)[] epochs)
        {
            var history = epochs.Select((one, index)
                => new EpochHistory(index + 1, 0.5, 0.5, one.Accuracy, [one.Parity, one.Ratio], [0, 0]));
            var best = new TrainedCandidate(3, new NetworkWeights([]), null, [0, 0], new Evaluation(0.5, 0.8, [], [], []));
            var record = new TrainingRecord(best, [.. history], null);
            return [.. TrainingWarnings.OfMissed(new TrainingOutcome(TrainingEnd.Finished, 9, 0, record), constraints)];
        }

        CollectionAssert.AreEqual(new[]
        {
            "The model is that of epoch 3, which misses a bound. In 2 of 5 epochs every statistic was within its bound, best in epoch 4: "
                + "accuracy 0.7000 beside 0.8000. The epoch is chosen by its errors plus what a bound with its margin is exceeded by; "
                + "GroupOptions.Unmeasurable = Hold puts the bounds first.",
        }, Of((0.6, 0, 1), (0.9, 0.05, 0.7), (0.8, 0.2, 0.9), (0.7, 0.1, 0.8), (0.75, double.NaN, 0.9)));
        Assert.IsEmpty(Of((0.6, 0.2, 1), (0.9, 0.05, 0.7)));
    }

    // Multipliers that hardly grow: the first epochs, of a few steps each, predict nearly constantly.
    [TestMethod]
    public void Fit_ThatMissesABoundOthersEpochsKeep_SaysSo()
    {
        var context = new MLContext(1);
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.12));
        options.DualOptimizer = new InexactAugmentedLagrangianOptions { Beta = 1e-6, Gamma = 1e-6, Penalty = 0 };
        (options.NumberOfEpochs, options.WeightAveragingEpochs, options.BatchSize) = (8, 0, 400);

        var summary = context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 2000)).Model.Summary;

        Assert.AreEqual(Verdict.Missed, summary.Verdict, summary.ToString());
        Assert.IsTrue(summary.Warnings.Any(warning => warning.Contains("every statistic was within its bound", StringComparison.Ordinal)),
            summary.ToString());
        options.Groups.Unmeasurable = UnmeasurableGroups.Hold;
        var held = context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 2000)).Model.Summary;
        Assert.IsLessThan(0.12, held.Constraints[0].Value, "and what is said puts the bounds first");
        Assert.IsFalse(held.Warnings.Any(warning => warning.Contains("every statistic was within its bound", StringComparison.Ordinal)));
    }

    private static EncodedRows Rows(int[] groups, FairnessConstraint[] constraints) => new(new TrainingRows(new float[groups.Length], 1,
        [.. groups.Select((_, row) => (float)(row % 2))], null,
        [new GroupPartition(["G"], groups, ["a", "b"], [groups.Count(group => group == 0), groups.Sum()])]), constraints, torch.CPU);

    private static string[] Of(double positive, int bestEpoch, int epochs = 10, double[]? multipliers = null)
    {
        const int Count = 1000;
        multipliers ??= [0.5, 1.2346];
        using var rows = new EncodedRows(new TrainingRows(new float[Count], 1,
            [.. Enumerable.Range(0, Count).Select(row => row % 2 == 0 ? 1f : 0)], null, []), [], torch.CPU);
        var history = Enumerable.Range(1, epochs).Select(epoch => new EpochHistory(epoch, 0.5, 0.5, 0.8, [0.1],
            epoch == epochs ? multipliers : [9, 0]));
        var best = new TrainedCandidate(bestEpoch, new NetworkWeights([]), null, [9, 9], new Evaluation(0.5, 0.8, [], [], []));
        return [.. TrainingWarnings.Of(new TrainingOutcome(TrainingEnd.Finished, epochs, 0, new TrainingRecord(best, [.. history], null))
        {
            OnTraining = Measurement.Of([.. Enumerable.Range(0, Count).Select(row => row < positive * Count ? 1f : -1)], rows),
            MultiplierNames = [.. new[] { "Parity: a - b <= 0.1", "Parity: b - a <= 0.1" }.Take(multipliers.Length)
                .Select(inequality => ("Parity", inequality))],
        }, [], true)];
    }
}
