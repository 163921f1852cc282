using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>
/// Bounds of how well a model predicts, of rows that can be learned by heart but tell nothing of others: their labels are tossed.
/// </summary>
[TestClass]
public sealed class HeldOutVerdictTests
{
    private static readonly FairnessConstraint[] Constraints =
    [
        Fairness.BoundedGroupLoss("Sex", 0.65), Fairness.RateAtMost(GroupMetric.ErrorRate, "Sex", 0.4),
        Fairness.AccuracyParity("Sex", 0.5), Fairness.DemographicParity("Sex", 0.5),
    ];

    [TestMethod]
    public void Fit_RowsLearnedByHeart_KeepNoBoundOfLossesOrErrors()
    {
        var summary = Fit(validationFraction: 0.25);

        Assert.AreEqual((Verdict.Missed, Verdict.Missed), (summary.Constraints[0].Verdict, summary.Constraints[1].Verdict), $"{summary}");
        foreach (var constraint in summary.Constraints.Take(3))
        {
            Assert.IsTrue(constraint.IsOfHeldOutRows);
            Assert.AreEqual(summary.ValidationRows, constraint.Rows);
            Assert.AreEqual(constraint.ValidationValue, constraint.Value, 1e-12);
        }

        Assert.IsFalse(summary.Constraints[3].IsOfHeldOutRows);
        Assert.AreEqual(summary.TrainingRows + summary.ValidationRows, summary.Constraints[3].Rows);
    }

    [TestMethod]
    public void Fit_NoRowHeldOut_HasNoOtherRowsThanThoseItWasTrainedOn()
    {
        var summary = Fit(validationFraction: 0);

        foreach (var constraint in summary.Constraints)
        {
            Assert.IsFalse(constraint.IsOfHeldOutRows);
            Assert.AreEqual(600, constraint.Rows);
        }

        Assert.Contains("No rows were held out: what is said of BoundedGroupLoss(Sex), ErrorRateAtMost(Sex), AccuracyParity(Sex), "
            + "DemographicParity(Sex) is of the rows that the model was trained on, which flatter it; intervals do not know by how much.",
            summary.Warnings);
    }

    [TestMethod]
    public void Fit_GroupWithoutHeldOutRows_CannotBeMeasured()
    {
        var context = new MLContext(1);
        var held = Census.People(400, seed: 2).Where(person => person.Sex == "Female").ToList();
        var options = Census.Options([Fairness.BoundedGroupLoss("Sex", 5), Fairness.AccuracyParity("Sex", 0.5),
            Fairness.RateAtMost(GroupMetric.ErrorRate, "Sex", 0.001)]);

        using var model = context.Constrained().Trainers.BinaryClassification(options)
            .Fit(context.Data.LoadFromEnumerable(Census.People(600)), context.Data.LoadFromEnumerable(held)).Model;

        var (loss, parity) = (model.Summary.Constraints[0], model.Summary.Constraints[1]);
        Assert.AreEqual(Verdict.NotMeasurable, parity.Verdict, $"{parity}");
        foreach (var constraint in model.Summary.Constraints)
        {
            Assert.AreEqual(held.Count, constraint.Rows);
            Assert.AreEqual("Male", constraint.UnmeasurableGroups.Single().Group, $"{constraint}");
        }

        Assert.AreEqual(loss.ValidationValue, loss.Value, 1e-12);

        // What cannot be measured was kept in no epoch either, but that is no conflict.
        Assert.AreEqual(Verdict.Missed, model.Summary.Constraints[2].Verdict);
        Assert.IsNotEmpty(model.Summary.Conflicts);
        foreach (var conflict in model.Summary.Conflicts)
            Assert.Contains("ErrorRateAtMost(Sex)", conflict.Constraints);
    }

    private static TrainingSummary Fit(double validationFraction)
    {
        var people = Census.People(600);
        var random = new Random(3);
        foreach (var person in people)
            person.Label = random.Next(2) == 1;
        var options = Census.Options(Constraints);
        (options.Network, options.NumberOfEpochs) = (Network.MultilayerPerceptron(64, 64), 30);
        (options.BatchSize, options.ValidationFraction) = (64, validationFraction);
        var context = new MLContext(1);
        using var model = context.Constrained().Trainers.BinaryClassification(options).Fit(context.Data.LoadFromEnumerable(people));
        return model.Model.Summary;
    }
}
