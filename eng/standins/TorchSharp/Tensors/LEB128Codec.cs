namespace TorchSharp.Utils;

/// <summary>Little-endian base 128, in which TorchSharp's files write lengths: seven bits a byte, low ones first, the top bit set on all but the last.</summary>
internal static class LEB128Codec
{
    internal static void Encode(this BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        while (value > 0x7f)
        {
            writer.Write((byte)(value | 0x80));
            value >>= 7;
        }
        writer.Write((byte)value);
    }

    internal static long Decode(this BinaryReader reader)
    {
        long result = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = reader.ReadByte();
            result |= (next & 0x7fL) << shift;
            if (next < 0x80) return result;
        }
    }
}
