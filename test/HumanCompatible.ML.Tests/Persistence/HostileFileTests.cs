using System.Text;
using System.Text.Json.Nodes;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>Small files that ask for much: what they declare is checked before memory of its size is taken.</summary>
[TestClass]
public sealed class HostileFileTests
{
    private const long Most = 200_000_000;

    private static readonly WorkoutCase Run = Workout.Get("BinaryClassification: DemographicParity(Sex)");

    private static readonly Dictionary<string, Action<ModelArchive>> Files = new()
    {
        ["a manifest of blanks"] = file => file.ReplaceManifest(
            [.. file[ModelArchive.Manifest], .. Enumerable.Repeat((byte)' ', 60_000_000)]),
        ["a history of nothing"] = file => file.Replace(ModelArchive.History,
            Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Repeat("[]", 1_000_000))}]")),
        ["a history of zeros"] = file => file.Replace(ModelArchive.History, Edited(file[ModelArchive.History],
            history => history[0]!["duals"] = new JsonArray([.. Enumerable.Repeat(0, 1_000_000).Select(zero => JsonValue.Create(zero))]))),
        ["weights of zeros"] = file => file.Replace(ModelArchive.Weights,
            SafetensorsWriter.ToBytes([SafetensorsTensor.From<float>("layers.0.weight", new float[50_000_000])])),
        ["very wide layers"] = file => file.EditManifest(manifest
            => manifest["network"]!["hiddenUnits"] = new JsonArray(65_536, 65_536, 65_536)),
        ["very many layers"] = file => file.EditManifest(manifest => manifest["network"]!["hiddenUnits"]
            = new JsonArray([.. Enumerable.Repeat(1, 100_000).Select(width => JsonValue.Create(width))])),
        ["very many groups"] = file => file.EditManifest(manifest => manifest["summary"]!["constraints"]![0]!["groups"]
            = new JsonArray([.. Enumerable.Range(0, 50_000).Select(group => JsonValue.Create("g"))])),
        ["very many features"] = file => file.EditManifest(manifest => manifest["featureCount"] = int.MaxValue),
        ["shapes that overflow"] = file => file.Replace(ModelArchive.Weights,
            SafetensorsWriter.ToBytes([new SafetensorsTensor("layers.0.weight", SafetensorsType.F32, [1L << 40, 1L << 40, 0], default)])),
        ["boundaries that are not there"] = file => file.Replace(ModelArchive.Encoding, Numbers(file[ModelArchive.Encoding],
            "boundaryCounts", int.MaxValue)),
        ["a state of nothing"] = file => file.EditManifest(manifest => manifest["entries"]!["TrainingState.json"]
            = new JsonObject { ["bytes"] = 1L << 40, ["sha256"] = new string('0', 64) }),
        ["very long names"] = file => file.EditManifest(manifest
            => manifest["network"]!["kind"] = new string('x', 1_000_000)),
        ["very many problems"] = file => file.EditManifest(manifest => manifest["network"]!["hiddenUnits"]
            = new JsonArray([.. Enumerable.Repeat(-1, 20_000).Select(width => JsonValue.Create(width))])),
    };

    public static IEnumerable<object[]> Names => Files.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Load_AFileThatAsksForMuch_IsRefusedWithoutTakingIt(string name)
    {
        var file = Run.Save();
        Files[name](file);
        var bytes = file.ToBytes();
        Assert.IsLessThan(250_000, bytes.Length);
        foreach (var load in new Action[]
        {
            () => new MLContext().Model.Load(new MemoryStream(bytes), out _),
            () => new MLContext().Constrained().Model.Load(new MemoryStream(bytes), out _),
        })
        {
            Warm(load);
            var before = GC.GetAllocatedBytesForCurrentThread();

            var error = Assert.Throws<Exception>(load);

            Assert.IsLessThan(Most, GC.GetAllocatedBytesForCurrentThread() - before);
            while (error is not FormatException && error.InnerException is { } inner)
                error = inner;
            Assert.IsInstanceOfType<FormatException>(error);
            Assert.IsLessThanOrEqualTo(500, error.Message.Length);
        }
    }

    [TestMethod]
    public void Load_ManyClassesOfManyConstraints_AreNotMultiplied()
    {
        var run = TaskWorkout.Get($"{TaskWorkout.Multiclass}: {TaskWorkout.ConstraintsOf[TaskWorkout.Multiclass][0].Name}");
        var file = ModelArchive.Save(run.Context, run.Model, run.Data.Schema);
        file.EditManifest(manifest =>
        {
            var (constraint, summary) = (manifest["constraints"]![0]!, manifest["summary"]!["constraints"]![0]!);
            manifest["classes"] = new JsonArray([.. Enumerable.Range(0, 20_000).Select(number => JsonValue.Create($"c{number}"))]);
            manifest["multipliers"]!.AsArray().Add(new JsonObject { ["constraint"] = "c0", ["inequality"] = "y", ["value"] = 0 });
            for (var number = 0; number < 500; number++)
            {
                var (other, said) = (constraint.DeepClone(), summary.DeepClone());
                (other["name"], said["name"]) = ($"c{number}", $"c{number}");
                manifest["constraints"]!.AsArray().Add(other);
                manifest["summary"]!["constraints"]!.AsArray().Add(said);
            }
        });
        var bytes = file.ToBytes();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.ThrowsExactly<FormatException>(() => new MLContext().Constrained().Model.Load(new MemoryStream(bytes), out _));

        Assert.IsLessThan(Most, GC.GetAllocatedBytesForCurrentThread() - before);
        StringAssert.Contains(error.Message, "multipliers must be those of its inequalities");
    }

    // What the first call in a process allocates for good is not of the file.
    private static void Warm(Action load)
    {
        try
        {
            load();
        }
        catch (Exception)
        {
        }
    }

    private static byte[] Edited(byte[] json, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(json)!;
        change(node);
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    private static byte[] Numbers(byte[] safetensors, string name, int value) => SafetensorsWriter.ToBytes(
        [.. SafetensorsBytes.Read(safetensors).Tensors.Select(tensor => tensor.Name != name ? tensor
            : SafetensorsTensor.From<int>(name, [.. tensor.ToArray<int>().Select(_ => value)]))]);
}
