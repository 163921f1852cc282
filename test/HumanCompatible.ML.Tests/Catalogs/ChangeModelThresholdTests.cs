using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Catalogs;

[TestClass]
public sealed class ChangeModelThresholdTests
{
    private const string Warning = "The decision threshold was changed to -0.5 after training: accuracies and statistics are those of the "
        + "old one, and no bound is measurable until scored data is audited.";

    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Census.View(ML, 1200);

    [TestMethod]
    public void ChangeModelThreshold_OfAFittedOrLoadedModel_MovesThePredictionsAndTakesTheVerdictsBack()
    {
        var model = Train(0.9);
        Assert.AreEqual(Verdict.Kept, model.Model.Summary.Verdict);
        var loaded = ModelArchive.LoadFrom(ML, Chain(model), Data.Schema);
        var before = Scored.Of(model.Transform(Data));

        var changed = new[]
        {
            ML.Constrained().ChangeModelThreshold(model, -0.5f),
            ML.Constrained().ChangeModelThreshold(Chain(model), -0.5f).LastTransformer,
            ML.Constrained().ChangeModelThreshold(loaded, -0.5f).LastTransformer,
            ML.Constrained().ChangeModelThreshold(ML.Constrained().ChangeModelThreshold(model, 1), -0.5f),
        };

        foreach (var transformer in changed)
        {
            CollectionAssert.AreEqual(before.Select(row => row with { PredictedLabel = row.Score > -0.5f }).ToArray(),
                Scored.Of(transformer.Transform(Data)));
            AssertUnmeasured(transformer.Model.Summary);
        }

        var saved = (TransformerChain<ITransformer>)ModelArchive.LoadFrom(ML, Chain(changed[2]), Data.Schema);
        AssertUnmeasured(((BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)saved.LastTransformer).Model.Summary);
        Assert.AreEqual(Verdict.Kept, model.Model.Summary.Verdict, "The model itself stays as it was.");
    }

    [TestMethod]
    public void ChangeModelThreshold_ThenAnAudit_MeasuresTheBoundAgain()
    {
        var model = ML.Constrained().ChangeModelThreshold(Train(0.9), -0.5f);

        var audit = ML.Constrained().Audit.BinaryClassification(model.Transform(Data), ["Sex"]);

        Assert.AreNotEqual(Verdict.NotMeasurable, audit.Judge(model.Model).Single().Verdict);
    }

    [TestMethod]
    public void ChangeModelThreshold_ToTheOneItHas_ChangesNothing()
    {
        var model = Train(0.9);

        Assert.AreSame(model, ML.Constrained().ChangeModelThreshold(model, 0));
        Assert.AreSame(model.Model, ML.Constrained().ChangeModelThreshold(Chain(model), 0).LastTransformer.Model);
    }

    [TestMethod]
    public void ChangeModelThreshold_WhereMLNetMovedIt_TakesTheVerdictsBack()
    {
        var moved = ML.BinaryClassification.ChangeModelThreshold(Train(0.9), -0.5f);

        var changed = ML.Constrained().ChangeModelThreshold(moved, -0.5f);

        AssertUnmeasured(changed.Model.Summary);
        Assert.AreSame(changed, ML.Constrained().ChangeModelThreshold(changed, -0.5f));
        var back = ML.Constrained().ChangeModelThreshold(ML.BinaryClassification.ChangeModelThreshold(changed, 0), 0);
        Assert.IsTrue(back.Model.Summary.Warnings.Single(one => one.Contains("threshold", StringComparison.Ordinal))
            .StartsWith("The decision threshold was changed to 0 after", StringComparison.Ordinal));
    }

    [TestMethod]
    public void ChangeModelThreshold_OfAStatedConfidence_PromisesNothingAnyMore()
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.9));
        options.ConfidenceLevel = 0.9;
        var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(Data);
        Assert.IsTrue(model.Model.Summary.HoldsWithConfidence);

        var changed = ML.Constrained().ChangeModelThreshold(model, -0.5f).Model.Summary;

        Assert.IsNull(changed.HoldsWithConfidence);
        Assert.IsNull(changed.Constraints[0].HoldsWithConfidence);
        AssertUnmeasured(changed);
    }

    [TestMethod]
    public void ChangeModelThreshold_OfTheUsersModule_ScoresWithTheSameWeights()
    {
        var options = Workout.Small();
        (options.Network, options.NumberOfEpochs) = (UserNetworks.Deep, 1);
        using var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(Data);
        using var changed = ML.Constrained().ChangeModelThreshold(model, -0.5f);

        CollectionAssert.AreEqual(model.Transform(Data).GetColumn<float>("Score").ToArray(),
            changed.Transform(Data).GetColumn<float>("Score").ToArray());
    }

    [TestMethod]
    public void ChangeModelThreshold_OfAnotherPipelineOrToNoNumber_IsRefused()
    {
        var other = ML.Transforms.NormalizeMinMax("Features").Fit(Data);

        Assert.StartsWith("The pipeline must end in a binary classifier of this library, got NormalizingTransformer.",
            Assert.ThrowsExactly<ArgumentException>(() => ML.Constrained().ChangeModelThreshold(other, 1)).Message);
        Assert.Contains("got no transformer", Assert.ThrowsExactly<ArgumentException>(
            () => ML.Constrained().ChangeModelThreshold(new TransformerChain<ITransformer>(), 1)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Constrained().ChangeModelThreshold(Train(0.9), float.NaN));
    }

    private static void AssertUnmeasured(TrainingSummary summary)
    {
        Assert.AreEqual(Verdict.NotMeasurable, summary.Verdict);
        Assert.AreEqual(Warning, summary.Warnings.Single(warning => warning.StartsWith("The decision", StringComparison.Ordinal)));
        Assert.Contains("bound 0.9000: not measurable", summary.ToString());
    }

    private static TransformerChain<ITransformer> Chain(ITransformer model) => new(model);

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Train(double bound)
        => ML.Constrained().Trainers.BinaryClassification(Workout.Small(Fairness.DemographicParity("Sex", bound))).Fit(Data);
}
