using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>The weight decay that follows from the number of training rows.</summary>
[TestClass]
public sealed class WeightDecayTests
{
    private const int Rows = 600;
    private const double DecayOfTheTrainingRows = 5;

    [TestMethod]
    [DataRow(1, 5)]
    [DataRow(800, 5)]
    [DataRow(1000, 4)]
    [DataRow(3999, 4000.0 / 3999)]
    [DataRow(4000, 2)]
    [DataRow(40_000, 2)]
    public void WeightDecayFor_NoneGiven_FollowsTheRows(int rows, double expected)
        => Assert.AreEqual(expected, new ConstrainedBinaryClassificationTrainer.Options().WeightDecayFor(rows));

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.25)]
    public void WeightDecayFor_OneGiven_IsThat(double decay)
    {
        var options = new ConstrainedBinaryClassificationTrainer.Options();
        options.Optimizer.WeightDecay = decay;
        Assert.AreEqual(decay, options.WeightDecayFor(800));
    }

    [TestMethod]
    public void WeightDecayFor_UnderConstraints_IsNone() => Assert.AreEqual(0, new ConstrainedBinaryClassificationTrainer.Options
    {
        Constraints = [Fairness.DemographicParity("Sex", 0.1)],
    }.WeightDecayFor(800));

    [TestMethod]
    public void WeightDecayFor_VeryManyInputs_IsFiveOfTheDefaultNetwork_AlsoUnderConstraints()
    {
        foreach (var constraints in new FairnessConstraint[][] { [], [Fairness.DemographicParity("Sex", 0.1)] })
        {
            var options = new ConstrainedBinaryClassificationTrainer.Options { Constraints = constraints };
            Assert.AreEqual(5, options.WeightDecayFor(20_000, isWide: true));
            options.Network = Network.Linear();
            Assert.AreEqual(0, options.WeightDecayFor(800, isWide: true));
        }
    }

    [TestMethod]
    public void WeightDecayFor_AnotherNetwork_IsNone()
    {
        Assert.AreEqual(0, new ConstrainedBinaryClassificationTrainer.Options { Network = Network.Linear() }.WeightDecayFor(800));
        Assert.AreEqual(0,
            new ConstrainedBinaryClassificationTrainer.Options { Network = Network.MultilayerPerceptron(8) }.WeightDecayFor(800));
        Assert.AreEqual(0, new ConstrainedBinaryClassificationTrainer.Options { Network = UserNetworks.Linear }.WeightDecayFor(800));
    }

    [TestMethod]
    public void Fit_NoneGiven_TrainsWithThatOfTheTrainingRows()
    {
        var byDefault = Weights(null);

        CollectionAssert.AreEqual(Weights(DecayOfTheTrainingRows), byDefault);
        CollectionAssert.AreNotEqual(Weights(0), byDefault);
    }

    // The rate follows from the rows: .0015, and .003 of inputs with learned factors.
    [TestMethod]
    public void Fit_DecayTooLargeForTheRateOfTheRows_Throws()
    {
        var context = new MLContext(1);
        var options = new ConstrainedBinaryClassificationTrainer.Options { NumberOfEpochs = 1 };
        options.Optimizer.WeightDecay = 400;
        var trainer = context.Constrained().Trainers.BinaryClassification(options);

        Assert.IsNotNull(trainer.Fit(Census.View(context, 500)));
        var problem = Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(Census.View(context, 6000)));

        Assert.Contains("do not suit 4800 training rows:", problem.Message);
        Assert.Contains("Optimizer.WeightDecay times LearningRate 0.003 must be below 1, got 1.2.", problem.Message);
    }

    private static byte[] Weights(double? decay)
    {
        var context = new MLContext(1);
        var options = Workout.Small();
        (options.Network, options.ValidationFraction, options.Constraints) = (Network.MultilayerPerceptron(64, 64), 0.2, []);
        options.Optimizer.WeightDecay = decay;
        var train = Census.View(context, Rows);
        return ModelArchive.Save(context, context.Constrained().Trainers.BinaryClassification(options).Fit(train), train.Schema)
            [ModelArchive.Weights];
    }
}
