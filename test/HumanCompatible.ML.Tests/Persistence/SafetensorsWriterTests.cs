using System.Text;
using HumanCompatible.ML.Persistence;

namespace HumanCompatible.ML.Tests.Persistence;

[TestClass]
public sealed class SafetensorsWriterTests
{
    [TestMethod]
    public void Write_TwoTensorsAndMetadata_GivesTheBytesOfTheFormat()
    {
        var file = SafetensorsBytes.Write(
            [
                SafetensorsTensor.From<byte>("u", [3], [1, 2, 255]),
                SafetensorsTensor.From<float>("w", [1, 2], [1.5f, -2f]),
            ],
            new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" });
        var header = """{"__metadata__":{"a":"1","b":"2"},"u":{"dtype":"U8","shape":[3],"data_offsets":[8,11]},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""";
        var padded = (header.Length + 7) / 8 * 8;
        byte[] expected = [.. BitConverter.GetBytes((long)padded), .. Encoding.ASCII.GetBytes(header.PadRight(padded)), 0, 0, 0xC0, 0x3F,
            0, 0, 0, 0xC0, 1, 2, 255];
        CollectionAssert.AreEqual(expected, file);
    }

    [TestMethod]
    public void Write_Nothing_GivesAnEmptyObject() =>
        CollectionAssert.AreEqual(new byte[] { 8, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}', 32, 32, 32, 32, 32, 32 },
            SafetensorsBytes.Write([]));

    [TestMethod]
    public void Write_MetadataInAnotherOrder_GivesTheSameBytes()
    {
        SafetensorsTensor[] tensors = [SafetensorsTensor.From<double>("d", [], [1])];
        CollectionAssert.AreEqual(
            SafetensorsBytes.Write(tensors, new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" }),
            SafetensorsBytes.Write(tensors, new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" }));
    }

    [TestMethod]
    public void Write_NameTwice_Throws()
    {
        var tensor = SafetensorsTensor.From<byte>("a", [1], [1]);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SafetensorsBytes.Write([tensor, tensor])).Message,
            "'a' occurs twice");
    }

    [TestMethod]
    public void From_BadNameShapeOrType_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(() => SafetensorsTensor.From<float>("", [1], [1]));
        Assert.ThrowsExactly<ArgumentException>(() => SafetensorsTensor.From<float>("__metadata__", [1], [1]));
        Assert.ThrowsExactly<ArgumentException>(() => SafetensorsTensor.From<float>("a", [2, 2], [1, 2, 3]));
        Assert.ThrowsExactly<ArgumentException>(() => SafetensorsTensor.From<float>("a", [-1, -1], [1]));
        Assert.ThrowsExactly<ArgumentException>(() => SafetensorsTensor.From<ushort>("a", [1], [1]));
    }

    [TestMethod]
    public void From_ValuesChangedLater_KeepsItsCopy()
    {
        float[] values = [1, 2];
        var tensor = SafetensorsTensor.From<float>("a", [2], values);
        values[0] = 9;
        CollectionAssert.AreEqual(new float[] { 1, 2 }, tensor.ToArray<float>());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => tensor.ToArray<int>()).Message,
            "must have type I32, got F32");
    }
}
