using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>Files of networks with batch normalization, whose numbers cannot be any.</summary>
[TestClass]
public sealed class NormalizedModelFileTests
{
    private const string Variance = "layers.1.norm.running_var";

    [TestMethod]
    [DataRow(-1f)]
    [DataRow(-1e-6f)]
    public void Load_AnImpossibleVariance_IsRefused(float value)
    {
        var file = Workout.Get("BinaryClassification: batch normalization").Save();
        var weights = new TensorReader(file[ModelArchive.Weights]).Weights(Network.Linear());
        file.Replace(ModelArchive.Weights, WeightsEntry.Write(new NetworkWeights(weights.Arrays.Select(array => array.Name != Variance
            ? array : array with { Values = (float[])[.. array.Values.ToArray()[..^1], value] }))));
        using var stream = new MemoryStream(file.ToBytes());

        var error = Assert.Throws<Exception>(() => new MLContext().Model.Load(stream, out _));

        StringAssert.Contains(error.ToString(), $"'{Variance}' must be at least 0, got {Problems.Text(value)} for unit 4.");
    }
}
