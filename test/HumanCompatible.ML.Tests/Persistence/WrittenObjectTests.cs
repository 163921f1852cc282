using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Tests.Constraints.Compiled;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>What is read without the serializer is what the serializer reads, and what it refuses is left to it.</summary>
[TestClass]
public sealed class WrittenObjectTests
{
    private static readonly string[] Replacements =
        ["null", "true", "0", "-0", "-1", "7", "1.0", "1e0", "0.10000000000000000001", "1e400", "\"NaN\"", "\"x\"", "[]", "{}",
        "[null]", "\"kept\"", "\"KEPT\"", "\"2026-11-26T15:43:44Z\"", "\"positive, negative\"", "9007199254740993", "99999999999"];

    public static IEnumerable<object[]> Cases => Workout.Names.Concat(TaskWorkout.Names);

    public static IEnumerable<object[]> Networks => new NetworkDefinition[]
    {
        Network.Linear(), Network.Module("my own"), Network.MultilayerPerceptron([3, 4], Activation.SiLU, 0.1, Normalization.Layer),
        Network.ResidualPerceptron(8, 2), Network.ResidualPerceptron(8, 2, Activation.GELU, 0.1, Normalization.Batch),
    }.Select(network => new object[] { network });

    // Every member that may be there.
    private static ModelManifest Manifest => new()
    {
        Format = ModelManifest.CurrentFormat,
        Task = LearningTask.MulticlassClassification,
        Classes = ["a", "b"],
        LabelScale = new(1.5, 2),
        Origin = new(new(2026, 11, 26, 15, 43, 44, 731, TimeSpan.Zero), "HumanCompatible.ML 0.1.0", new('a', 64))
        {
            Experiment = new(1, 12, 3, 4, "BatchSize 256", "It was the best."),
        },
        Metadata = new Dictionary<string, string> { ["name"] = "Č \"quoted\"" },
        FeatureCount = 3,
        Network = Network.MultilayerPerceptron([64, 32]),
        Constraints =
        [
            .. CompiledConstraintsTests.BuiltIn.Where(constraint => constraint is not CustomConstraint),
            Fairness.PredictiveParity("Race", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "White" },
            Fairness.DemographicParity(["Race", "Sex"], 0.25) with { ClassName = "b", Name = "mine" },
        ],
        DualOptimizer = new InexactAugmentedLagrangianOptions { Dampening = 0.5, InitialDuals = [1, 2.5], BatchesPerStep = 2 },
        Multipliers = [new("mine", "mine: a - b <= 0.1", 0.125)],
        Summary = new(3, 4, 100, 50, true, 0.75, double.NaN, 0.5, 0.25,
        [
            new("c", 0.1, false, Verdict.Missed, 0.25, new(0.125, 0.5), 40, double.NaN, 0.375)
            {
                Groups = ["a", "b"],
                SafetyValue = 0.25,
                ConfidenceLimit = 0.3,
                SafetyRowsNeeded = 7_000_000_000,
                GroupsWithoutSafetyRows = [new("a", "no rows")],
                UnmeasurableGroups = [new("b", GroupMetric.SelectionRate, 3, 400, "class"), new("d", GroupMetric.MeanLoss, 3)],
                ExcludedGroups = [new("a", "1 row, fewer than 2", RowQuantity.PredictedPositive, "class")],
                UnseenGroups = ["e"],
                WorstInequality = "c: a - b <= 0.1",
            },
            new("d", 0.8, true, Verdict.Kept, 0.9, new(0.7, double.PositiveInfinity), 40, 0.9, 0.9),
        ])
        {
            Warnings = ["It was short."],
            ConfidenceLevel = 0.9,
            SafetyRows = 12,
            Conflicts = [new(["c", "d"], "no epoch kept both")],
        },
        Entries = new Dictionary<string, EntryDigest> { ["History.json"] = new(5_000_000_000, new('0', 64)) },
    };

    private static List<EpochHistory> History => [new(1, 0.5, double.NaN, 0.25, [0.1, double.NaN], []), new(2, 0.5, 1e-7, 1, [], [3])];

