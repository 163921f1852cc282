using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>
/// Files that are not, or no longer, what was saved. ML.NET finds the loader by reflection and so wraps what it throws: what is wrong
/// stands in a
/// FormatException within.
/// </summary>
[TestClass]
public sealed class ModelFileProblemTests
{
    private const string Update = "and this version of HumanCompatible.ML reads up to version 1: update the library.";

    private static readonly WorkoutCase Run = Workout.Get("BinaryClassification: DemographicParity(Sex)");

    // What is done to the file, and what loading it says.
    private static readonly List<(string Name, Action<ModelArchive> Spoil, string Message)> Table =
    [
        ("no manifest", file => file.Remove(ModelArchive.Manifest), "The model file has no entry 'Manifest.json'."),
        ("no weights", file => file.Remove(ModelArchive.Weights), "The model file has no entry 'Weights.safetensors'."),
        ("no duals", file => file.Remove(ModelArchive.Duals), "The model file has no entry 'Duals.json'."),
        ("no history", file => file.Remove(ModelArchive.History), "The model file has no entry 'History.json'."),
        ("weights cut short", file => file[ModelArchive.Weights] = file[ModelArchive.Weights][..100],
            $"The model file's entry 'Weights.safetensors' cannot be read: it has 100 bytes, but {Run.Save()[ModelArchive.Weights].Length} "
            + "were written."),
        ("history cut short", file => file[ModelArchive.History] = [],
            $"The model file's entry 'History.json' cannot be read: it has 0 bytes, but {Run.Save()[ModelArchive.History].Length} were "
            + "written."),
        ("weights altered", file => Flip(file[ModelArchive.Weights]), "The model file's entry 'Weights.safetensors' cannot be read: it was altered after it was written (its SHA-256 differs from the one in the manifest)."),
        ("duals altered", file => Flip(file[ModelArchive.Duals]),
            "The model file's entry 'Duals.json' cannot be read: it was altered after it was written (its SHA-256 differs from the "
            + "one in the manifest)."),
        ("history altered", file => Flip(file[ModelArchive.History]), "The model file's entry 'History.json' cannot be read: it was altered after it was written (its SHA-256 differs from the one in the manifest)."),
        ("manifest altered", file => Flip(file[ModelArchive.Manifest]),
            "The model file's entry 'Manifest.json' cannot be read: it was altered after it was written (its SHA-256 differs from the one "
            + "in Model.key)."),
        ("newer format", file => file.EditManifest(manifest => manifest["format"] = 2),
            $"The model file's entry 'Manifest.json' cannot be read: its format is version 2, {Update}"),
        ("newer format with unknown members", file
            => file.EditManifest(manifest => (manifest["format"], manifest["quantized"]) = (3, true)),
            $"The model file's entry 'Manifest.json' cannot be read: its format is version 3, {Update}"),
        ("format zero", file => file.EditManifest(manifest => manifest["format"] = 0),
            $"The model file's entry 'Manifest.json' cannot be read: its format is version 0, {Update}"),
        ("no format", file => file.EditManifest(manifest => manifest.Remove("format")),
            "The model file's entry 'Manifest.json' cannot be read: it has no 'format' that is an integer."),
        ("format as text", file => file.EditManifest(manifest => manifest["format"] = "one"),
            "The model file's entry 'Manifest.json' cannot be read: it has no 'format' that is an integer."),
        ("manifest is no object", file => file.ReplaceManifest(Encoding.UTF8.GetBytes("[1]")),
            "The model file's entry 'Manifest.json' cannot be read: it has no 'format' that is an integer."),
        ("another task", file => file.EditManifest(manifest => manifest["task"] = "ranking"),
            "The model file's entry 'Manifest.json' cannot be read: its task is 'ranking', expected 'binaryClassification'."),
        ("negative feature count", file => file.EditManifest(manifest => manifest["featureCount"] = -3),
            "The model file's entry 'Manifest.json' cannot be read: its featureCount is -3, expected at least 1."),
        ("another feature count", file => file.EditManifest(manifest => manifest["featureCount"] = 6),
            "The model file's entry 'Weights.safetensors' cannot be read: The array 'encoding.offset' must have shape [6], got [5]."),
        ("unknown network", file => file.EditManifest(manifest => manifest["network"]!["kind"] = "transformer"),
            "The model file's entry 'Manifest.json' cannot be read: The network kind 'transformer' is unknown; known kinds are linear, "
            + "multilayerPerceptron, module."),
        ("unknown activation", file => file.EditManifest(manifest => manifest["network"]!["activation"] = "Step"),
            "The model file's entry 'Manifest.json' cannot be read: The network's activation 'Step' is unknown; known ones are ReLU, "
            + "LeakyReLU, Tanh, Sigmoid, SiLU."),
        ("unknown constraint", file => file.EditManifest(manifest => manifest["constraints"]![0]!["kind"] = "Kindness"),
            "The model file's entry 'Manifest.json' cannot be read: The fairness constraints cannot be read: Read unrecognized type "
            + "discriminator id 'Kindness'. Path: $[0] | LineNumber: 0 | BytePositionInLine: 39."),
        ("bound out of range", file => file.EditManifest(manifest => manifest["constraints"]![0]!["bound"] = 7),
            "The model file's entry 'Manifest.json' cannot be read: The fairness constraints cannot be used: DemographicParity(Sex): Bound "
            + "must be a number from 0 to 1, got 7."),
        ("unlisted weights", file => file.EditManifest(manifest => manifest["entries"]!.AsObject().Remove("Weights.safetensors")),
            "The model file's entry 'Weights.safetensors' cannot be read: the manifest does not list it."),
        ("other layers", file => file.EditManifest(manifest => manifest["network"]!["hiddenUnits"] = new JsonArray(8, 3)),
            "The model file's entry 'Weights.safetensors' cannot be read: The weights do not fit the network: 'layers.1.weight' must have "
            + "shape [3, 8], got [1, 8]; 'layers.1.bias' must have shape [3], got [1]; 'layers.2.weight' of shape [1, 3] is missing; "
            + "'layers.2.bias' of shape [1] is missing."),
        ("weights of another type", file => file.Replace(ModelArchive.Weights,
            Safetensors(SafetensorsTensor.From<double>("network.layers.0.weight", [1], [1]))),
            "The model file's entry 'Weights.safetensors' cannot be read: The tensor 'network.layers.0.weight' must have type F32, got "
            + "F64."),
        ("weights without the encoding", file
            => file.Replace(ModelArchive.Weights, Safetensors(SafetensorsTensor.From<float>("network.layers.0.weight", [1], [1]))),
            "The model file's entry 'Weights.safetensors' cannot be read: The array 'encoding.offset' is missing."),
        ("weights of something else", file => file.Replace(ModelArchive.Weights,
            Safetensors(SafetensorsTensor.From<float>("moments.0", [1], [1]))),
            "The model file's entry 'Weights.safetensors' cannot be read: the array 'moments.0' belongs neither to the network nor to the "
            + "encoding."),
        ("duals that hold nothing", file => file.Replace(ModelArchive.Duals, "{}"u8.ToArray()),
            "The model file's entry 'Duals.json' cannot be read: The state of a dual optimizer cannot be read: JSON deserialization for "
            + "type 'HumanCompatible.ML.Duals.DualOptimizerState' was missing required properties including: 'epoch', 'updates', "
            + "'blocks'."),
        ("history that is no list", file => file.Replace(ModelArchive.History, "{}"u8.ToArray()),
            "The model file's entry 'History.json' cannot be read: The JSON value could not be converted to "
            + "System.Collections.Generic.List`1[HumanCompatible.ML.Training.EpochHistory]. Path: $ | LineNumber: 0 | BytePositionInLine: 1."),
        ("history of nothing", file => file.Replace(ModelArchive.History, "null"u8.ToArray()),
            "The model file's entry 'History.json' cannot be read: it is null."),
        ("no summary", file => file.EditManifest(manifest => manifest.Remove("summary")),
            "The model file's entry 'Manifest.json' cannot be read: JSON deserialization for type "
            + "'HumanCompatible.ML.Persistence.ModelManifest' was missing required properties including: 'summary'."),
        ("unknown member", file => file.EditManifest(manifest => manifest["colour"] = "red"),
            "The model file's entry 'Manifest.json' cannot be read: The JSON property 'colour' could not be mapped to any .NET member "
            + "contained in type 'HumanCompatible.ML.Persistence.ModelManifest'."),
        ("unknown dual optimizer", file => file.EditManifest(manifest => manifest["dualOptimizer"]!["kind"] = "guess"), "The model file's entry 'Manifest.json' cannot be read: The options of a dual optimizer cannot be read: Read unrecognized type discriminator id 'guess'. Path: $ | LineNumber: 0 | BytePositionInLine: 23."),
        ("history of other constraints", file
            => file.Replace(ModelArchive.History,
            Edited(file[ModelArchive.History], history => history[1]!["auditedValues"] = new JsonArray(0.1, 0.2))),
            "The model file's entry 'History.json' cannot be read: epoch 2 has 2 audited values, but there are 1 constraints."),
        ("duals of another constraint", file => file.EditManifest(manifest => manifest["duals"]![0]!["constraint"] = "Mercy"),
            "The model file's entry 'Manifest.json' cannot be read: it has a dual of 'Mercy', which is none of its constraints."),
        ("fewer constraints than duals", file
            => file.EditManifest(manifest => manifest["constraints"] = new JsonArray()),
            "The model file's entry 'Manifest.json' cannot be read: it declares 0 constraints, but its summary has 1."),
        ("weights that are no safetensors", file
            => file.Replace(ModelArchive.Weights, [1, 2, 3]),
            "The model file's entry 'Weights.safetensors' cannot be read: The file is truncated: it has 3 bytes, and the length of its "
            + "header alone takes 8."),
    ];

