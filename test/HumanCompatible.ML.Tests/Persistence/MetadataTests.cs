using System.Text.Json;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>What the user says of a model stands in its manifest.</summary>
[TestClass]
public sealed class MetadataTests
{
    private static readonly MLContext ML = new(1);

    [TestMethod]
    public void Metadata_OfTheOptions_AreThoseOfTheModelAndOfTheFile()
    {
        var given = new Dictionary<string, string> { ["Owner"] = "Réné", ["a \"purpose\""] = "credit\nof 2026", ["none"] = "" };
        var expected = given.ToList();
        var options = Workout.Small();
        (options.Metadata, options.NumberOfEpochs) = (given, 1);
        var data = Census.View(ML, 200);
        var trainer = ML.Constrained().Trainers.BinaryClassification(options);
        given["Owner"] = "somebody else"; // the trainer has a copy

        var model = trainer.Fit(data);
        var archive = ModelArchive.Save(ML, model, data.Schema);

        CollectionAssert.AreEqual(expected, model.Model.Metadata.ToList());
        CollectionAssert.AreEqual(expected, ModelRoundTripTests.Unwrap(archive.Load()).Model.Metadata.ToList());
        using var manifest = JsonDocument.Parse(archive[ModelArchive.Manifest]);
        CollectionAssert.AreEqual(expected, manifest.RootElement.GetProperty("metadata").EnumerateObject()
            .Select(member => KeyValuePair.Create(member.Name, member.Value.GetString()!)).ToList());
    }

    [TestMethod]
    public void Metadata_ByDefault_AreNone()
        => Assert.IsEmpty(Workout.Get("BinaryClassification: no constraint").Model.Model.Metadata);
}
