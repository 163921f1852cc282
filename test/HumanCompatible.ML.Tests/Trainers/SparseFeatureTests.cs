using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Feature columns of very many slots, of which a row has few, as texts give them; and missing values.</summary>
[TestClass]
public sealed class SparseFeatureTests
{
    private const int Slots = 50_000;
    private const int Words = 6_000;
    private const int Count = 1_500;

    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = ML.Data.LoadFromEnumerable(Texts());

    public static IEnumerable<object[]> Networks =>
        [[Network.MultilayerPerceptron(16)], [Network.MultilayerPerceptron([16, 8], Activation.Tanh, 0.1)], [Network.Linear()]];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Fit_ManySlots_LearnsInTheMemoryOfTheEntries_AndLoadsWithTheSameScores(NetworkDefinition network)
    {
        var before = GC.GetTotalAllocatedBytes();
        var model = Fit(network, 4);

        // Dense, the rows alone would take 300 MB, before and after encoding.
        Assert.IsLessThan(200_000_000L, GC.GetTotalAllocatedBytes() - before);
        Assert.IsGreaterThan(0.8, ML.BinaryClassification.Evaluate(model.Transform(Data)).Accuracy);
        Assert.IsGreaterThan(FeatureWidth(model), Slots);
        Assert.IsGreaterThan(4096, FeatureWidth(model));
        using var file = new MemoryStream();
        ML.Model.Save(model, Data.Schema, file);
        file.Position = 0;
        CollectionAssert.AreEqual(Scores(model), Scores(ML.Model.Load(file, out _)));
        CollectionAssert.AreEqual(Scores(model), Scores(Fit(network, 4)), "the same seed gives the same numbers");
    }

    [TestMethod]
    public void Transform_DenseRows_GiveTheScoresOfTheSameRowsByTheirEntries()
    {
        var model = Fit(Network.MultilayerPerceptron(16), 2);
        var dense = ML.Data.LoadFromEnumerable(Texts().Take(50).Select(text => new Text
        {
            Label = text.Label,
            Group = text.Group,
            Features = new VBuffer<float>(Slots, [.. text.Features.DenseValues()]),
        }));

        CollectionAssert.AreEqual(Scores(model).Take(50).ToArray(), model.Transform(dense).GetColumn<float>("Score").ToArray());
    }

    [TestMethod]
    public void Fit_FromAModelWithState_IsOneLongerTraining()
    {
        static void KeepState(ConstrainedBinaryClassificationTrainer.Options options)
            => (options.KeepTrainingState, options.Optimizer.WeightDecay) = (true, 1);
        var whole = Fit(Network.MultilayerPerceptron(16), 3, KeepState);
        var half = Fit(Network.MultilayerPerceptron(16), 1, KeepState);

        var options = Options(Network.MultilayerPerceptron(16), 2);
        options.Optimizer.WeightDecay = 1;
        var continued = ML.Constrained().Trainers.BinaryClassification(options).Fit(Data, half.Model);

        CollectionAssert.AreEqual(whole.Model.History.Select(epoch => epoch.ValidationLoss).ToArray(),
            continued.Model.History.Select(epoch => epoch.ValidationLoss).ToArray());
        CollectionAssert.AreEqual(Scores(whole), Scores(continued));
    }

    [TestMethod]
    public void Fit_WithAnEnvelope_LearnsToo()
    {
        var history = Fit(Network.MultilayerPerceptron(8), 6, options => options.Optimizer.MoreauEnvelope = new() { Mu = 0.01 })
            .Model.History;
        Assert.IsLessThan(history[0].TrainingLoss - 0.02, history[^1].TrainingLoss);
    }

    [TestMethod]
    public void EncodeMissingValues_Set_TrainsOnThemAndScoresThem()
    {
        // Whether slot 0 is missing says more than its values do.
        var people = Census.People(600);
        foreach (var (index, person) in people.Index())
            person.Features[0] = index % 3 == 0 ? float.NaN : person.Features[0];
        foreach (var person in people.Where(person => float.IsNaN(person.Features[0])))
            person.Label = true;
        var data = ML.Data.LoadFromEnumerable(people);
        var options = Census.Options();
        (options.EncodeMissingValues, options.NumberOfEpochs) = (true, 10);

        var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(data);

        var scores = model.Transform(data).GetColumn<float>("Score").ToArray();
        Assert.IsTrue(scores.All(float.IsFinite));
        var missing = scores.Where((_, index) => index % 3 == 0).ToArray();
        Assert.IsGreaterThan(0.9, missing.Count(score => score > 0) / (double)missing.Length);
        using var file = new MemoryStream();
        ML.Model.Save(model, data.Schema, file);
        file.Position = 0;
        CollectionAssert.AreEqual(scores, ML.Model.Load(file, out _).Transform(data).GetColumn<float>("Score").ToArray());

        people[1].Features[1] = float.NaN;
        Assert.IsTrue(float.IsNaN(model.Transform(data).GetColumn<float>("Score").ElementAt(1)), "slot 1 was never missing in training");
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(NetworkDefinition network, int epochs,
        Action<ConstrainedBinaryClassificationTrainer.Options>? change = null)
    {
        var options = Options(network, epochs);
        change?.Invoke(options);
        return ML.Constrained().Trainers.BinaryClassification(options).Fit(Data);
    }

    private static ConstrainedBinaryClassificationTrainer.Options Options(NetworkDefinition network, int epochs)
    {
        var options = Census.Options(Fairness.DemographicParity("Group", 0.2));
        (options.Network, options.NumberOfEpochs, options.BatchSize, options.Encoding) = (network, epochs, 100, new());
        return options;
    }

    private static float[] Scores(ITransformer model) => [.. model.Transform(Data).GetColumn<float>("Score")];

    private static int FeatureWidth(BinaryPredictionTransformer<ConstrainedBinaryModelParameters> model)
        => model.Model.Encoder.OutputCount;

    // Sixty words of the first 6,000 in each, of which the first 40 tell the label.
    private static List<Text> Texts()
    {
        var random = new Random(5);
        var texts = new List<Text>();
        for (var row = 0; row < Count; row++)
        {
            var label = random.Next(2) == 0;
            int[] words = [.. Enumerable.Range(0, 60).Select(_ => random.Next(Words)).Append(random.Next(20) + (label ? 20 : 0))
                .Append(random.Next(20) + (label ? 20 : 0)).Distinct().Order()];
            texts.Add(new Text
            {
                Label = label,
                Group = row % 3 == 0 ? "a" : "b",
                Features = new VBuffer<float>(Slots, words.Length, [.. words.Select(_ => random.NextSingle() + 0.2f)], words),
            });
        }

        return texts;
    }

    private sealed class Text
    {
        public bool Label { get; set; }

        public string Group { get; set; } = "";

        [VectorType(Slots)]
        public VBuffer<float> Features { get; set; }
    }
}
