using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Persistence;

[TestClass]
public sealed class ModelRoundTripTests
{
    public static IEnumerable<object[]> Cases => Workout.Names;

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Load_FromStream_GivesTheSameModelWithoutRegistration(string name)
    {
        var run = Workout.Get(name);
        using var file = new MemoryStream();
        run.Context.Model.Save(run.Model, run.Data.Schema, file);

        var loaded = new MLContext().Model.Load(file, out var schema);

        Assert.AreEqual(Schemas.Describe(run.Data.Schema).Length, schema.Count);
        AssertSame(run, Unwrap(loaded));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Load_FromPath_GivesTheSameModel(string name)
    {
        var run = Workout.Get(name);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            run.Context.Model.Save(run.Model, run.Data.Schema, path);

            AssertSame(run, Unwrap(new MLContext().Model.Load(path, out _)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // .NET loads no assembly of a lower version than is asked for.
    [TestMethod]
    public void Save_NamesTheLibraryWithoutItsVersion()
    {
        var run = Workout.Get(Workout.Names.Select(row => (string)row[0]).First());
        var header = System.Text.Encoding.Latin1.GetString(run.Save()[ModelArchive.Key]).Replace("\0", "", StringComparison.Ordinal);

        StringAssert.Contains(header, "HumanCompatible.ML");
        Assert.IsFalse(header.Contains("Version=", StringComparison.Ordinal), header);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Save_OfALoadedModel_WritesTheSameBytes(string name)
    {
        var run = Workout.Get(name);
        var first = run.Save();

        var second = ModelArchive.Save(new MLContext(), first.Load(), run.Data.Schema);

        CollectionAssert.AreEqual(first.Names, second.Names);
        foreach (var entry in first.Names.Except([ModelArchive.Key]))
            CollectionAssert.AreEqual(first[entry], second[entry], entry);
    }

    [TestMethod]
    public void Save_WritesTheDocumentedEntries()
    {
        var run = Workout.Get((string)Cases.First()[0]);

        Assert.AreEqual("TransformerChain/Model/", run.Save().Folder.Replace('\\', '/'));
        CollectionAssert.AreEqual(
            new[] { "Baseline.safetensors", "Duals.json", "Encoding.safetensors", "History.json", "Manifest.json", "Model.key",
                "Weights.safetensors" },
            run.Save().Names);
    }

    [TestMethod]
    public void Save_WithoutConstraints_HasNoDuals()
    {
        var run = Workout.Get("BinaryClassification: no constraint");

        CollectionAssert.AreEqual(
            new[] { "Baseline.safetensors", "Encoding.safetensors", "History.json", "Manifest.json", "Model.key", "Weights.safetensors" },
            run.Save().Names);
        Assert.IsEmpty(Unwrap(run.Save().Load()).Model.Duals);
    }

    [TestMethod]
    public void Save_OverALongerFile_LeavesNothingOfIt()
    {
        var run = Workout.Get((string)Cases.First()[0]);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            run.Context.Model.Save(run.Model, run.Data.Schema, path);
            var length = new FileInfo(path).Length;
            File.WriteAllBytes(path, new byte[1_000_000]);

            run.Context.Model.Save(run.Model, run.Data.Schema, path);

            Assert.AreEqual(length, new FileInfo(path).Length);
            AssertSame(run, Unwrap(new MLContext().Model.Load(path, out _)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Load_OfAModelWithConfidence_KeepsWhatWasShown()
    {
        var run = Trained(0.9, Fairness.DemographicParity("Sex", 0.3), Fairness.LossParity("Region", 0.2),
            Fairness.DisparateImpact("Veteran", 0.5));
        var summary = run.Model.Model.Summary;
        Assert.AreEqual(0.9, summary.ConfidenceLevel);
        Assert.IsTrue(summary.Constraints.All(constraint => constraint.ConfidenceLimit is not null));

        var loaded = Unwrap(run.Save().Load()).Model.Summary;

        CollectionAssert.AreEqual(summary.Constraints.ToArray(), loaded.Constraints.ToArray());
        Assert.AreEqual(summary.ToString(), loaded.ToString());
    }

    [TestMethod]
    public void Load_OfAModelWithConflicts_KeepsThem()
    {
        var run = Trained(null, Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "Sex", 0.95),
            Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0.05));
        Assert.IsNotEmpty(run.Model.Model.Summary.Conflicts);
        Assert.IsTrue(run.Model.Model.Summary.Constraints.Any(constraint => constraint.WorstInequality is not null));

        AssertSame(run, Unwrap(run.Save().Load()));
    }

    [TestMethod]
    public void Save_WithoutConfidence_WritesNothingOfIt()
    {
        var manifest = System.Text.Encoding.UTF8.GetString(Workout.Get((string)Cases.First()[0]).Save()[ModelArchive.Manifest]);

        foreach (var name in new[] { "confidenceLevel", "confidenceLimit", "holdsWithConfidence", "safetyValue", "null" })
            Assert.DoesNotContain(name, manifest);
    }

    [TestMethod]
    public void Weights_AreUnderTheNetworksOwnNames()
    {
        var file = SafetensorsBytes.Read(Workout.Get("BinaryClassification: linear network").Save()[ModelArchive.Weights]);

        CollectionAssert.AreEqual(new[] { "layers.0.weight", "layers.0.bias" }, file.Tensors.Select(tensor => tensor.Name).ToArray());
    }

    /// <summary>The transformer itself, where ML.NET wraps a single one in a chain.</summary>
    internal static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Unwrap(ITransformer loaded)
        => (BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)(loaded is TransformerChain<ITransformer> chain
            ? chain.LastTransformer : loaded);

    private static WorkoutCase Trained(double? confidence, params FairnessConstraint[] constraints)
    {
        var context = new MLContext(1);
        var data = Census.View(context, 600);
        var options = Workout.Small(constraints);
        options.ConfidenceLevel = confidence;
        var trainer = context.Constrained().Trainers.BinaryClassification(options);
        return new WorkoutCase(context, data, data, trainer, trainer.Fit(data));
    }

    private static void AssertSame(WorkoutCase run, BinaryPredictionTransformer<ConstrainedBinaryModelParameters> loaded)
    {
        var model = run.Model;
        CollectionAssert.AreEqual(Schemas.Describe(model.Transform(run.Data).Schema), Schemas.Describe(loaded.Transform(run.Data).Schema));
        CollectionAssert.AreEqual(Scored.Of(model.Transform(run.Data)), Scored.Of(loaded.Transform(run.Data)));
        CollectionAssert.AreEqual(model.Model.Constraints.Select(constraint
            => constraint is CustomConstraint custom ? custom with { Statistic = null } : constraint).ToArray(),
            loaded.Model.Constraints.ToArray());
        CollectionAssert.AreEqual(model.Model.Duals.ToArray(), loaded.Model.Duals.ToArray());
        Assert.AreEqual(model.Model.Network, loaded.Model.Network);
        CollectionAssert.AreEqual(ModelJson.Write(model.Model.DualOptimizer), ModelJson.Write(loaded.Model.DualOptimizer));
        Assert.AreEqual(model.Model.Origin, loaded.Model.Origin);
        Assert.AreEqual((model.FeatureColumnName, model.FeatureColumnType), (loaded.FeatureColumnName, loaded.FeatureColumnType));
        Assert.AreEqual(model.Model.Summary, loaded.Model.Summary);
        CollectionAssert.AreEqual(model.Model.History.ToArray(), loaded.Model.History.ToArray());
    }
}