    public static IEnumerable<object[]> Problems => Table.Select((item, index) => new object[] { index, item.Name });

    [TestMethod]
    [DynamicData(nameof(Problems))]
    public void Load_ASpoiledFile_SaysWhatIsWrong(int index, string name)
    {
        var file = Run.Save();
        Table[index].Spoil(file);
        var before = TorchState.Read();

        var error = Ours(Assert.Throws<Exception>(() => file.Load(), name));

        Assert.AreEqual(Table[index].Message, error.Message);
        before.AssertUnchanged();
    }

    [TestMethod]
    public void Load_ATruncatedZip_IsRefused()
    {
        var bytes = Run.Save().ToBytes();

        foreach (var length in new[] { 0, 1, 50, bytes.Length / 2, bytes.Length - 1 })
        {
            var error = Assert.ThrowsExactly<FormatException>(() => ModelArchive.Load(bytes[..length]));
            StringAssert.StartsWith(error.Message, "Failed to open a zip archive", $"{length} bytes");
        }
    }

    [TestMethod]
    public void Load_SomeoneElsesZip_IsRefused()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var content = zip.CreateEntry("holiday.txt").Open();
            content.Write("sun"u8);
        }

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => ModelArchive.Load(stream.ToArray()));

        Assert.AreEqual("Could not load legacy format model", error.Message);
    }

    [TestMethod]
    public void Load_AModelOfANewerLoader_IsRefused()
    {
        var file = Run.Save();
        var key = file[ModelArchive.Key];
        var signature = key.AsSpan().IndexOf("HCML\0BIN"u8); // ML.NET writes a space as 0
        Assert.IsGreaterThan(0, signature);
        BinaryPrimitives.WriteInt32LittleEndian(key.AsSpan(signature + 8), 0x00010002);
        BinaryPrimitives.WriteInt32LittleEndian(key.AsSpan(signature + 12), 0x00010002);

        var error = Ours(Assert.Throws<Exception>(() => file.Load()));

        StringAssert.Contains(error.Message, "'HCMLConstrainedBinary' of the model, because the model is too new");
    }

    [TestMethod]
    public void Load_AKeyWithoutTheDigest_IsRefused()
    {
        var file = Run.Save();
        var key = file[ModelArchive.Key];
        var digest = key.AsSpan().IndexOf(System.Security.Cryptography.SHA256.HashData(file[ModelArchive.Manifest]));
        key.AsSpan(digest, 32).Clear();

        var error = Ours(Assert.Throws<Exception>(() => file.Load()));

        Assert.AreEqual(
            "The model file's entry 'Manifest.json' cannot be read: it was altered after it was written (its SHA-256 differs from the one "
            + "in Model.key).", error.Message);
    }

    [TestMethod]
    public void Load_AfterAFailure_TheContextStillLoadsAGoodFile()
    {
        var context = new MLContext();
        var spoiled = Run.Save();
        Flip(spoiled[ModelArchive.Weights]);
        using var bad = new MemoryStream(spoiled.ToBytes());
        using var good = new MemoryStream(Run.Save().ToBytes());

        Assert.Throws<Exception>(() => context.Model.Load(bad, out _));

        CollectionAssert.AreEqual(Scored.Of(Run.Model.Transform(Run.Data)), Scored.Of(context.Model.Load(good, out _).Transform(Run.Data)));
    }

    [TestMethod]
    public void Save_ToAFolderThatIsNotThere_WritesNothing()
    {
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        Assert.ThrowsExactly<DirectoryNotFoundException>(()
            => Run.Context.Model.Save(Run.Model, Run.Data.Schema, Path.Combine(folder, "model.zip")));

        Assert.IsFalse(Directory.Exists(folder));
    }

    private static void Flip(byte[] bytes) => bytes[bytes.Length / 2] ^= 1;

    private static byte[] Edited(byte[] json, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(json)!;
        change(node);
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    private static byte[] Safetensors(params SafetensorsTensor[] tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors);
        return stream.ToArray();
    }

    /// <summary>What the reader threw, of the exceptions that ML.NET and reflection wrapped around it.</summary>
    private static FormatException Ours(Exception error)
    {
        while (error is not FormatException && error.InnerException is not null)
            error = error.InnerException;
        return error as FormatException ?? throw new AssertFailedException($"No FormatException, but {error}");
    }
}
