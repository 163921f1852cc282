using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>The trainer among the rest of ML.NET.</summary>
[TestClass]
public sealed class PipelineTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Census.View(ML, 600);

    private static ConstrainedBinaryClassificationTrainer Trainer(string features = "Features")
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
        options.FeatureColumnName = features;
        return ML.Constrained().Trainers.BinaryClassification(options);
    }

    [TestMethod]
    public void Append_BeforeAndAfter_TrainsAndScoresAsOnePipeline()
    {
        var pipeline = ML.Transforms.Categorical.OneHotEncoding("RegionOneHot", "Region")
            .Append(ML.Transforms.Concatenate("All", "Features", "RegionOneHot"))
            .Append(ML.Transforms.NormalizeMeanVariance("All"))
            .Append(Trainer("All"))
            .Append(ML.Transforms.CopyColumns("Logit", "Score"))
            .Append(ML.Transforms.DropColumns("All"));

        var promised = pipeline.GetOutputSchema(Schemas.Shape(Data.Schema));
        var model = pipeline.Fit(Data);
        var scored = model.Transform(Data);

        CollectionAssert.AreEquivalent(scored.Schema.Where(column => !column.IsHidden).Select(column => column.Name).ToList(),
            promised.Select(column => column.Name).ToList());
        CollectionAssert.AreEqual(scored.GetColumn<float>("Score").ToArray(), scored.GetColumn<float>("Logit").ToArray());
        var trained = model.OfType<BinaryPredictionTransformer<ConstrainedBinaryModelParameters>>().Single();
        Assert.AreEqual("All", trained.FeatureColumnName);
        Assert.AreEqual(8, ((VectorDataViewType)trained.FeatureColumnType).Size);
    }

    [TestMethod]
    public void LastTransformer_IsTheTrainedModel_AlsoOfALoadedChain()
    {
        var chain = ML.Transforms.NormalizeMeanVariance("Features").Append(Trainer()).Fit(Data);
        using var file = new MemoryStream();
        ML.Model.Save(chain, Data.Schema, file);

        var loaded = (TransformerChain<ITransformer>)new MLContext().Model.Load(file, out _);

        var model = (BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)loaded.LastTransformer;
        CollectionAssert.AreEqual(chain.LastTransformer.Model.Duals.ToArray(), model.Model.Duals.ToArray());
        CollectionAssert.AreEqual(Scored.Of(chain.Transform(Data)), Scored.Of(loaded.Transform(Data)));
    }

    [TestMethod]
    public void Append_WithAScope_IsLeftOutOfOtherScopes()
    {
        var chain = ML.Transforms.NormalizeMeanVariance("Features").Append(Trainer(), TransformerScope.Scoring).Fit(Data);

        Assert.HasCount(1, chain.GetModelFor(TransformerScope.Training));
        Assert.HasCount(2, chain.GetModelFor(TransformerScope.Scoring));
        Assert.HasCount(2, chain.GetModelFor(TransformerScope.Everything));
    }

    [TestMethod]
    public void Fit_AfterCacheAndTrainTestSplit_IsTheModelOfTheSameRows()
    {
        var split = ML.Data.TrainTestSplit(Data, 0.3, seed: 4);

        var plain = Trainer().Fit(split.TrainSet);
        var cached = Trainer().Fit(ML.Data.Cache(split.TrainSet));
        var checkpoint = ML.Transforms.CopyColumns("Copy", "Sex").AppendCacheCheckpoint(ML).Append(Trainer()).Fit(split.TrainSet);

        var expected = Scored.Of(plain.Transform(split.TestSet));
        Assert.IsNotEmpty(expected);
        CollectionAssert.AreEqual(expected, Scored.Of(cached.Transform(split.TestSet)));
        CollectionAssert.AreEqual(expected, Scored.Of(checkpoint.Transform(split.TestSet)));
    }

    [TestMethod]
    public void Evaluate_AgreesWithTheScores()
    {
        var scored = Trainer().Fit(Data).Transform(Data);
        var rows = Scored.Of(scored);
        var labels = scored.GetColumn<bool>("Label").ToArray();
        var accuracy = rows.Zip(labels).Count(pair => pair.First.PredictedLabel == pair.Second) / (double)rows.Length;
        var logLoss = -rows.Zip(labels).Average(pair => Math.Log2(pair.Second ? pair.First.Probability : 1 - pair.First.Probability));

        var calibrated = ML.BinaryClassification.Evaluate(scored);
        var plain = ML.BinaryClassification.EvaluateNonCalibrated(scored);

        Assert.AreEqual(accuracy, calibrated.Accuracy, 1e-9);
        Assert.AreEqual(accuracy, plain.Accuracy, 1e-9);
        Assert.AreEqual(logLoss, calibrated.LogLoss, 1e-4);
        Assert.AreEqual(calibrated.AreaUnderRocCurve, plain.AreaUnderRocCurve, 1e-9);
        Assert.IsGreaterThan(0.7, plain.AreaUnderRocCurve);
    }

    [TestMethod]
    public void CrossValidate_TrainsOnEveryFold()
    {
        var results = ML.BinaryClassification.CrossValidate(Data, ML.Transforms.NormalizeMeanVariance("Features").Append(Trainer()),
            numberOfFolds: 3, samplingKeyColumnName: "Household", seed: 2);

        Assert.HasCount(3, results);
        foreach (var fold in results)
        {
            var trained = ((TransformerChain<BinaryPredictionTransformer<ConstrainedBinaryModelParameters>>)fold.Model).LastTransformer;
            Assert.AreEqual("DemographicParity(Sex)", trained.Model.Summary.Constraints.Single().Name);
            Assert.IsGreaterThan(0.5, fold.Metrics.Accuracy);
            Assert.AreEqual(fold.Metrics.Accuracy, ML.BinaryClassification.Evaluate(fold.ScoredHoldOutSet).Accuracy);
        }

        Assert.HasCount(3, results.Select(fold => fold.Metrics.LogLoss).Distinct().ToList());
    }

    [TestMethod]
    public void Fit_ThenFitOfAnotherModelOnItsScores_KeepsBothSetsOfColumns()
    {
        var first = Trainer().Fit(Data).Transform(Data);
        var second = Trainer().Fit(first).Transform(first);

        var sets = second.Schema.Where(column => column.Name == "Score").Select(SetId).ToList();
        CollectionAssert.AreEqual(new List<uint> { 1, 2 }, sets);

        static uint SetId(DataViewSchema.Column column)
        {
            var value = 0u;
            column.Annotations.GetValue("ScoreColumnSetId", ref value);
            return value;
        }
    }
}
