using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Scoring;

/// <summary>The exported weights, read by the definition of safetensors and by no code of ours.</summary>
[TestClass]
public sealed class WeightsExportTests
{
    [TestMethod]
    [DataRow("DemographicParity(Sex)", true)]
    [DataRow("features as they are", false)]
    public void ExportWeights_OfABuiltInNetwork_HoldWhatItScoresWith(string name, bool encodes)
    {
        var model = Workout.Get("BinaryClassification: " + name).Model.Model;

        var (metadata, tensors) = Export(model.ExportWeights);

        Assert.AreEqual("""{"kind":"multilayerPerceptron","hiddenUnits":[8],"activation":"reLU","dropout":0}""", metadata["network"]);
        Assert.StartsWith("HumanCompatible.ML ", metadata["library"]);
        Assert.AreEqual("binaryClassification", metadata["task"]);
        foreach (var array in model.Weights.Arrays)
        {
            var (type, shape, data) = tensors[array.Name];
            Assert.AreEqual("F32", type);
            CollectionAssert.AreEqual(array.Shape.ToArray(), shape);
            CollectionAssert.AreEqual(array.Values.ToArray(), MemoryMarshal.Cast<byte, float>(data).ToArray());
        }

        Assert.HasCount(model.Weights.Arrays.Length + (encodes ? 7 : 0), tensors);
        if (encodes)
        {
            CollectionAssert.AreEqual(model.Encoder.Slots.Select(slot => slot.Scale).ToArray(),
                MemoryMarshal.Cast<byte, float>(tensors["encoding.scale"].Data).ToArray());
            CollectionAssert.AreEqual(model.Encoder.Slots.SelectMany(slot => slot.Boundaries).ToArray(),
                MemoryMarshal.Cast<byte, float>(tensors["encoding.boundaries"].Data).ToArray());
        }
    }

    [TestMethod]
    public void ExportWeights_OfSeveralClassesAndOfNumbers_SayWhatTheOutputsAre()
    {
        var (classes, _) = Export(TaskWorkout.Get($"{TaskWorkout.Multiclass}: no constraint").Parameters.ExportWeights);
        var (numbers, _) = Export(TaskWorkout.Get($"{TaskWorkout.Regression}: no constraint").Parameters.ExportWeights);

        Assert.AreEqual(("multiclassClassification", """["low","mid","high"]"""), (classes["task"], classes["classes"]));
        Assert.AreEqual("regression", numbers["task"]);
        Assert.Contains("\"deviation\":", numbers["labelScale"]);
    }

    [TestMethod]
    public void ExportWeights_OfTheUsersModule_HaveItsNames()
    {
        var context = new MLContext(1);
        var options = Workout.Small();
        (options.Network, options.NumberOfEpochs) = (UserNetworks.Linear, 1);
        using var model = context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 200));

        var (metadata, tensors) = Export(model.Model.ExportWeights);

        Assert.AreEqual("""{"kind":"module","name":"tests: linear"}""", metadata["network"]);
        CollectionAssert.IsSubsetOf(new[] { "linear.weight", "linear.bias" }, tensors.Keys);
    }

    private static (Dictionary<string, string> Metadata, Dictionary<string, (string Type, long[] Shape, byte[] Data)> Tensors) Export(
        Action<string> export)
    {
        var path = Path.GetTempFileName();
        try
        {
            export(path);
            return Read(File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // 8 bytes: N, the length of the header; N bytes of JSON; the data, which the tensors cover without a hole.
    private static (Dictionary<string, string>, Dictionary<string, (string, long[], byte[])>) Read(byte[] file)
    {
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        using var header = JsonDocument.Parse(file.AsMemory(8, length));
        var data = file.AsSpan(8 + length);
        var tensors = new Dictionary<string, (string, long[], byte[])>();
        var covered = 0;
        foreach (var tensor in header.RootElement.EnumerateObject().Where(member => member.Name != "__metadata__"))
        {
            var offsets = tensor.Value.GetProperty("data_offsets");
            var (begin, end) = (offsets[0].GetInt32(), offsets[1].GetInt32());
            long[] shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(number => number.GetInt64())];
            Assert.AreEqual(4 * shape.Aggregate(1L, (x, y) => x * y), end - begin, tensor.Name);
            tensors.Add(tensor.Name, (tensor.Value.GetProperty("dtype").GetString()!, shape, data[begin..end].ToArray()));
            covered += end - begin;
        }

        Assert.AreEqual(data.Length, covered);
        return (header.RootElement.GetProperty("__metadata__").Deserialize<Dictionary<string, string>>()!, tensors);
    }
}
