using System.Reflection;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace HumanCompatible.ML.Tests.Scoring;

/// <summary>What each feature contributes to a score, by ML.NET's CalculateFeatureContribution.</summary>
[TestClass]
public sealed class FeatureContributionTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Census.View(ML, 300);

    [TestMethod]
    [DataRow("no constraint")]
    [DataRow("linear network")]
    [DataRow("two layers, tanh, dropout")]
    [DataRow("SiLU")]
    [DataRow("batch normalization")]
    [DataRow("layer normalization")]
    [DataRow("residual network")]
    [DataRow("features as they are")]
    [DataRow("example weights")]
    public void Contributions_SumToTheScoreLessThatOfTheBaseline(string name)
    {
        var model = Workout.Get("BinaryClassification: " + name).Model;

        var rows = Explain(model, Data);

        var scores = Scored.Of(model.Transform(Data));
        Assert.IsTrue(float.IsFinite(model.Model.BaselineScore));
        foreach (var (row, score) in rows.Zip(scores))
            Assert.AreEqual(score.Score - model.Model.BaselineScore, row.Sum(), 2e-5 * (1 + Math.Abs(score.Score)));
    }

    [TestMethod]
    [DataRow("no constraint")]
    [DataRow("linear network")]
    [DataRow("example weights")]
    public void Contributions_OfARegression_SumInTheUnitOfTheLabel(string name)
    {
        var run = TaskWorkout.Get($"{TaskWorkout.Regression}: {name}");
        var model = (RegressionPredictionTransformer<ConstrainedRegressionModelParameters>)run.Model;

        var rows = Explain(model, run.Data);

        Assert.IsGreaterThan(10_000, model.Model.BaselineScore);
        foreach (var (row, score) in rows.Zip(model.Transform(run.Data).GetColumn<float>("Score")))
            Assert.AreEqual(score - model.Model.BaselineScore, row.Sum(), 2e-5 * (1 + Math.Abs(score)));
    }

    [TestMethod]
    public void Contributions_OfALinearNetwork_AreThoseOfEachSlotByItself()
    {
        var options = Workout.Small();
        (options.Network, options.NumberOfEpochs, options.ValidationFraction) = (Network.Linear(), 1, 0);
        var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(Data);

        var rows = Explain(model, Data);

        // f_s(x_s) less its mean over the training rows, which all rows are: the score with this slot changed says what f_s is.
        var features = Rows(Data, "Features");
        for (var slot = 0; slot < Census.FeatureCount; slot++)
        {
            Assert.AreEqual(0, rows.Average(row => (double)row[slot]), 1e-4);
            float[][] moved = [.. features.Select(row => (float[])[.. features[0][..slot], row[slot], .. features[0][(slot + 1)..]])];
            var scores = Scored.Of(model.Transform(View(moved)));
            foreach (var (row, score) in rows.Zip(scores))
                Assert.AreEqual(score.Score - scores[0].Score, row[slot] - rows[0][slot], 1e-4);
        }
    }

    [TestMethod]
    public void Contributions_OfALinearNetworkOnPlainFeatures_AreMLNetsLessTheirMean()
    {
        var options = Workout.Small();
        (options.Network, options.FeatureEncoding, options.ValidationFraction)
            = (Network.Linear(), HumanCompatible.ML.Features.FeatureEncoding.None, 0);
        var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(Data);
        var weights = model.Model.Weights.Arrays[0].Values.ToArray();
        var features = Rows(Data, "Features");

        foreach (var (row, contributions) in features.Zip(Explain(model, Data)))
        {
            for (var slot = 0; slot < weights.Length; slot++)
            {
                var mean = features.Average(other => (double)other[slot]);
                Assert.AreEqual(weights[slot] * (row[slot] - mean), contributions[slot], 1e-4);
            }
        }
    }

    [TestMethod]
    public void Calculate_AsMLNetDoesByDefault_KeepsTheLargestOfEachSignAndDividesByThem()
    {
        var model = Workout.Get("BinaryClassification: no constraint").Model;
        var all = Explain(model, Data);

        var rows = Rows(ML.Transforms.CalculateFeatureContribution(model, 1, 2).Fit(Data).Transform(Data), "FeatureContributions");

        foreach (var (row, contributions) in all.Zip(rows))
        {
            var kept = row.Where(value => value > 0).OrderDescending().Take(1).Concat(row.Where(value => value < 0).Order().Take(2));
            var expected = kept.ToDictionary(value => Array.IndexOf(row, value), value => value / kept.Max(MathF.Abs));
            for (var slot = 0; slot < row.Length; slot++)
                Assert.AreEqual(expected.GetValueOrDefault(slot), contributions[slot], 1e-5f);
        }
    }

    [TestMethod]
    public void Calculate_OfALoadedModel_AndLoadedItself_GivesTheSame()
    {
        var model = Workout.Get("BinaryClassification: DemographicParity(Sex)").Model;
        var expected = Explain(model, Data);

        var loaded = (TransformerChain<ITransformer>)ModelArchive.LoadFrom(ML, new TransformerChain<ITransformer>(model), Data.Schema);
        var predictor = (ISingleFeaturePredictionTransformer<ICalculateFeatureContribution>)loaded.LastTransformer;
        var explainer = Explainer(predictor, Data);
        var again = ModelArchive.LoadFrom(ML, explainer, Data.Schema);

        foreach (var transformer in new[] { explainer, again })
        {
            foreach (var (row, other) in expected.Zip(Rows(transformer.Transform(Data), "FeatureContributions")))
                CollectionAssert.AreEqual(row, other);
        }

        Assert.AreEqual(model.Model.BaselineScore, ((ConstrainedBinaryModelParameters)predictor.Model).BaselineScore);
    }

    [TestMethod]
    public void Calculate_RowsWithoutANumber_HaveNoContributions()
    {
        var model = Workout.Get("BinaryClassification: no constraint").Model;

        var rows = Explain(model, View([[1, 40, float.NaN, 0, 1], [1, 40, 30, 0, 1]]));

        Assert.IsTrue(rows[0].All(float.IsNaN));
        Assert.IsTrue(rows[1].All(float.IsFinite));
    }

    [TestMethod]
    public void Calculate_MissingValuesThatHaveAnInput_ContributeLikeOthers()
    {
        var people = Census.People(300);
        foreach (var person in people.Where((_, index) => index % 4 == 0))
            person.Features[2] = float.NaN;
        var options = Workout.Small();
        options.EncodeMissingValues = true;
        var data = ML.Data.LoadFromEnumerable(people);
        var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(data);

        foreach (var (row, score) in Explain(model, data).Zip(Scored.Of(model.Transform(data))))
        {
            Assert.AreNotEqual(0, row[2]);
            Assert.AreEqual(score.Score - model.Model.BaselineScore, row.Sum(), 2e-5 * (1 + Math.Abs(score.Score)));
        }
    }

    [TestMethod]
    public void Calculate_TheUsersOwnModule_IsRefusedByName()
    {
        var options = Workout.Small();
        (options.Network, options.NumberOfEpochs) = (UserNetworks.Deep, 1);
        using var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(Data);
        const string Message = "The network 'tests: deep' is a module of your own, whose scores cannot be divided among the features. "
            + "Built-in networks can be explained so; PermutationFeatureImportance works with any.";

        var wrapped = Assert.ThrowsExactly<TargetInvocationException>(() => Explain(model, Data)); // by ML.NET
        Assert.AreEqual(Message, ((NotSupportedException)wrapped.InnerException!).Message);
        Assert.AreEqual(Message, Assert.ThrowsExactly<NotSupportedException>(() => model.Model.BaselineScore).Message);
    }

    [TestMethod]
    public void Baseline_IsTheAverageOfTheTrainingRows_WeightedWhereTheyAre()
    {
        foreach (var weights in new[] { null, "Weight" })
        {
            var options = Workout.Small();
            (options.ExampleWeightColumnName, options.ValidationFraction, options.NumberOfEpochs) = (weights, 0, 1);
            var people = Census.People(200, seed: 3);
            var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(ML.Data.LoadFromEnumerable(people)).Model;

            var total = people.Sum(person => weights is null ? 1.0 : person.Weight);
            for (var input = 0; input < model.Encoder.OutputCount; input++)
            {
                var expected = people.Sum(person => (weights is null ? 1.0 : person.Weight)
                    * Inputs(model, person)[input]) / total;
                Assert.AreEqual(expected, model.Trained.Baseline[input], 1e-5);
            }
        }
    }

    private static float[] Inputs(ConstrainedBinaryModelParameters model, Person person)
    {
        var inputs = new float[model.Encoder.OutputCount];
        model.Encoder.Encode(person.Features, inputs);
        return inputs;
    }

    private static float[][] Explain<TModel>(ISingleFeaturePredictionTransformer<TModel> model, IDataView data)
        where TModel : class, ICalculateFeatureContribution
        => Rows(Explainer(model, data).Transform(data), "FeatureContributions");

    private static ITransformer Explainer(ISingleFeaturePredictionTransformer<ICalculateFeatureContribution> model, IDataView data)
        => ML.Transforms.CalculateFeatureContribution(model, Census.FeatureCount, Census.FeatureCount, normalize: false).Fit(data);

    private static float[][] Rows(IDataView data, string column)
        => [.. data.GetColumn<VBuffer<float>>(column).Select(row => row.DenseValues().ToArray())];

    private static IDataView View(float[][] rows)
        => ML.Data.LoadFromEnumerable(rows.Select(row => new Person { Features = row }));

}
