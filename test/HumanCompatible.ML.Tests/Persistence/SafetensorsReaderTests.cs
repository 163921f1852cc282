using System.Text;
using FsCheck.Fluent;
using HumanCompatible.ML.Persistence;

namespace HumanCompatible.ML.Tests.Persistence;

[TestClass]
public sealed class SafetensorsReaderTests
{
    /// <summary>
    /// Bytes put together in Python with struct.pack("&lt;Q"), json.dumps and numpy's tobytes(), laid out as the format's description says.
    /// </summary>
    private const string FromPython =
        "4AAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJjb3VudCI6eyJkdHlwZSI6Ikk2NCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzAsMTZdfSwibGF5ZXJzLjAud2VpZ2h0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsxLDJdLCJkYXRhX29mZnNldHMiOlsxNiwyNF19LCJtYXNrIjp7ImR0eXBlIjoiVTgiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOlsyNCwyN119fSAgICAgIAcAAAAAAAAA//////////8AAMA/AAAQwAD/Aw==";

    [TestMethod]
    public void Read_BytesFromPython_GivesEveryTensor()
    {
        var file = SafetensorsBytes.Read(Convert.FromBase64String(FromPython));
        CollectionAssert.AreEqual(new[] { "count", "layers.0.weight", "mask" }, file.Tensors.Select(tensor => tensor.Name).ToArray());
        Assert.AreEqual("pt", file.Metadata["format"]);
        CollectionAssert.AreEqual(new long[] { 7, -1 }, file.Find("count")!.ToArray<long>());
        CollectionAssert.AreEqual(new[] { 1.5f, -2.25f }, file.Find("layers.0.weight")!.ToArray<float>());
        CollectionAssert.AreEqual(new long[] { 1, 2 }, file.Find("layers.0.weight")!.Shape.ToArray());
        CollectionAssert.AreEqual(new byte[] { 0, 255, 3 }, file.Find("mask")!.ToArray<byte>());
        Assert.IsNull(file.Find("absent"));
    }

