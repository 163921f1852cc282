using System.Text;
using HumanCompatible.ML.Persistence;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>Files in memory, for the tests of the format.</summary>
internal static class SafetensorsBytes
{
    public static byte[] Write(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using MemoryStream stream = new();
        SafetensorsWriter.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    public static byte[] Of(string header, int dataLength)
        => [.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. new byte[dataLength]];

    public static SafetensorsFile Read(byte[] file) => SafetensorsReader.Read(new MemoryStream(file));
}
