using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace HumanCompatible.ML.Tests.Scoring;

/// <summary>What ML.NET does with its own models works with ours.</summary>
[TestClass]
public sealed class ToolsOfMLNetTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Named(Census.View(ML, 600));
    private static readonly BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Model
        = ML.Constrained().Trainers.BinaryClassification(Workout.Small(Fairness.DemographicParity("Sex", 0.3))).Fit(Data);

    [TestMethod]
    public void Schema_AndThePromise_AreThoseOfMLNetsLogisticRegression()
    {
        var trainer = ML.BinaryClassification.Trainers.LbfgsLogisticRegression();
        var shape = Schemas.Shape(Data.Schema);

        CollectionAssert.AreEqual(Schemas.Describe(trainer.Fit(Data).GetOutputSchema(Data.Schema)),
            Schemas.Describe(Model.GetOutputSchema(Data.Schema)));
        CollectionAssert.AreEqual(Schemas.Describe(trainer.GetOutputSchema(shape)),
            Schemas.Describe(ML.Constrained().Trainers.BinaryClassification().GetOutputSchema(shape)));
    }

    [TestMethod]
    public void Transformer_KnowsItsFeatureColumn()
    {
        Assert.AreEqual("Features", Model.FeatureColumnName);
        Assert.AreEqual(Census.FeatureCount, ((VectorDataViewType)Model.FeatureColumnType).Size);
        Assert.AreEqual(Census.FeatureCount, Model.Model.FeatureCount);
    }

    [TestMethod]
    public void PredictionEngine_AfterAnotherThatOwnedTheModelWasDisposed_Works()
    {
        var expected = Scored.Of(Model.Transform(Data));
        var people = Census.People(600);
        var loaded = ModelArchive.Save(ML, Model, Data.Schema).Load();

        foreach (var transformer in new ITransformer[] { Model, loaded, Model, loaded })
        {
            using var engine = ML.Model.CreatePredictionEngine<Person, Scored>(transformer);
            foreach (var index in new[] { 0, 5, 5, 1, 599 })
                Assert.AreEqual(expected[index], engine.Predict(people[index]));
        }

        CollectionAssert.AreEqual(expected, Scored.Of(Model.Transform(Data)));
    }

    [TestMethod]
    public void ChangeModelThreshold_MovesThePredictionsOnly_AlsoOfALoadedModel()
    {
        var expected = Scored.Of(Model.Transform(Data)).Select(row => row with { PredictedLabel = row.Score > 0.7f }).ToArray();

        var strict = ML.BinaryClassification.ChangeModelThreshold(Model, 0.7f);
        var loaded = ModelArchive.Save(ML, strict, Data.Schema).Load();

        Assert.AreSame(Model.Model, strict.Model);
        Assert.AreNotEqual(expected.Count(row => row.PredictedLabel), expected.Count(row => row.Score > 0));
        CollectionAssert.AreEqual(expected, Scored.Of(strict.Transform(Data)));
        CollectionAssert.AreEqual(expected, Scored.Of(loaded.Transform(Data)));
    }

    [TestMethod]
    public void PermutationFeatureImportance_OfTheTransformerAndOfAChain_FindsTheStrongestFeature()
    {
        var chain = new TransformerChain<ITransformer>(Model);

        var bySlot = ML.BinaryClassification.PermutationFeatureImportance(Model, Data, permutationCount: 3);
        var byName = ML.BinaryClassification.PermutationFeatureImportanceNonCalibrated(chain, Data, permutationCount: 3);
        var ofModel = ML.BinaryClassification.PermutationFeatureImportanceNonCalibrated(Model, Data, permutationCount: 3);

        Assert.HasCount(Census.FeatureCount, bySlot);
        Assert.IsLessThan(-0.05, bySlot[0].AreaUnderRocCurve.Mean);
        CollectionAssert.AreEquivalent(new[] { "skill", "hours", "age", "married", "female" }, byName.Keys.ToList());
        Assert.AreEqual("skill", byName.MinBy(slot => slot.Value.AreaUnderRocCurve.Mean).Key);
        Assert.AreEqual("skill", ofModel.MinBy(slot => slot.Value.AreaUnderRocCurve.Mean).Key);
    }

    [TestMethod]
    public void PermutationFeatureImportance_OfALoadedModel_IsThatOfTheModel()
    {
        var loaded = ModelArchive.LoadFrom(ML, new TransformerChain<ITransformer>(Model), Data.Schema);
        var single = ModelArchive.LoadFrom(ML, Model, Data.Schema);

        var expected = new MLContext(2).BinaryClassification.PermutationFeatureImportanceNonCalibrated(Model, Data);
        foreach (var model in new[] { loaded, single })
        {
            var importance = new MLContext(2).BinaryClassification.PermutationFeatureImportanceNonCalibrated(model, Data);

            CollectionAssert.AreEquivalent(expected.Keys.ToList(), importance.Keys.ToList());
            foreach (var (name, metrics) in expected)
                Assert.AreEqual(metrics.AreaUnderRocCurve.Mean, importance[name].AreaUnderRocCurve.Mean, 1e-12, name);
        }
    }

    [TestMethod]
    public void OneVersusAll_TrainsAModelForEachClass_AndIsSavedAndLoaded()
    {
        var keyed = ML.Transforms.Conversion.MapValueToKey("Label", "Region").Fit(Data).Transform(Data);
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));

        var model = ML.MulticlassClassification.Trainers
            .OneVersusAll(ML.Constrained().Trainers.BinaryClassification(options)).Fit(keyed);
        var loaded = ModelArchive.LoadFrom(ML, model, keyed.Schema);

        var scores = model.Transform(keyed).GetColumn<float[]>("Score").ToArray();
        Assert.HasCount(600, scores);
        foreach (var row in scores)
        {
            Assert.HasCount(3, row);
            Assert.AreEqual(1, row.Sum(), 1e-5);
        }

        Assert.IsGreaterThan(0.3, ML.MulticlassClassification.Evaluate(model.Transform(keyed)).MicroAccuracy);
        foreach (var (first, second) in scores.Zip(loaded.Transform(keyed).GetColumn<float[]>("Score")))
            CollectionAssert.AreEqual(first, second);
    }

    [TestMethod]
    public void PairwiseCoupling_TakesTheTrainer()
    {
        var keyed = ML.Transforms.Conversion.MapValueToKey("Label", "Region").Fit(Data).Transform(Data);

        var model = ML.MulticlassClassification.Trainers
            .PairwiseCoupling(ML.Constrained().Trainers.BinaryClassification(Workout.Small())).Fit(keyed);

        Assert.HasCount(600, model.Transform(keyed).GetColumn<uint>("PredictedLabel").ToArray());
    }

    [TestMethod]
    public void Info_AsksForNormalizationWhereFeaturesAreNotEncoded_AndNeverForACache()
    {
        var plain = Workout.Small();
        plain.FeatureEncoding = FeatureEncoding.None;

        Assert.AreEqual((false, false), Info(Workout.Small()));
        Assert.AreEqual((true, false), Info(plain));

        static (bool Normalization, bool Caching) Info(ConstrainedBinaryClassificationTrainer.Options options)
        {
            ITrainerEstimator<BinaryPredictionTransformer<ConstrainedBinaryModelParameters>, ConstrainedBinaryModelParameters> trainer
                = ML.Constrained().Trainers.BinaryClassification(options);
            return (trainer.Info.NeedNormalization, trainer.Info.WantCaching);
        }
    }

    [TestMethod]
    public void BinaryTrainers_HaveTheTrainerToo_WithTheSeedAndTheLogOfTheContext()
    {
        var context = new MLContext(7);
        var sources = new List<string>();
        context.Log += (_, message) => sources.Add(message.Source);
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.3));
        options.Seed = null;

        var byOptions = context.BinaryClassification.Trainers.Constrained(options).Fit(Data);
        var expected = new MLContext(7).Constrained().Trainers.BinaryClassification(options).Fit(Data);
        CollectionAssert.AreEqual(Scored.Of(expected.Transform(Data)), Scored.Of(byOptions.Transform(Data)));
        Assert.Contains("ConstrainedBinaryClassificationTrainer; Training", sources);

        var constraints = options.Constraints;
        var byArguments = new MLContext(7).BinaryClassification.Trainers.Constrained("Number", "Features", "Weight", constraints,
            Network.Linear(), 1, 100, 0.02).Fit(Data);
        expected = new MLContext(7).Constrained().Trainers.BinaryClassification("Number", "Features", "Weight", constraints,
            Network.Linear(), 1, 100, 0.02).Fit(Data);
        CollectionAssert.AreEqual(Scored.Of(expected.Transform(Data)), Scored.Of(byArguments.Transform(Data)));
    }

    // The importance of features is told by the names of their slots.
    private static IDataView Named(IDataView data)
    {
        var names = new[] { "skill", "hours", "age", "married", "female" };
        return ML.Transforms.CustomMapping<Whole, Parts>((whole, parts) =>
            {
                (parts.skill, parts.hours, parts.age, parts.married, parts.female)
                    = (whole.Features[0], whole.Features[1], whole.Features[2], whole.Features[3], whole.Features[4]);
            }, null)
            .Append(ML.Transforms.Concatenate("Features", names)).Append(ML.Transforms.DropColumns(names)).Fit(data).Transform(data);
    }

    private sealed class Whole
    {
        [VectorType(Census.FeatureCount)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Parts
    {
        public float skill { get; set; }

        public float hours { get; set; }

        public float age { get; set; }

        public float married { get; set; }

        public float female { get; set; }
    }
}
