using System.Text.Json;
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

        Assert.Contains("No rows were held out: whether BoundedGroupLoss(Sex), ErrorRateAtMost(Sex), AccuracyParity(Sex), "
            + "DemographicParity(Sex) holds on other rows cannot be told by the rows that the model was trained on, which flatter it; "
            + "intervals do not know by how much.", summary.Warnings);
    }

    [TestMethod]
    public void Fit_NoRowHeldOut_CannotTellThatABoundIsKept()
    {
        var context = new MLContext(1);
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.9), Fairness.RateAtMost(GroupMetric.ErrorRate, "Sex", 0.001));
        options.ValidationFraction = 0;
        using var model = context.Constrained().Trainers.BinaryClassification(options)
            .Fit(context.Data.LoadFromEnumerable(Census.People(600))).Model;

        var (kept, missed) = (model.Summary.Constraints[0], model.Summary.Constraints[1]);
        Assert.IsLessThan(0.9, kept.Value);
        Assert.AreEqual(Verdict.NotMeasurable, kept.Verdict);
        Assert.EndsWith(": not measurable (no rows were held out, and training rows flatter it)", kept.ToString());
        Assert.AreEqual(Verdict.Missed, missed.Verdict, "even by the rows that flatter it");
        Assert.IsNull(missed.NotMeasurableReason);
        Assert.AreEqual(kept, JsonSerializer.Deserialize<ConstraintSummary>(JsonSerializer.Serialize(kept)));
    }

    [TestMethod]
    public void Fit_TheTrainingDataAsValidationData_HoldsOutNoRow()
    {
        var context = new MLContext(1);
        var data = context.Data.LoadFromEnumerable(Census.People(600));
        var options = Census.Options([Fairness.DemographicParity("Sex", 0.9)]);

        using var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data, data).Model;

        Assert.IsFalse(model.Summary.IsHeldOut);
        Assert.AreEqual(Verdict.NotMeasurable, model.Summary.Constraints[0].Verdict);
        Assert.Contains("The validation data is the training data: it chooses the epoch, but no rows are held out.",
            model.Summary.Warnings);
        options.ConfidenceLevel = 0.9;
        var refused = Assert.ThrowsExactly<InvalidOperationException>(
            () => context.Constrained().Trainers.BinaryClassification(options).Fit(data, data));
        Assert.StartsWith("ConfidenceLevel tests rows that were not trained on. The validation data is the training data", refused.Message);
        using var other = context.Constrained().Trainers.BinaryClassification(Census.Options([Fairness.DemographicParity("Sex", 0.9)]))
            .Fit(data, context.Data.LoadFromEnumerable(Census.People(600, seed: 2))).Model;
        Assert.AreEqual(Verdict.Kept, other.Summary.Constraints[0].Verdict);
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
