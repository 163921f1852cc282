using System.Text.Json;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

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
    [DataRow(600, false, DisplayName = "the training data")]
    [DataRow(600, true, DisplayName = "in another order")]
    [DataRow(120, true, DisplayName = "a part of them")]
    public void Fit_ValidationRowsThatAreTrainedOn_HoldsOutNone(int count, bool isShuffled)
    {
        var context = new MLContext(1);
        var people = Census.People(600);
        var data = context.Data.LoadFromEnumerable(people);
        var others = isShuffled ? Shuffled(people) : people;
        var validation = context.Data.LoadFromEnumerable(others[..count]);
        var options = Census.Options([Fairness.DemographicParity("Sex", 0.9)]);

        using var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data, validation).Model;

        var known = $"{count} of the {count} rows to be held out are also trained on, with the same features, label and groups";
        Assert.IsFalse(model.Summary.IsHeldOut);
        Assert.AreEqual(Verdict.NotMeasurable, model.Summary.Constraints[0].Verdict);
        Assert.Contains($"{known}: no rows are held out, as the rows that a model was trained on flatter it. Give validation data that "
            + "shares no row with the training data.", model.Summary.Warnings);
        options.ConfidenceLevel = 0.9;
        var refused = Assert.ThrowsExactly<InvalidOperationException>(
            () => context.Constrained().Trainers.BinaryClassification(options).Fit(data, validation));
        Assert.StartsWith($"ConfidenceLevel tests rows that were not trained on, but {known}. Give", refused.Message);
    }

    [TestMethod]
    public void Fit_ValidationRowsOfWhichSomeAreTrainedOn_IsThatWithTheOthers()
    {
        var context = new MLContext(1);
        var people = Census.People(900);
        var data = context.Data.LoadFromEnumerable(people[..700]);
        var trainer = context.Constrained().Trainers.BinaryClassification(Census.Options([Fairness.DemographicParity("Sex", 0.9)]));

        using var all = trainer.Fit(data, context.Data.LoadFromEnumerable(people)).Model;
        using var others = trainer.Fit(data, context.Data.LoadFromEnumerable(people[700..])).Model;

        Assert.AreEqual(Verdict.Kept, others.Summary.Constraints[0].Verdict);
        Assert.HasCount(others.Summary.Warnings.Count + 1, all.Summary.Warnings);
        Assert.StartsWith("700 of the 900 rows to be held out are also trained on", all.Summary.Warnings[0]);
        Assert.AreEqual(others.Summary with { Warnings = all.Summary.Warnings }, all.Summary);
    }

    [TestMethod]
    public void Fit_TableWithCopies_HoldsOutRowsThatAreNotTrainedOn()
    {
        var context = new MLContext(1);
        var people = Census.People(600);
        var random = new Random(4);
        var data = context.Data.LoadFromEnumerable(Enumerable.Range(0, 1500).Select(_ => people[random.Next(people.Count)]).ToList());
        var options = Census.Options([Fairness.DemographicParity("Sex", 0.9)]);
        options.ValidationFraction = 0.4;

        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data);

        var warning = model.Model.Summary.Warnings[0];
        Assert.IsTrue(model.Model.Summary.ValidationRows is > 60 and < 300, $"{model.Model.Summary}");
        Assert.AreEqual($"{600 - model.Model.Summary.ValidationRows} of the 600 rows to be held out are also trained on, with the same "
            + "features, label and groups: only the others are held out, as the rows that a model was trained on flatter it. Remove copies "
            + "of rows before training, or give each row once, with the number of its copies as its weight.", warning);
        using var file = new MemoryStream();
        context.Model.Save(model, data.Schema, file);
        var loaded = (BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)new MLContext().Model.Load(file, out _);
        Assert.AreEqual(model.Model.Summary, loaded.Model.Summary);
        options.ConfidenceLevel = 0.9;
        var refused = Assert.ThrowsExactly<InvalidOperationException>(
            () => context.Constrained().Trainers.BinaryClassification(options).Fit(data));
        Assert.StartsWith("ConfidenceLevel tests rows that were not trained on, but ", refused.Message);
        Assert.EndsWith(" Remove copies of rows before training, or give each row once, with the number of its copies as its weight.",
            refused.Message);
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

    private static List<Person> Shuffled(List<Person> people)
    {
        Person[] shuffled = [.. people];
        new Random(5).Shuffle(shuffled);
        return [.. shuffled];
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