    [TestMethod]
    public void Write_WhatPythonGave_GivesTheSameBytes()
    {
        var bytes = Convert.FromBase64String(FromPython);
        var file = SafetensorsBytes.Read(bytes);
        CollectionAssert.AreEqual(bytes, SafetensorsBytes.Write(file.Tensors, file.Metadata));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Read_StreamFromItsPosition_WithOrWithoutSeeking(bool compressed)
    {
        var bytes = Convert.FromBase64String(FromPython);
        using MemoryStream stream = new();
        stream.Write([9, 9, 9]);
        if (compressed)
        {
            using System.IO.Compression.DeflateStream deflate =
                new(stream, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true);
            deflate.Write(bytes);
        }
        else
        {
            stream.Write(bytes);
        }

        stream.Position = 3;
        using Stream source = compressed ? new System.IO.Compression.DeflateStream(stream,
            System.IO.Compression.CompressionMode.Decompress) : stream;
        Assert.HasCount(3, SafetensorsReader.Read(source).Tensors);
    }

    [TestMethod]
    public void Read_EveryTruncation_IsAnError()
    {
        var bytes = Convert.FromBase64String(FromPython);
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            var message = Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.Read(cut)).Message;
            StringAssert.Contains(message, "truncated", $"at {length} bytes");
        }

        Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.Read([.. bytes, 0]));
    }

    [TestMethod]
    public void Read_EveryAlteredByteOfTheHeader_IsAnErrorOrAWholeFile()
    {
        var bytes = Convert.FromBase64String(FromPython);
        var headerEnd = 8 + (int)BitConverter.ToInt64(bytes);
        var rejected = 0;
        for (var position = 0; position < headerEnd; position++)
        {
            foreach (var mask in new byte[] { 0x01, 0x04, 0x10, 0x20, 0x80, 0xFF })
            {
                byte[] altered = [.. bytes];
                altered[position] ^= mask;
                try
                {
                    var file = SafetensorsBytes.Read(altered);
                    Assert.AreEqual(27, file.Tensors.Sum(tensor => tensor.Data.Length));
                }
                catch (InvalidDataException)
                {
                    rejected++;
                }
            }
        }

        Assert.IsGreaterThan(3 * headerEnd, rejected);
    }

    [TestMethod]
    public void Read_HugeHeaderLength_IsRefusedBeforeMemoryIsTaken()
    {
        byte[] negative = [255, 255, 255, 255, 255, 255, 255, 255, (byte)'{', (byte)'}'];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.Read(negative)).Message;
        Assert.AreEqual("The header's length is 18446744073709551615 bytes, more than the 100000000 that are allowed.", message);
        byte[] long99 = [.. BitConverter.GetBytes(99_999_999L), (byte)'{', (byte)'}'];
        message = Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.Read(long99)).Message;
        Assert.AreEqual("The file is truncated: its header has 99999999 bytes, but only 2 follow the header's length.", message);
        Assert.IsLessThan(1_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    [DataRow("", 0, "The header must be a JSON object: it must begin with '{'.")]
    [DataRow(" {}", 0, "The header must be a JSON object: it must begin with '{'.")]
    [DataRow("[]", 0, "The header must be a JSON object: it must begin with '{'.")]
    [DataRow("{", 0, "The header is not valid JSON: *")]
    [DataRow("{}x", 0, "The header is not valid JSON: *")]
    [DataRow("{\"a\":}", 0, "The header is not valid JSON: *")]
    [DataRow("{}", 4, "The tensors take 0 bytes, but 4 follow the header.")]
    [DataRow("""{"":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}""", 1, "The header has a tensor with an empty name.")]
    [DataRow("""{"\ud800":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}""", 1, "The header has text that is not valid Unicode.")]
    [DataRow("""{"a":{"dtype":"\ud800","shape":[],"data_offsets":[0,1]}}""", 1, "The header has text that is not valid Unicode.")]
    [DataRow("""{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[],"data_offsets":[1,2]}}""", 2, "The header names 'a' twice.")]
    [DataRow("""{"__metadata__":{},"__metadata__":{}}""", 0, "The header names '__metadata__' twice.")]
    [DataRow("""{"__metadata__":[]}""", 0, "The header's '__metadata__' must be an object of strings.")]
    [DataRow("""{"__metadata__":{"a":1}}""", 0, "The header's '__metadata__' must be an object of strings; 'a' is none.")]
    [DataRow("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "The header's '__metadata__' names 'a' twice.")]
    [DataRow("""{"a":1}""", 0, "The tensor 'a' must be an object with 'dtype', 'shape' and 'data_offsets'.")]
    [DataRow("""{"a":{"shape":[],"data_offsets":[0,1]}}""", 1, "The tensor 'a' must have a 'dtype' that is a string.")]
    [DataRow("""{"a":{"dtype":1,"shape":[],"data_offsets":[0,1]}}""", 1, "The tensor 'a' must have a 'dtype' that is a string.")]
    [DataRow("""{"a":{"dtype":"BF16","shape":[],"data_offsets":[0,2]}}""", 2, "The tensor 'a' has the dtype 'BF16'; supported are F32, F64, I32, I64, U8.")]
    [DataRow("""{"a":{"dtype":"0","shape":[],"data_offsets":[0,4]}}""", 4, "The tensor 'a' has the dtype '0'; supported are F32, F64, I32, I64, U8.")]
    [DataRow("""{"a":{"dtype":"U8","data_offsets":[0,1]}}""", 1, "The tensor 'a' must have a 'shape' that is an array.")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1,-1],"data_offsets":[0,1]}}""", 1, "The tensor 'a' has a 'shape' whose element 1 is not an integer from 0 to 9223372036854775807.")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", 1, "The tensor 'a' has a 'shape' whose element 0 is not an integer from 0 to 9223372036854775807.")]
    [DataRow("""{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}""", 1, "The tensor 'a' has a 'shape' whose element 0 is not an integer from 0 to 9223372036854775807.")]
    [DataRow("""{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,1]}}""", 1, "The tensor 'a' has a 'shape' whose element 0 is not an integer from 0 to 9223372036854775807.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[4294967296,4294967297],"data_offsets":[0,4]}}""", 4, "The tensor 'a' has the shape [4294967296, 4294967297], whose size is out of range.")]
    [DataRow("""{"a":{"dtype":"U8","shape":[9223372036854775807,9223372036854775807,0],"data_offsets":[0,0]}}""", 0, "The tensor 'a' has the shape *, whose size is out of range.")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}""", 1, "The tensor 'a' must have 'data_offsets' [start, end] with start <= end, got [0].")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", 1, "The tensor 'a' must have 'data_offsets' [start, end] with start <= end, got [1, 0].")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1]}}""", 1, "The tensor 'a' must have a 'data_offsets' that is an array.")]
    [DataRow("""{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]}}""", 4, "The tensor 'a' ends at byte 5 of the data, which has only 4: the file is truncated or altered.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "The tensor 'a' of type F32 and shape [2] takes 8 bytes, but its 'data_offsets' span 4.")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"type":"System.Object"}}""", 1, "The tensor 'a' has an unknown member 'type'.")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}}""", 1, "The tensor 'a' has 'shape' twice.")]
    [DataRow("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", 4, "The data of the tensors 'a' and 'b' overlap at byte 2.")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", 4, "The data bytes 1 to 2 before the tensor 'b' belong to no tensor.")]
    [DataRow("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", 4, "The tensors take 3 bytes, but 4 follow the header.")]
    public void Read_Defect_HasItsOwnMessage(string header, int dataLength, string message)
    {
        var file = SafetensorsBytes.Of(header, dataLength);
        var actual = Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.Read(file)).Message;
        var parts = message.Split('*');
        Assert.IsTrue(parts.Length == 1 ? actual == message : actual.StartsWith(parts[0], StringComparison.Ordinal)
            && actual.EndsWith(parts[1], StringComparison.Ordinal), actual);
    }

    [TestMethod]
    public void Read_InvalidUtf8_IsAnError()
    {
        var file = SafetensorsBytes.Of("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1);
        file[10] = 0xC3;
        Assert.AreEqual("The header is not valid UTF-8.",
            Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.Read(file)).Message);
    }

    [TestMethod]
    public void Read_ScalarsEmptyTensorsAndAnyHeaderOrder_AreAllowed()
    {
        var header = """{"b":{"dtype":"U8","shape":[],"data_offsets":[4,5]},"e":{"dtype":"F64","shape":[0,7],"data_offsets":[4,4]},"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""";
        var file = SafetensorsBytes.Read(SafetensorsBytes.Of(header, 5));
        CollectionAssert.AreEqual(new[] { "b", "e", "a" }, file.Tensors.Select(tensor => tensor.Name).ToArray());
        Assert.IsEmpty(file.Find("e")!.ToArray<double>());
        Assert.HasCount(1, file.Find("b")!.ToArray<byte>());
        Assert.IsEmpty(file.Metadata);
    }

    [TestMethod]
    public void Read_WhatWasWritten_IsTheSame()
    {
        Prop.ForAll<(string Name, float[] Values)[], Dictionary<string, string>>((items, metadata) =>
        {
            List<SafetensorsTensor> tensors = [];
            foreach ((var name, var values) in items)
            {
                // A lone half of a surrogate pair has no UTF-8 form.
                var unique = $"{tensors.Count}:{(IsUnicode(name) ? name : "")}";
                tensors.Add((tensors.Count % 5) switch
                {
                    0 => SafetensorsTensor.From<float>(unique, [values.Length], values),
                    1 => SafetensorsTensor.From<double>(unique, [1, values.Length], [.. values.Select(value => (double)value)]),
                    2 => SafetensorsTensor.From<int>(unique, [values.Length, 1], [.. values.Select(BitConverter.SingleToInt32Bits)]),
                    3 => SafetensorsTensor.From<long>(unique, [values.Length],
                        [.. values.Select(value => BitConverter.DoubleToInt64Bits(value))]),
                    _ => SafetensorsTensor.From<byte>(unique, [4 * values.Length], [.. values.SelectMany(BitConverter.GetBytes)]),
                });
            }

            var texts = metadata.Where(item => IsUnicode(item.Key) && IsUnicode(item.Value)).ToDictionary();
            var bytes = SafetensorsBytes.Write(tensors, texts);
            var file = SafetensorsBytes.Read(bytes);
            Assert.AreEqual(0L, BitConverter.ToInt64(bytes) % 8);
            Assert.HasCount(tensors.Count, file.Tensors);
            for (var i = 0; i < tensors.Count; i++)
            {
                Assert.AreEqual(tensors[i].Name, file.Tensors[i].Name);
                Assert.AreEqual(tensors[i].Type, file.Tensors[i].Type);
                CollectionAssert.AreEqual(tensors[i].Shape, file.Tensors[i].Shape);
                Assert.IsTrue(tensors[i].Data.SequenceEqual(file.Tensors[i].Data));
            }

            CollectionAssert.AreEquivalent(texts, file.Metadata.ToDictionary());
            CollectionAssert.AreEqual(bytes, SafetensorsBytes.Write(file.Tensors, file.Metadata));
        }).CheckSeeded();
    }

    private static bool IsUnicode(string? text)
    {
        try
        {
            return text is not null && new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text) >= 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
