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
    private const string Entry = "The model file's entry ";

    private static readonly WorkoutCase Run = Workout.Get("BinaryClassification: DemographicParity(Sex)");

    // What is done to the file, and what loading it says of which entry; * stands for any text.
    private static readonly List<(string Name, Action<ModelArchive> Spoil, string Message)> Table =
    [
        ("no manifest", file => file.Remove(ModelArchive.Manifest), "'Manifest.json' cannot be read: it is missing."),
        ("no weights", file => file.Remove(ModelArchive.Weights), "'Weights.safetensors' cannot be read: it is missing."),
        ("no encoding", file => file.Remove(ModelArchive.Encoding), "'Encoding.safetensors' cannot be read: it is missing."),
        ("no duals", file => file.Remove(ModelArchive.Duals), "'Duals.json' cannot be read: it is missing."),
        ("no history", file => file.Remove(ModelArchive.History), "'History.json' cannot be read: it is missing."),
        ("weights cut short", file => file[ModelArchive.Weights] = file[ModelArchive.Weights][..100],
            $"'Weights.safetensors' cannot be read: it has 100 bytes, but {Length(ModelArchive.Weights)} were written."),
        ("history cut short", file => file[ModelArchive.History] = [],
            $"'History.json' cannot be read: it has 0 bytes, but {Length(ModelArchive.History)} were written."),
        ("weights with more behind", file => file[ModelArchive.Weights] = [.. file[ModelArchive.Weights], .. new byte[5_000_000]],
            $"'Weights.safetensors' cannot be read: it has more than the {Length(ModelArchive.Weights)} bytes that were written."),
        ("manifest of many bytes", file => file.ReplaceManifest(new byte[ModelManifest.MaximumBytes + 2]),
            $"'Manifest.json' cannot be read: it has {ModelManifest.MaximumBytes + 2} bytes, more than the * that a file of this length "
            + "may have."),
        ("weights altered", file => Flip(file[ModelArchive.Weights]), $"'Weights.safetensors' cannot be read: {Altered}"),
        ("encoding altered", file => Flip(file[ModelArchive.Encoding]), $"'Encoding.safetensors' cannot be read: {Altered}"),
        ("duals altered", file => Flip(file[ModelArchive.Duals]), $"'Duals.json' cannot be read: {Altered}"),
        ("history altered", file => Flip(file[ModelArchive.History]), $"'History.json' cannot be read: {Altered}"),
        ("manifest altered", file => Flip(file[ModelArchive.Manifest]),
            "'Manifest.json' cannot be read: it was altered after it was written: its SHA-256 differs from the one in Model.key."),
        ("newer format", Manifest(manifest => manifest["format"] = 3), "'Manifest.json' cannot be read: its format is version 3, and this "
            + "version of HumanCompatible.ML reads version 2: update the library."),
        ("newer format with unknown members", Manifest(manifest => (manifest["format"], manifest["quantized"]) = (4, true)),
            "'Manifest.json' cannot be read: its format is version 4, *: update the library."),
        ("older format", Manifest(manifest => manifest["format"] = 1),
            "'Manifest.json' cannot be read: its format is version 1, *: train the model again."),
        ("no format", Manifest(manifest => manifest.Remove("format")),
            "'Manifest.json' cannot be read: it has no 'format' that is an integer."),
        ("format as text", Manifest(manifest => manifest["format"] = "one"),
            "'Manifest.json' cannot be read: it has no 'format' that is an integer."),
        ("manifest is no object", file => file.ReplaceManifest("[1]"u8.ToArray()),
            "'Manifest.json' cannot be read: it has no 'format' that is an integer."),
        ("manifest is no JSON", file => file.ReplaceManifest("format"u8.ToArray()), "'Manifest.json' cannot be read: *"),
        ("unknown task", Manifest(manifest => manifest["task"] = "ranking"), "'Manifest.json' cannot be read: *Path: $.task *"),
        ("another task", Manifest(manifest => manifest["task"] = "regression"),
            "'Manifest.json' cannot be read: task must be BinaryClassification, got Regression."),
        ("task as a number", Manifest(manifest => manifest["task"] = 0), "'Manifest.json' cannot be read: *Path: $.task *"),
        ("negative feature count", Manifest(manifest => manifest["featureCount"] = -3),
            "'Manifest.json' cannot be read: featureCount must be at least 1, got -3."),
        ("another feature count", Manifest(manifest => manifest["featureCount"] = 6),
            "'Encoding.safetensors' cannot be read: The tensor 'offset' must have shape [6], got [5]."),
        ("a huge feature count", Manifest(manifest => manifest["featureCount"] = int.MaxValue),
            "'Encoding.safetensors' cannot be read: The tensor 'offset' must have shape [2147483647], got [5]."),
        ("unknown network", Manifest(manifest => manifest["network"]!["kind"] = "transformer"),
            "'Manifest.json' cannot be read: Read unrecognized type discriminator id 'transformer'. Path: $.network *"),
        ("a type as network", Manifest(manifest => manifest["network"]!["kind"] = "System.Diagnostics.Process, System"),
            "'Manifest.json' cannot be read: Read unrecognized type discriminator id *. Path: $.network *"),
        ("unknown activation", Manifest(manifest => manifest["network"]!["activation"] = "step"),
            "'Manifest.json' cannot be read: *Path: $.network.activation *"),
        ("network out of range", Manifest(manifest => (manifest["network"]!["hiddenUnits"], manifest["network"]!["dropout"])
            = (new JsonArray(-4), 2)),
            "'Manifest.json' cannot be read: Network.HiddenUnits[0] must be in [1, 65536], got -4. Network.Dropout must be in [0, 1), got "
            + "2."),
        ("nameless module", Manifest(manifest => manifest["network"] = new JsonObject { ["kind"] = "module", ["name"] = "" }),
            "'Manifest.json' cannot be read: The name of a network must not be empty."),
        ("unknown constraint", Manifest(manifest => manifest["constraints"]![0]!["kind"] = "kindness"),
            "'Manifest.json' cannot be read: Read unrecognized type discriminator id 'kindness'. Path: $.constraints[0] *"),
        ("constraint that is null", Manifest(manifest => manifest["constraints"]![0] = null),
            "'Manifest.json' cannot be read: 'constraints' must not be null or hold null."),
        ("comparison left out", Manifest(manifest => manifest["constraints"]![0]!.AsObject().Remove("comparison")),
            "'Manifest.json' cannot be read: '$.constraints[0].comparison' is missing."),
        ("bound out of range", Manifest(manifest => (manifest["constraints"]![0]!["bound"],
            manifest["summary"]!["constraints"]![0]!["bound"], manifest["summary"]!["constraints"]![0]!["violation"]) = (7, 7, 0)),
            "'Manifest.json' cannot be read: DemographicParity(Sex): Bound must be a number from 0 to 1, got 7."),
        ("unlisted weights", Manifest(manifest => manifest["entries"]!.AsObject().Remove("Weights.safetensors")),
            "'Weights.safetensors' cannot be read: the manifest does not list it."),
        ("unknown entry", Manifest(manifest => manifest["entries"]!["Extra.bin"] = manifest["entries"]![ModelArchive.History]!.DeepClone()),
            "'Manifest.json' cannot be read: entries lists 'Extra.bin', which is unknown."),
        ("negative length", Manifest(manifest => manifest["entries"]![ModelArchive.History]!["bytes"] = -1),
            "'History.json' cannot be read: it has more than the -1 bytes that were written."),
        ("huge length", Manifest(manifest => manifest["entries"]![ModelArchive.History]!["bytes"] = long.MaxValue),
            $"'History.json' cannot be read: it has {Length(ModelArchive.History)} bytes, but 9223372036854775807 were written."),
        ("other layers", Manifest(manifest => manifest["network"]!["hiddenUnits"] = new JsonArray(8, 3)),
            "'Weights.safetensors' cannot be read: The weights do not fit the network: 'layers.1.weight' must have shape [3, 8], got "
            + "[1, 8]; 'layers.1.bias' must have shape [3], got [1]; 'layers.2.weight' of shape [1, 3] is missing; 'layers.2.bias' of "
            + "shape [1] is missing."),
        ("weights of another type", file => file.Replace(ModelArchive.Weights,
            SafetensorsWriter.ToBytes([SafetensorsTensor.From<double>("layers.0.weight", [1])])),
            "'Weights.safetensors' cannot be read: The tensor 'layers.0.weight' must have type F32, got F64."),
        ("weights of something else", file => file.Replace(ModelArchive.Weights,
            SafetensorsWriter.ToBytes([SafetensorsTensor.From<float>("moments.0", [1])])),
            "'Weights.safetensors' cannot be read: The weights do not fit the network: *; 'moments.0' of shape [1] is not part of the "
            + "network."),
        ("weights that are no safetensors", file => file.Replace(ModelArchive.Weights, [1, 2, 3]),
            "'Weights.safetensors' cannot be read: The file is truncated: it has 3 bytes, and the length of its header alone takes 8."),
        ("an empty encoding", file => file.Replace(ModelArchive.Encoding, SafetensorsWriter.ToBytes([])),
            "'Encoding.safetensors' cannot be read: The tensor 'offset' is missing."),
        ("duals that hold nothing", file => file.Replace(ModelArchive.Duals, "{}"u8.ToArray()),
            "'Duals.json' cannot be read: *missing required properties including: 'epoch', 'updates', 'blocks'.*"),
        ("duals out of their range", file => file.Replace(ModelArchive.Duals, Edited(file[ModelArchive.Duals],
            duals => duals["blocks"]![0]!["duals"]![0] = -0.5)),
            "'Duals.json' cannot be read: block 'DemographicParity(Sex)': Duals[0] must be finite and from 0 to 100, got -0.5."),
        ("history that is no list", file => file.Replace(ModelArchive.History, "{}"u8.ToArray()),
            "'History.json' cannot be read: The JSON value could not be converted to *EpochHistory]. Path: $ *"),
        ("history of nothing", file => file.Replace(ModelArchive.History, "null"u8.ToArray()),
            "'History.json' cannot be read: '$' must not be null or hold null."),
        ("an epoch that is null", history => history.Replace(ModelArchive.History, Edited(history[ModelArchive.History],
            epochs => epochs[0] = null)), "'History.json' cannot be read: '$' must not be null or hold null."),
        ("an epoch too few", history => history.Replace(ModelArchive.History, Edited(history[ModelArchive.History],
            epochs => epochs.AsArray().RemoveAt(0))), "'History.json' cannot be read: it has 1 epochs, but 2 were run."),
        ("history of other constraints", file => file.Replace(ModelArchive.History, Edited(file[ModelArchive.History],
            history => history[1]!["auditedValues"] = new JsonArray(0.1, 0.2))),
            "'History.json' cannot be read: epoch 2 has 2 audited values, but there are 1 constraints."),
        .. new (string Member, JsonNode Value, string Expected)[]
        {
            ("trainingLoss", "NaN", "finite and not negative, got NaN"),
            ("trainingLoss", "Infinity", "finite and not negative, got Infinity"),
            ("trainingLoss", -0.1, "finite and not negative, got -0.1"), ("validationLoss", "NaN", "finite and not negative, got NaN"),
            ("validationLoss", -1, "finite and not negative, got -1"), ("validationAccuracy", "NaN", "from 0 to 1, got NaN"),
            ("validationAccuracy", -0.1, "from 0 to 1, got -0.1"), ("validationAccuracy", 1.1, "from 0 to 1, got 1.1"),
            ("auditedValues", new JsonArray("-Infinity"), "finite or NaN, got -Infinity"),
            ("duals", new JsonArray(0.1, "NaN"), "finite and not negative, got NaN"),
            ("duals", new JsonArray(-0.1, 0.1), "finite and not negative, got -0.1"),
        }.Select(one => ($"an epoch with {one.Member} {one.Value.ToJsonString()}", (Action<ModelArchive>)(file => file.Replace(
            ModelArchive.History, Edited(file[ModelArchive.History], epochs => epochs[0]![one.Member] = one.Value.DeepClone()))),
            $"'History.json' cannot be read: {one.Member} of epoch 1 must be {one.Expected}.")),
        ("an epoch that was not run", Manifest(manifest => manifest["summary"]!["selectedEpoch"] = 3),
            "'Manifest.json' cannot be read: summary.selectedEpoch must be from 1 to 2, got 3."),
        ("no metadata", Manifest(manifest => manifest.Remove("metadata")),
            "'Manifest.json' cannot be read: *missing required properties including: 'metadata'.*"),
        ("metadata without a name", Manifest(manifest => manifest["metadata"]![""] = "x"),
            "'Manifest.json' cannot be read: metadata must have names of 1 to 200 characters, got one of 0."),
        ("metadata that is no text", Manifest(manifest => manifest["metadata"]!["x"] = 1),
            "'Manifest.json' cannot be read: *metadata*"),
        ("no summary", Manifest(manifest => manifest.Remove("summary")),
            "'Manifest.json' cannot be read: *missing required properties including: 'summary'.*"),
        ("no origin", Manifest(manifest => manifest.Remove("origin")),
            "'Manifest.json' cannot be read: *missing required properties including: 'origin'.*"),
        ("a summary without conflicts", Manifest(manifest => manifest["summary"]!.AsObject().Remove("conflicts")),
            "'Manifest.json' cannot be read: '$.summary.conflicts' is missing."),
        ("a verdict that is not so", Manifest(manifest => manifest["summary"]!["verdict"] = "shown"),
            "'Manifest.json' cannot be read: '$.summary.verdict' must be * as the rest says, got \"shown\"."),
        ("a verdict that is none", Manifest(manifest => manifest["summary"]!["constraints"]![0]!["verdict"] = "fair"),
            "'Manifest.json' cannot be read: *Path: $.summary.constraints[0].verdict *"),
        ("an interval without an end", Manifest(manifest
            => manifest["summary"]!["constraints"]![0]!["interval"]!.AsObject().Remove("upper")),
            "'Manifest.json' cannot be read: *missing required properties including: 'upper'.*"),
        ("an interval of another confidence", Manifest(manifest => manifest["summary"]!["constraints"]![0]!["intervalConfidence"] = 1),
            "'Manifest.json' cannot be read: '$.summary.constraints[0].intervalConfidence' must be 0.95 as the rest says, got 1."),
        ("safety rows that tell nothing where none were asked for", Manifest(manifest
            => manifest["summary"]!["constraints"]![0]!["groupsWithoutSafetyRows"] = new JsonArray(
                new JsonObject { ["name"] = "a", ["reason"] = "no rows" })),
            "'Manifest.json' cannot be read: *must be there where a confidence was asked for, and only there.*"),
        ("unknown member", Manifest(manifest => manifest["color"] = "red"),
            "'Manifest.json' cannot be read: The JSON property 'color' could not be mapped to any .NET member *"),
        ("a member twice", file => file.ReplaceManifest([.. "{\"format\":2,"u8, .. file[ModelArchive.Manifest][1..]]),
            "'Manifest.json' cannot be read: Duplicate property 'format' encountered during deserialization of type '*'.*"),
        ("unknown dual optimizer", Manifest(manifest => manifest["dualOptimizer"]!["kind"] = "guess"),
            "'Manifest.json' cannot be read: Read unrecognized type discriminator id 'guess'. Path: $.dualOptimizer *"),
        ("dual optimizer out of range", Manifest(manifest => manifest["dualOptimizer"]!["beta"] = -1),
            "'Manifest.json' cannot be read: Beta *-1*"),
        ("multipliers of another constraint", Manifest(manifest => manifest["multipliers"]![0]!["constraint"] = "Mercy"),
            "'Manifest.json' cannot be read: multipliers has one of 'Mercy', which is none of the constraints."),
        ("fewer constraints than summaries", Manifest(manifest => (manifest["constraints"], manifest["multipliers"])
            = (new JsonArray(), new JsonArray())),
            "'Manifest.json' cannot be read: summary.constraints must have the names and bounds of constraints, in their order."),
        ("a verdict against its value", Manifest(manifest => (manifest["summary"]!["constraints"]![0]!["value"],
            manifest["summary"]!["constraints"]![0]!["violation"], manifest["summary"]!["constraints"]![0]!["verdict"],
            manifest["summary"]!["verdict"]) = (0.01, 0, "missed", "missed")),
            "'Manifest.json' cannot be read: DemographicParity(Sex): verdict must follow from value and bound, got Missed for 0.01 and "
            + "0.05."),
        ("held-out rows of a statistic that any rows tell", Manifest(manifest
            => manifest["summary"]!["constraints"]![0]!["isOfHeldOutRows"] = true),
            "'Manifest.json' cannot be read: DemographicParity(Sex): isOfHeldOutRows must be false: *"),
        ("other groups than the multipliers", Manifest(manifest => manifest["summary"]!["constraints"]![0]!["groups"]
            = new JsonArray("Female", "Other")), "'Manifest.json' cannot be read: DemographicParity(Sex): multipliers must be those of its "
            + "inequalities between the groups that summary.constraints names, in their order."),
        ("a multiplier too few", Manifest(manifest => manifest["multipliers"]!.AsArray().RemoveAt(0)),
            "'Manifest.json' cannot be read: DemographicParity(Sex): multipliers must be those of its inequalities *"),
        ("another multiplier", Manifest(manifest => manifest["multipliers"]![0]!["value"] = 99),
            "'Duals.json' cannot be read: its multipliers must be those of the manifest."),
        ("a multiplier that is not finite", Manifest(manifest => manifest["multipliers"]![0]!["value"] = "NaN"),
            "'Duals.json' cannot be read: its multipliers must be those of the manifest."),
        ("an accuracy above 1", Manifest(manifest => manifest["summary"]!["trainingAccuracy"] = 1.5),
            "'Manifest.json' cannot be read: summary.trainingAccuracy must be from 0 to 1, got 1.5."),
        ("a shift of no rate", Manifest(manifest
            => manifest["summary"]!["constraints"]![0]!["trainingShifts"] = new JsonArray(0.1)),
            "'Manifest.json' cannot be read: *trainingShifts must be as many as trainingWeights, *, got 1."),
        ("a shift that no rate can have", Manifest(manifest => manifest["summary"]!["constraints"]![0]!["trainingShifts"]
            = new JsonArray(7, 0)), "'Manifest.json' cannot be read: *trainingShifts must be from -1 to 1, got 7."),
        ("no training rows", Manifest(manifest => manifest["summary"]!["trainingRows"] = 0),
            "'Manifest.json' cannot be read: summary.trainingRows must be at least 1, got 0."),
        ("safety rows without confidence", Manifest(manifest => manifest["summary"]!["safetyRows"] = 9),
            "'Manifest.json' cannot be read: summary.safetyRows must be 0 where no confidence was asked for."),
        ("a conflict of another constraint", Manifest(manifest => manifest["summary"]!["conflicts"] = new JsonArray(
            new JsonObject { ["constraints"] = new JsonArray("Mercy"), ["reason"] = "x" })),
            "'Manifest.json' cannot be read: summary.conflicts has one of 'Mercy', which is none of the constraints."),
        ("no fingerprint", Manifest(manifest => manifest["origin"]!["dataFingerprint"] = "none"),
            "'Manifest.json' cannot be read: origin.dataFingerprint must be 64 hexadecimal digits."),
        ("a constraint of another task", Manifest(manifest => manifest["constraints"]![0]!["kind"] = "meanParity"),
            "'Manifest.json' cannot be read: DemographicParity(Sex): * is a statistic of regression, not of *"),
        ("the best accuracy of no epoch", Manifest(manifest => manifest["summary"]!["bestAccuracy"] = 0.99),
            "'History.json' cannot be read: its best validationAccuracy is not the bestAccuracy of the manifest."),
        ("epochs exchanged", file => file.Replace(ModelArchive.History, Edited(file[ModelArchive.History],
            history => (history[0]!["epoch"], history[1]!["epoch"]) = (2, 1))),
            "'History.json' cannot be read: epoch 1 must come after epoch 0, got epoch 2."),
        ("an epoch with a multiplier more", file => file.Replace(ModelArchive.History, Edited(file[ModelArchive.History],
            history => history[0]!["duals"]!.AsArray().Add(0.5))),
            "'History.json' cannot be read: epoch 1 has 3 multipliers, but there are 2."),
        ("weights that are not finite", file => file.Replace(ModelArchive.Weights, NotFinite(file[ModelArchive.Weights])),
            "'Weights.safetensors' cannot be read: The tensor 'layers.0.weight' must hold finite numbers, got NaN at position 1."),
        ("entries of an own network", Manifest(manifest => manifest["entries"]!["Probes.safetensors"]
            = manifest["entries"]![ModelArchive.History]!.DeepClone()), "'Manifest.json' cannot be read: entries lists "
            + "'Probes.safetensors', which belongs to a network of the user's own only."),
        ("arrays of a state without numbers", Manifest(manifest => manifest["entries"]!["TrainingState.safetensors"]
            = manifest["entries"]![ModelArchive.History]!.DeepClone()), "'Manifest.json' cannot be read: entries lists "
            + "'TrainingState.safetensors', which belongs to one with 'TrainingState.json' only."),
        ("another bound than the summary's", Manifest(manifest => manifest["constraints"]![0]!["bound"] = 0.06),
            "'Manifest.json' cannot be read: summary.constraints must have the names and bounds of constraints, in their order."),
    ];

    private static string Altered => "it was altered after it was written: its SHA-256 differs from the one in the manifest.";

    public static IEnumerable<object[]> Problems => Table.Select((item, index) => new object[] { index, item.Name });

    [TestMethod]
    [DynamicData(nameof(Problems))]
    public void Load_ASpoiledFile_SaysWhatIsWrong(int index, string name)
    {
        var file = Run.Save();
        Table[index].Spoil(file);
        var before = TorchState.Read();

        var error = Ours(Assert.Throws<Exception>(() => file.Load(), name));

        MessageAssert.Like(Entry + Table[index].Message, error.Message);
        Assert.IsNull(error.InnerException, "the innermost says of what it is");
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

        Assert.AreEqual(Entry + "'Manifest.json' cannot be read: it was altered after it was written: its SHA-256 differs from the one in "
            + "Model.key.", error.Message);
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

    private static byte[] NotFinite(byte[] weights)
    {
        BinaryPrimitives.WriteSingleLittleEndian(weights.AsSpan(8 + (int)BinaryPrimitives.ReadInt64LittleEndian(weights) + 4), float.NaN);
        return weights;
    }

    private static Action<ModelArchive> Manifest(Action<JsonObject> change) => file => file.EditManifest(change);

    private static int Length(string entry) => Run.Save()[entry].Length;

    /// <summary>What the reader threw, of the exceptions that ML.NET and reflection wrapped around it.</summary>
    private static FormatException Ours(Exception error)
    {
        while (error is not FormatException && error.InnerException is not null)
            error = error.InnerException;
        return error as FormatException ?? throw new AssertFailedException($"No FormatException, but {error}");
    }
}
