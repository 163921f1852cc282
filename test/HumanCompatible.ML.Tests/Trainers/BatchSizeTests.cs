using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Trainers;

[TestClass]
public sealed class BatchSizeTests
{
    [TestMethod]
    [DataRow(10, 32)]
    [DataRow(512, 32)]
    [DataRow(3400, 212)]
    [DataRow(16_384, 512)]
    [DataRow(26_000, 520)]
    [DataRow(40_000, 800)]
    [DataRow(1_000_000, 1024)]
    public void BatchSizeFor_NoneGiven_FollowsTheRows(int rows, int expected)
        => Assert.AreEqual(expected, new ConstrainedBinaryClassificationTrainer.Options().BatchSizeFor(rows));

    [TestMethod]
    public void BatchSizeFor_OneGiven_IsThat()
        => Assert.AreEqual(7, new ConstrainedBinaryClassificationTrainer.Options { BatchSize = 7 }.BatchSizeFor(1_000_000));

    [TestMethod]
    [DataRow(null, 20_000, 256)]
    [DataRow(300, 20_000, 150)]
    [DataRow(1, 20_000, 1)]
    public void BatchSizeFor_Factor_IsOfTheOneGivenOrOfTheUsual(int? given, int rows, int expected)
        => Assert.AreEqual(expected,
            new ConstrainedBinaryClassificationTrainer.Options { BatchSize = given, BatchSizeFactor = 0.5 }.BatchSizeFor(rows));

    [TestMethod]
    [DataRow(10, 20)]
    [DataRow(63_000, 20)]
    [DataRow(100_000, 12)]
    [DataRow(400_000, 3)]
    [DataRow(1_000_000, 2)]
    [DataRow(int.MaxValue, 2)]
    public void NumberOfEpochsFor_NoneGiven_FollowsTheRows(int rows, int expected)
        => Assert.AreEqual(expected, new ConstrainedBinaryClassificationTrainer.Options().NumberOfEpochsFor(rows));

    [TestMethod]
    [DataRow(1023, 1)]
    [DataRow(1024, 2)]
    [DataRow(int.MaxValue, 2)]
    public void NumberOfWorkers_NoneGiven_FollowsTheBatch(int batchSize, int expected)
        => Assert.AreEqual(expected, TrainerDefaults.NumberOfWorkers(batchSize));

    [TestMethod]
    public void NumberOfEpochsFor_OneGiven_IsThat()
        => Assert.AreEqual(7, new ConstrainedBinaryClassificationTrainer.Options { NumberOfEpochs = 7 }.NumberOfEpochsFor(1_000_000));

    [TestMethod]
    public void BinaryClassification_OfNewOptions_NeedsNoTypeName()
    {
        var context = new MLContext(1);
        var trainer = context.Constrained().Trainers.BinaryClassification(
            new() { Constraints = [Fairness.DemographicParity("Sex", bound: 0.05)], NumberOfEpochs = 1, Seed = 1 });
        Assert.AreEqual(1, trainer.Fit(Census.View(context, 300)).Model.History.Count);
    }
}
