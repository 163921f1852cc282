using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class CustomConstraintTrainingTests
{
    // The selection rates of the two groups, both ways: what demographic parity bounds.
    private static readonly CustomStatistic RateGap = batch =>
    {
        var rates = batch.GroupMeans(batch.Predictions);
        var gap = rates.narrow(0, 0, 1).sub(rates.narrow(0, 1, 1));
        return torch.cat([gap, gap.neg()]);
    };

    private static FairnessConstraint Gap(double bound)
        => Fairness.Custom("gap", ["Sex"], bound, RateGap, ["women - men", "men - women"]);

    [TestMethod]
    public void Fit_StatisticOfDemographicParity_TrainsAsDemographicParityDoes()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 1500);
        // Nothing is known of how a custom statistic varies, so that its margin is another.
        var custom = Fit(context, data, keepMargins: false, Gap(0.05));
        var builtIn = Fit(context, data, keepMargins: false, Fairness.DemographicParity("Sex", 0.05));
        var free = Fit(context, data);

        var (mine, theirs) = (custom.Model.Summary.Constraints[0], builtIn.Model.Summary.Constraints[0]);
        Assert.AreEqual(("gap", 0.05, false), (mine.Name, mine.Bound, mine.IsLowerBound));
        Assert.AreEqual(theirs.ValidationValue, mine.ValidationValue, 0.01);
        Assert.AreEqual(builtIn.Model.Summary.ValidationAccuracy, custom.Model.Summary.ValidationAccuracy, 0.01);
        for (var row = 0; row < 2; row++)
            Assert.AreEqual(builtIn.Model.Duals[row].Value, custom.Model.Duals[row].Value, 0.02 + 0.1 * builtIn.Model.Duals[row].Value);
        CollectionAssert.AreEqual(new[] { "gap: women - men", "gap: men - women" },
            custom.Model.Duals.Select(dual => dual.Inequality).ToArray());
        var unconstrained = context.Constrained().Audit.BinaryClassification(free.Transform(data), ["Sex"])
            .Of("Sex").DemographicParityDifference;
        Assert.IsGreaterThan(2 * mine.TrainingValue, unconstrained, "the constraint makes the difference");
    }

    [TestMethod]
    public void Fit_AuditedValues_AreThoseOfTheScoredRows()
    {
        var context = new MLContext(1);
        var (data, validation) = (Census.View(context, 600), Census.View(context, 600, seed: 2));
        var options = Census.Options(Gap(0.05), Fairness.EqualOpportunity("Sex", 0.1));
        options.ExampleWeightColumnName = "Weight";
        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data, validation);
        var audit = context.Constrained().Audit;

        Assert.AreEqual(audit.BinaryClassification(model.Transform(data), ["Sex"], exampleWeightColumnName: "Weight")
            .Of("Sex").DemographicParityDifference, model.Model.Summary.Constraints[0].TrainingValue, 1e-5);
        Assert.AreEqual(audit.BinaryClassification(model.Transform(validation), ["Sex"], exampleWeightColumnName: "Weight")
            .Of("Sex").DemographicParityDifference, model.Model.Summary.Constraints[0].ValidationValue, 1e-5);
        Assert.HasCount(4, model.Model.Duals);
        for (var index = 0; index < 2; index++)
        {
            Assert.AreEqual(model.Model.History[model.Model.Summary.SelectedEpoch - 1].AuditedValues[index],
                model.Model.Summary.Constraints[index].Value, 1e-9);
        }

        Assert.AreEqual(600 + 600, model.Model.Summary.Constraints[0].Rows);
    }

    [TestMethod]
    public void Fit_BoundOnANegativeStatistic_RaisesTheRecall()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 1500);
        var free = Fit(context, data);
        var options = Census.Options(Fairness.Custom("recall", [], -0.9, batch => batch.GroupMeans(batch.Predictions, batch.Labels).neg()));
        (options.NumberOfEpochs, options.Groups.Unmeasurable) = (20, UnmeasurableGroups.Hold); // whatever it costs
        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data);

        double Recall(ITransformer transformer)
            => context.Constrained().Audit.BinaryClassification(transformer.Transform(data), ["Sex"]).Overall[GroupMetric.TruePositiveRate];
        Assert.IsLessThan(0.85, Recall(free));
        Assert.IsGreaterThan(0.89, Recall(model));
        Assert.AreEqual(-0.9, model.Model.Summary.Constraints[0].Bound);
        Assert.IsLessThan(-0.8, model.Model.Summary.Constraints[0].TrainingValue);
    }

    [TestMethod]
    public void Fit_DualStepsOncePerEpoch_UseTheStatisticOfAllRows()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 600);
        var sizes = new HashSet<long>();
        var options = Census.Options(Fairness.Custom("gap", ["Sex"], -0.5, batch =>
        {
            if (batch.IsExact)
                sizes.Add(batch.Labels.numel());
            return RateGap(batch);
        }));
        options.DualOptimizer.OncePerEpoch = true;
        options.ValidationFraction = 0;
        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data);

        Assert.Contains(600, sizes);
        Assert.IsGreaterThan(0, model.Model.History[^1].Duals.Sum());
    }

    [TestMethod]
    public void Fit_LeavesTorchAsItWas_AlsoWhenTheStatisticFailsHalfWay()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 600);
        var calls = 0;
        var good = Trainer(context, Gap(0.05));
        var bad = Trainer(context, Fairness.Custom("late", ["Sex"], 0.1, batch =>
        {
            var rates = batch.GroupMeans(batch.Predictions);
            return ++calls == 9 ? rates.add(double.PositiveInfinity) : rates;
        }));
        good.Fit(data);
        var before = TorchState.Read();

        good.Fit(data);
        before.AssertUnchanged();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => bad.Fit(data));

        Assert.AreEqual("late: value [0] of its statistic is Infinity; it must be finite for all rows, also without a row of some group.",
            error.Message);
        before.AssertUnchanged();
    }

    [TestMethod]
    public void Fit_StatisticThatChangesAndDisposesWhatItGets_SpoilsNothing()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 600);
        var clean = Fit(context, data, Gap(0.05));
        var before = TorchState.Read();

        var rough = Fit(context, data, Fairness.Custom("gap", ["Sex"], 0.05, batch =>
        {
            var result = RateGap(batch);
            using (torch.no_grad())
            {
                foreach (var tensor in new[] { batch.Labels, batch.Weights, batch.Membership })
                {
                    if (batch.IsExact)
                        tensor.zero_();
                    tensor.Dispose();
                }
            }

            if (batch.IsExact)
                batch.Scores.fill_(7);
            batch.Predictions.Dispose();
            batch.Scores.Dispose();
            return result;
        }));

        CollectionAssert.AreEqual(Scores(clean, data), Scores(rough, data));
        Assert.AreEqual(clean.Model.Summary.ValidationAccuracy, rough.Model.Summary.ValidationAccuracy);
        before.AssertUnchanged();
    }

    [TestMethod]
    public void SavedModel_ScoresAndShowsItsConstraint_ButHasNoStatistic()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 600);
        var model = Fit(context, data, Gap(0.05), Fairness.EqualOpportunity("Sex", 0.2));

        var loaded = Reload(context, model, data);

        CollectionAssert.AreEqual(Scores(model, data), Scores(loaded, data));
        CollectionAssert.AreEqual(model.Model.Duals.ToArray(), loaded.Model.Duals.ToArray());
        Assert.AreEqual(model.Model.Summary.ToString(), loaded.Model.Summary.ToString());
        var constraint = (CustomConstraint)loaded.Model.Constraints[0];
        Assert.IsNull(constraint.Statistic);
        Assert.AreEqual((CustomConstraint)Gap(0.05) with { Statistic = null }, constraint);
    }

    [TestMethod]
    public void SavedModel_ToTrainOn_NeedsTheStatisticAgain()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 600);
        var loaded = Reload(context, Fit(context, data, Gap(0.05)), data);
        var options = Census.Options([.. loaded.Model.Constraints]);

        var error = Assert.ThrowsExactly<ArgumentException>(() => context.Constrained().Trainers.BinaryClassification(options));

        StringAssert.Contains(error.Message, "- gap: Statistic is null. A model file does not keep it: give it again to train.");
        options.Constraints = [(CustomConstraint)loaded.Model.Constraints[0] with { Statistic = RateGap }];
        Assert.HasCount(12, context.Constrained().Trainers.BinaryClassification(options).Fit(data, loaded.Model).Model.History);
    }

    [TestMethod]
    public void Fit_FromAModelWithState_IsOneLongerTraining()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 1500);
        BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Train(int epochs, ConstrainedBinaryModelParameters? from)
        {
            var options = Census.Options(Fairness.EqualOpportunity("Sex", 0.1), Gap(0.05));
            (options.NumberOfEpochs, options.KeepTrainingState) = (epochs, true);
            var trainer = context.Constrained().Trainers.BinaryClassification(options);
            return from is null ? trainer.Fit(data) : trainer.Fit(data, from);
        }

        var whole = Train(5, null);
        var continued = Train(3, Reload(context, Train(2, null), data).Model);

        CollectionAssert.AreEqual(Scores(whole, data), Scores(continued, data));
        for (var epoch = 0; epoch < 5; epoch++)
        {
            CollectionAssert.AreEqual(whole.Model.History[epoch].Duals.ToArray(), continued.Model.History[epoch].Duals.ToArray(),
                $"epoch {epoch + 1}");
            CollectionAssert.AreEqual(whole.Model.History[epoch].AuditedValues.ToArray(),
                continued.Model.History[epoch].AuditedValues.ToArray(), $"epoch {epoch + 1}");
        }
    }

    [TestMethod]
    public void Trainer_StatisticsOfAnotherTask_AreRefusedByName()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(()
            => Trainer(new MLContext(1), Fairness.MeanParity("Sex", 0.1), Fairness.DemographicParity("Sex", 0.1) with { ClassName = "a" }));

        StringAssert.Contains(error.Message,
            "- MeanParity(Sex): MeanPrediction is a statistic of regression, not of binary classification.");
        StringAssert.Contains(error.Message,
            "- DemographicParity(Sex) of a: ClassName 'a' is named, but only multiclass classification has classes to choose from, not "
            + "binary classification.");
    }

    [TestMethod]
    public void Audit_OfACustomConstraintOrOneOfAnotherTask_IsRefused()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 300);
        var audit = context.Constrained().Audit.BinaryClassification(Fit(context, data).Transform(data), ["Sex"]);

        var custom = Assert.ThrowsExactly<ArgumentException>(() => audit.ValueOf(Gap(0.05)));
        var regression = Assert.ThrowsExactly<ArgumentException>(() => audit.Satisfies(Fairness.MeanParity("Sex", 0.1)));

        Assert.AreEqual(
            "gap: a custom constraint cannot be computed from scored data; the Summary of the model has its values. (Parameter "
            + "'constraint')", custom.Message);
        Assert.AreEqual(
            "MeanParity(Sex): MeanPrediction is a statistic of regression, not of binary classification. (Parameter 'constraint')",
            regression.Message);
    }

    private static ConstrainedBinaryClassificationTrainer Trainer(MLContext context, params FairnessConstraint[] constraints)
        => context.Constrained().Trainers.BinaryClassification(Census.Options(constraints));

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(MLContext context, IDataView data,
        params FairnessConstraint[] constraints) => Fit(context, data, keepMargins: true, constraints);

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(MLContext context, IDataView data, bool keepMargins,
        params FairnessConstraint[] constraints)
    {
        var options = Census.Options(constraints);
        (options.NumberOfEpochs, options.KeepMargins) = (constraints.Length > 1 ? 4 : 8, keepMargins);
        return context.Constrained().Trainers.BinaryClassification(options).Fit(data);
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Reload(MLContext context, ITransformer model,
        IDataView data)
    {
        using var file = new MemoryStream();
        context.Model.Save(model, data.Schema, file);
        var loaded = new MLContext().Model.Load(file, out _);
        return (BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)(loaded is TransformerChain<ITransformer> chain
            ? chain.LastTransformer : loaded);
    }

    private static float[] Scores(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float>("Score")];
}
