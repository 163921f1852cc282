using System.Text.Json;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>
/// Model files of releases, with the scores that they gave then: they are loaded and give them for ever. eng/store-models.sh makes those of
/// this version; those of former ones stay as they are.
/// </summary>
[TestClass]
public sealed class StoredModelTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Persistence", "Stored");

    public static IEnumerable<object[]> Files => Directory.EnumerateFiles(Folder, "*.zip", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(path => new object[] { Path.GetRelativePath(Folder, path) });

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Load_AFileOfARelease_GivesItsScores(string file)
    {
        var path = Path.Combine(Folder, file);
        using var stored = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(path, ".json")));
        var features = stored.RootElement.GetProperty("features").EnumerateArray()
            .Select(row => new Row { Features = [.. row.EnumerateArray().Select(value => value.GetSingle())] }).ToList();
        float[] expected = [.. stored.RootElement.GetProperty("scores").EnumerateArray().Select(value => value.GetSingle())];
        var ml = new MLContext();

        var model = ml.Constrained().Model.Load(path, out var schema);

        var scored = model.Transform(ml.Data.LoadFromEnumerable(features));
        float[] scores = scored.Schema["Score"].Type is VectorDataViewType
            ? [.. scored.GetColumn<float[]>("Score").SelectMany(row => row)] : [.. scored.GetColumn<float>("Score")];
        Assert.HasCount(expected.Length, scores);
        for (var index = 0; index < scores.Length; index++)
            Assert.AreEqual(expected[index], scores[index], 1e-5 * Math.Max(1, Math.Abs(expected[index])), $"score {index}");
        Assert.IsNotNull(schema["Features"].Type);
        var last = model is IEnumerable<ITransformer> chain ? chain.Last() : model;
        var parameters = ((ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)last).Model;
        Assert.IsNotEmpty(parameters.Duals);
        Assert.AreEqual(parameters.Summary.EpochsRun, parameters.History.Count);
    }

    [TestMethod]
    public void Files_AreOfEachTaskAndOfThisRelease()
    {
        var version = Package.PackedLibrary.Metadata("VersionPrefix");

        CollectionAssert.AreEquivalent(new[] { "binary.zip", "multiclass.zip", "regression.zip" },
            Directory.GetFiles(Path.Combine(Folder, version), "*.zip").Select(Path.GetFileName).ToList());
    }

    private sealed class Row
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public string Level { get; set; } = "low";
    }
}
