using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Data;

/// <summary>Rows of a table, each with 64 bits by which rows with the same values are found in any table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Rows">The numbers of the rows in it.</param>
/// <param name="Hashes">The bits of each row of the table, of all members of a collective.</param>
internal sealed record HashedRows(RawTable Table, int[] Rows, ulong[] Hashes)
{
    // 2^64 by the golden ratio: no word of a row is likely to be like it.
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    /// <summary>All rows, by their features, their label and the names of their groups. Their weight is not among these.</summary>
    internal static HashedRows Of(RawTable table)
    {
        (int[] OfRow, ulong[] Names)[] groups = [.. table.Groups.Values.OrderBy(column => column.Name, StringComparer.Ordinal)
            .Select(column => (column.CodeOfRow, column.GroupNames.Select(Hash).ToArray()))];
        return new HashedRows(table, [.. Enumerable.Range(0, table.RowCount)], Hash(table, 0, 1, row =>
        {
            var hash = Mix(Multiplier, BitConverter.SingleToUInt32Bits(table.Labels[row]));
            foreach (var (ofRow, names) in groups)
                hash = Mix(hash, names[ofRow[row]]);
            return hash;
        }));
    }

    /// <summary>The same rows by every second of their features alone.</summary>
    /// <param name="first">The first of these, 0 or 1.</param>
    internal HashedRows ByHalf(int first) => this with { Hashes = Hash(Table, first, 2, _ => Multiplier) };

    /// <summary>Some of the rows.</summary>
    internal HashedRows Take(int[] rows) => this with { Rows = rows };

    /// <summary>Whether a row has a weight that counts.</summary>
    internal bool Counts(int row) => Table.Weights is not { } weights || weights[row] > 0;

    /// <summary>The rows that count.</summary>
    internal int[] Counted() => Table.Weights is null ? Rows : [.. Rows.Where(Counts)];

    private static ulong[] Hash(RawTable table, int first, int step, Func<int, ulong> start)
    {
        var hashes = new ulong[table.Features.RowCount];
        for (var row = 0; row < hashes.Length; row++)
            hashes[row] = Hash(table.Features[row], first, step, start(table.FirstRow + row));
        return Join(table, hashes);
    }

    private static ulong Hash(FeatureRow row, int first, int step, ulong hash)
    {
        for (var position = 0; position < row.Values.Length; position++)
        {
            var (slot, value) = (row.SlotAt(position), row.Values[position]);
            if (value != 0 && (step == 1 || slot % step == first))
                hash = Mix(hash, ((ulong)slot << 32) | BitConverter.SingleToUInt32Bits(value));
        }

        return Mix(hash, Multiplier);
    }

    private static ulong Hash(string text)
    {
        var hash = Multiplier;
        foreach (var character in text)
            hash = Mix(hash, character);
        return hash;
    }

    private static ulong Mix(ulong hash, ulong word) => Math.BigMul(hash ^ word, Multiplier, out var low) ^ low;

    // Sums of arrays are exact for numbers of 16 bits.
    private static ulong[] Join(RawTable table, ulong[] own)
    {
        if (table.Collective.Count == 1)
            return own;
        var all = new ulong[table.RowCount];
        for (var shift = 0; shift < 64; shift += 16)
        {
            var part = Exchange.Join(table.Collective, Array.ConvertAll(own, hash => (float)(ushort)(hash >> shift)), table.FirstRow,
                table.RowCount);
            for (var row = 0; row < all.Length; row++)
                all[row] |= (ulong)part[row] << shift;
        }

        return all;
    }
}
