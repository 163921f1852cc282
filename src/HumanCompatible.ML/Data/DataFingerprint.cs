using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Data;

/// <summary>
/// The SHA-256 of what training read of the data. For each table: the numbers of rows and features; the features of each row as 32-bit
/// floats, or, where more than half are 0, the number of the others, their slots, and they; labels, and weights where there are any, as
/// 32-bit floats, row after row; for each group column in the order of the names, the name, the number of each row's group and the names
/// of the groups. Of tables that several members have read, the SHA-256 of theirs, one after the other. Integers have 32 bits, a text is
/// its length in bytes and its UTF-8; all is little-endian.
/// </summary>
internal static class DataFingerprint
{
    // A span of bytes cannot be as long as the largest array of floats.
    private const int Block = 1 << 24;

    /// <summary>The fingerprint of the data to train on, then those to choose the epoch on where they are given apart.</summary>
    internal static string Of(params ReadOnlySpan<RawTable> tables)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var table in tables)
        {
            Add<int>(hash, [table.RowCount, table.Features.FeatureCount]);
            Add(hash, table.Features);
            Add<float>(hash, table.Labels);
            Add<float>(hash, table.Weights);
            foreach (var group in table.Groups.Values.OrderBy(group => group.Name, StringComparer.Ordinal))
            {
                Add(hash, group.Name);
                Add<int>(hash, group.CodeOfRow);
                foreach (var name in group.GroupNames)
                    Add(hash, name);
            }
        }

        var own = Convert.ToHexStringLower(hash.GetHashAndReset());
        return tables[0].Collective.Count == 1 ? own : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Concat(Exchange.Gather(tables[0].Collective, [own]).Select(part => part[0])))));
    }

    private static void Add(IncrementalHash hash, FeatureTable features)
    {
        for (var number = 0; number < features.RowCount; number++)
        {
            var row = features[number];
            if (!row.IsDense)
            {
                Add<int>(hash, [row.Indices.Length]);
                Add(hash, row.Indices);
            }

            Add(hash, row.Values);
        }
    }

    private static void Add<T>(IncrementalHash hash, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        for (; !values.IsEmpty; values = values[Math.Min(Block, values.Length)..])
            hash.AppendData(MemoryMarshal.AsBytes(values[..Math.Min(Block, values.Length)]));
    }

    private static void Add(IncrementalHash hash, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Add<int>(hash, [utf8.Length]);
        hash.AppendData(utf8);
    }
}