    private static DualOptimizerState Duals => new()
    {
        Epoch = 2,
        Updates = 30,
        Blocks =
        [
            new InexactAugmentedLagrangianBlockState
            {
                Name = "c",
                ConstraintKind = ConstraintKind.Inequality,
                Duals = [0.5, 1],
                Beta = 0.2,
                LastViolation = 0.1,
                MomentumBuffer = [0, 0],
                Options = new(),
            },
        ],
    };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void TryRead_WhatASavedModelHolds_GivesIt(string name)
    {
        var file = TaskWorkout.Names.Any(row => (string)row[0] == name) && TaskWorkout.Get(name) is var run
            ? ModelArchive.Save(run.Context, run.Model, run.Data.Schema) : Workout.Get(name).Save();
        var manifest = ModelJson.Read<ModelManifest>(file[ModelArchive.Manifest]);

        var isDefault = manifest.DualOptimizer is InexactAugmentedLagrangianOptions;
        if (!isDefault || manifest.Constraints.OfType<CustomConstraint>().Any())
            Assert.IsNull(WrittenObject.TryRead(file[ModelArchive.Manifest], WrittenManifest.Read), "It is left to the serializer.");
        else
            AssertGives(file[ModelArchive.Manifest], WrittenManifest.Read);
        AssertGives(file[ModelArchive.History], WrittenManifest.ReadHistory);
        if (isDefault && file.Names.Contains(ModelArchive.Duals))
            AssertGives(file[ModelArchive.Duals], WrittenManifest.ReadDuals);
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void TryRead_EveryNetwork_GivesIt(object network)
        => AssertGives(ModelJson.Write(Manifest with { Network = (NetworkDefinition)network }), WrittenManifest.Read);

    [TestMethod]
    public void TryRead_AnotherDualOptimizer_LeavesItToTheSerializer()
    {
        var manifest = ModelJson.Write(Manifest with { DualOptimizer = new AugmentedLagrangianOptions() });

        Assert.IsNull(WrittenObject.TryRead(manifest, WrittenManifest.Read));
        Assert.IsInstanceOfType<AugmentedLagrangianOptions>(ModelJson.Read(manifest, WrittenManifest.Read).DualOptimizer);
    }

    [TestMethod]
    public void TryRead_OtherManifests_AgreesWithTheSerializer() => AssertAgrees(Manifest, WrittenManifest.Read);

    [TestMethod]
    public void TryRead_OtherHistories_AgreesWithTheSerializer() => AssertAgrees(History, WrittenManifest.ReadHistory);

    [TestMethod]
    public void TryRead_OtherDuals_AgreesWithTheSerializer() => AssertAgrees(Duals, WrittenManifest.ReadDuals);

    [TestMethod]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("[{}]")]
    [DataRow("{}{}")]
    [DataRow("{\"\\ud800\":1}")]
    public void TryRead_OtherJson_GivesNothing(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);

        Assert.IsNull(WrittenObject.TryRead(bytes, WrittenManifest.Read));
        Assert.IsNull(WrittenObject.TryRead(bytes, WrittenManifest.ReadHistory));
        Assert.IsNull(WrittenObject.TryRead(bytes, WrittenManifest.ReadDuals));
    }

    private static void AssertGives<T>(byte[] written, Func<JsonElement, T> read)
        where T : class
    {
        var value = WrittenObject.TryRead(written, read);

        Assert.IsNotNull(value);
        Assert.AreEqual(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(ModelJson.Write(value)));
    }

    // Each value exchanged, each member left out, there twice or moved, and one more in each object.
    private static void AssertAgrees<T>(T value, Func<JsonElement, T> read)
        where T : class
    {
        var written = ModelJson.Write(value);
        AssertGives(written, read);
        var (changed, taken) = (0, 0);
        foreach (var json in Changed(Encoding.UTF8.GetString(written)))
        {
            changed++;
            var bytes = Encoding.UTF8.GetBytes(json);
            if (WrittenObject.TryRead(bytes, read) is not { } other)
                continue;
            taken++;
            var expected = ModelJson.Read<T>(bytes);
            Assert.AreEqual(Encoding.UTF8.GetString(ModelJson.Write(expected)), Encoding.UTF8.GetString(ModelJson.Write(other)), json);
        }

        Assert.IsGreaterThan(0, taken);
        Assert.IsGreaterThan(taken, changed);
    }

    private static IEnumerable<string> Changed(string json)
    {
        var paths = Paths(JsonNode.Parse(json)!).ToList();
        foreach (var path in paths)
        {
            foreach (var replacement in Replacements)
                yield return Edited(json, path, (parent, key) => Set(parent, key, JsonNode.Parse(replacement)));
            yield return Edited(json, path, Remove);
            yield return Edited(json, path, (parent, _) => (parent as JsonObject)?.Insert(0, "more", 1));
            yield return Edited(json, path, (parent, key) =>
            {
                if (parent is not JsonObject members || members[(string)key] is not { } moved)
                    return;
                members.Remove((string)key);
                members.Add((string)key, moved);
            });
            if (path[^1] is string name)
                yield return json.Replace($"\"{name}\":", $"\"{name}\":0,\"{name}\":", StringComparison.Ordinal);
        }
    }

    private static IEnumerable<object[]> Paths(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(member => Below(member.Key, member.Value)),
        JsonArray items => items.SelectMany((item, index) => Below(index, item)),
        _ => [],
    };

    private static IEnumerable<object[]> Below(object key, JsonNode? node)
        => Paths(node!).Select(path => (object[])[key, .. path]).Prepend([key]);

    private static string Edited(string json, object[] path, Action<JsonNode, object> edit)
    {
        var root = JsonNode.Parse(json)!;
        edit(path[..^1].Aggregate(root, (node, key) => key is string name ? node[name]! : node[(int)key]!), path[^1]);
        return root.ToJsonString();
    }

    private static void Set(JsonNode parent, object key, JsonNode? value)
    {
        if (key is string name)
            parent[name] = value;
        else
            parent[(int)key] = value;
    }

    private static void Remove(JsonNode parent, object key)
    {
        if (key is string name)
            parent.AsObject().Remove(name);
        else
            parent.AsArray().RemoveAt((int)key);
    }
}
