using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The hash of a value (MurmurHash3 by A. Appleby, 32 bits, with the original's encoding of text), as a key: zero for a missing value.</summary>
internal static class SplitHash
{
    /// <summary>Reads the hash of a column's value at the row, from 1 to 2^bits.</summary>
    public static Func<ulong> Getter(DataViewRow row, DataViewSchema.Column column, uint seed, int bits)
    {
        var mask = (1U << bits) - 1;
        if (column.Type is TextDataViewType)
        {
            var read = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> text = default;
            return () =>
            {
                read(ref text);
                return text.IsEmpty ? 0 : (OfText(seed, text.Span.Trim(' ')) & mask) + 1UL;
            };
        }
        if (column.Type is BooleanDataViewType)
        {
            var read = row.GetGetter<bool>(column);
            var value = false;
            return () =>
            {
                read(ref value);
                return (Mix(Round(seed, value ? 1u : 0u), sizeof(uint)) & mask) + 1UL;
            };
        }
        if (column.Type is NumberDataViewType)
            return Generic.Invoke<Func<ulong>>(OfInteger<int>, column.Type.RawType, row, column, seed, mask);
        throw Contracts.ExceptNotSupp($"A sampling key column of type {column.Type} is not in this stand-in for Microsoft.ML");
    }

    private static Func<ulong> OfInteger<T>(DataViewRow row, DataViewSchema.Column column, uint seed, uint mask)
        where T : System.Numerics.IBinaryInteger<T>
    {
        var read = row.GetGetter<T>(column);
        T value = default;
        var wide = typeof(T) == typeof(long) || typeof(T) == typeof(ulong);
        return () =>
        {
            read(ref value);
            var number = ulong.CreateTruncating(value);
            var hash = Round(seed, (uint)number);
            hash = wide ? Mix(Round(hash, (uint)(number >> 32)), sizeof(ulong)) : Mix(hash, sizeof(uint));
            return (hash & mask) + 1UL;
        };
    }

    private static uint OfText(uint hash, ReadOnlySpan<char> text)
    {
        ulong pending = 0;
        var (bits, length) = (0, 0);
        foreach (uint c in text)
        {
            // UTF-8, but where bytes of an earlier character are still pending, the original turns them around together with the new ones.
            if (c < 0x80)
            {
                pending |= (ulong)c << bits;
                bits += 8;
            }
            else if (c < 0x800)
            {
                pending |= (ulong)((c & 0x3F) | ((c << 2) & 0x1F00) | 0xC080) << bits;
                pending = ((pending & 0xFF) << 8) | (pending >> 8);
                bits += 16;
            }
            else
            {
                pending |= (ulong)((c & 0x3F) | ((c << 2) & 0x3F00) | ((c << 4) & 0x0F0000) | 0xE08080) << bits;
                pending = ((pending & 0xFF) << 16) | (((pending >> 8) & 0xFF) << 8) | (pending >> 16);
                bits += 24;
            }
            if (bits >= 32)
            {
                hash = Round(hash, (uint)pending);
                pending >>= 32;
                bits -= 32;
                length += 4;
            }
        }
        length += bits / 8;
        var tail = (length & 3) * 8;
        if (tail > 0)
            hash ^= Scramble((uint)pending & ((1U << tail) - 1));
        return Mix(hash, length);
    }

    private static uint Scramble(uint chunk) => uint.RotateLeft(chunk * 0xCC9E2D51, 15) * 0x1B873593;

    private static uint Round(uint hash, uint chunk) => (uint.RotateLeft(hash ^ Scramble(chunk), 13) * 5) + 0xE6546B64;

    private static uint Mix(uint hash, int length)
    {
        hash ^= (uint)length;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
