using System.Text.Json.Nodes;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Tests.Persistence;
using Microsoft.ML;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Same seed, same model, bit by bit; another seed, another model.</summary>
[TestClass]
public sealed class RepeatabilityTests
{
    public static IEnumerable<object[]> Networks =>
    [
        ["built-in", Network.MultilayerPerceptron(8)],
        ["dropout", Network.MultilayerPerceptron([8], Activation.Tanh, 0.3)],
        ["user's own, with dropout", UserNetworks.Deep],
    ];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Fit_TheSameSeed_GivesTheSameBytesWhateverTheContextsSeed(string name, NetworkDefinition network)
    {
        var first = Fit(new MLContext(1), 5, network);
        torch.rand(3).Dispose();
        var second = Fit(new MLContext(1), 5, network);
        var other = Fit(new MLContext(99), 5, network);

        foreach (var entry in new[] { ModelArchive.Weights, ModelArchive.Duals, ModelArchive.Encoding, ModelArchive.History })
        {
            CollectionAssert.AreEqual(first[entry], second[entry], $"{name}: {entry}");
            CollectionAssert.AreEqual(first[entry], other[entry], $"{name}: {entry}");
        }

        Assert.AreEqual(WithoutTime(first), WithoutTime(second), name);
        Assert.AreEqual(WithoutTime(first), WithoutTime(other), name);
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Fit_AnotherSeed_GivesAnotherModel(string name, NetworkDefinition network)
    {
        var weights = new[] { -1, 0, 5, int.MinValue, int.MaxValue }.Select(seed
            => Convert.ToHexString(Fit(new MLContext(1), seed, network)[ModelArchive.Weights]));

        Assert.HasCount(5, weights.Distinct().ToList(), name);
    }

    [TestMethod]
    public void Fit_NoSeed_FollowsTheContext()
    {
        var first = Fit(new MLContext(7), null);
        var second = Fit(new MLContext(7), null);
        var other = Fit(new MLContext(8), null);

        CollectionAssert.AreEqual(first[ModelArchive.Weights], second[ModelArchive.Weights]);
        CollectionAssert.AreEqual(first[ModelArchive.Duals], second[ModelArchive.Duals]);
        CollectionAssert.AreNotEqual(first[ModelArchive.Weights], other[ModelArchive.Weights]);
    }

    [TestMethod]
    public void Fit_NoSeed_TwoTrainersOfAContextDiffer()
    {
        var context = new MLContext(7);

        CollectionAssert.AreNotEqual(Fit(context, null)[ModelArchive.Weights], Fit(context, null)[ModelArchive.Weights]);
    }

    [TestMethod]
    public void Fit_OneTrainerTwice_GivesTheSameModelTwice()
    {
        var context = new MLContext(7);
        var data = Census.View(context, 300);
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
        options.Seed = null;
        var trainer = context.Constrained().Trainers.BinaryClassification(options);

        CollectionAssert.AreEqual(ModelArchive.Save(context, trainer.Fit(data), data.Schema)[ModelArchive.Weights],
            ModelArchive.Save(context, trainer.Fit(data), data.Schema)[ModelArchive.Weights]);
    }

    [TestMethod]
    public void Fit_SeveralAtOnce_DoNotDisturbEachOther()
    {
        var alone = Fit(new MLContext(1), 5, UserNetworks.Deep)[ModelArchive.Weights];
        var together = new byte[3][];

        Parallel.For(0, 3, new ParallelOptions { MaxDegreeOfParallelism = 3 }, index
            => together[index] = Fit(new MLContext(index), 5, UserNetworks.Deep)[ModelArchive.Weights]);

        foreach (var weights in together)
            CollectionAssert.AreEqual(alone, weights);
    }

    // The manifest but for when the model was trained.
    private static string WithoutTime(ModelArchive file)
    {
        var manifest = JsonNode.Parse(file[ModelArchive.Manifest])!;
        Assert.IsTrue(manifest["origin"]!.AsObject().Remove("trainedAt"));
        return manifest.ToJsonString();
    }

    private static ModelArchive Fit(MLContext context, int? seed, NetworkDefinition? network = null)
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.02));
        options.Seed = seed;
        options.Network = network ?? options.Network;
        var data = Census.View(context, 300);
        using var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data);
        return ModelArchive.Save(context, model, data.Schema);
    }
}
