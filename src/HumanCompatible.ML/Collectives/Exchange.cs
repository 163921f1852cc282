using System.Runtime.InteropServices;
using System.Text.Json;

namespace HumanCompatible.ML.Collectives;

/// <summary>What every member of a collective has, told to all by sums of arrays that are 0 where another member's part is.</summary>
internal static class Exchange
{
    /// <summary>The numbers of every member, in the order of the members.</summary>
    /// <param name="collective">The collective.</param>
    /// <param name="own">This member's numbers, as many as it likes.</param>
    internal static double[][] Gather(ICollective collective, double[] own)
    {
        var lengths = new double[collective.Count];
        lengths[collective.Rank] = own.Length;
        collective.Sum(lengths);
        var all = new double[checked((int)lengths.Sum())];
        own.CopyTo(all, (int)lengths.Take(collective.Rank).Sum());
        collective.Sum(all);
        var (parts, start) = (new double[collective.Count][], 0);
        for (var member = 0; member < parts.Length; member++)
        {
            parts[member] = all[start..(start + (int)lengths[member])];
            start += parts[member].Length;
        }

        return parts;
    }

    /// <summary>The bytes of every member, in the order of the members.</summary>
    internal static byte[][] Gather(ICollective collective, byte[] own)
    {
        var lengths = new double[collective.Count];
        lengths[collective.Rank] = own.Length;
        collective.Sum(lengths);

        // Two bytes are a number that single precision has.
        var ends = new int[collective.Count];
        for (var (member, end) = (0, 0); member < ends.Length; member++)
            ends[member] = end = checked(end + (((int)lengths[member] + 1) / 2));
        int Start(int member) => member == 0 ? 0 : ends[member - 1];
        var pairs = new ushort[ends[^1]];
        own.CopyTo(MemoryMarshal.AsBytes(pairs.AsSpan(Start(collective.Rank))));
        var numbers = Array.ConvertAll(pairs, pair => (float)pair);
        collective.Sum(numbers);
        pairs = Array.ConvertAll(numbers, number => (ushort)number);
        return [.. lengths.Select((length, member)
            => MemoryMarshal.AsBytes(pairs.AsSpan(Start(member)))[..(int)length].ToArray())];
    }

    /// <summary>The texts of every member, in the order of the members.</summary>
    internal static string[][] Gather(ICollective collective, IReadOnlyList<string> own)
        => Array.ConvertAll(Gather(collective, JsonSerializer.SerializeToUtf8Bytes(own)),
            bytes => JsonSerializer.Deserialize<string[]>(bytes)!);

    /// <summary>The numbers of all members, one after the other.</summary>
    /// <param name="collective">The collective.</param>
    /// <param name="own">This member's numbers.</param>
    /// <param name="first">Where they begin.</param>
    /// <param name="count">The numbers of all.</param>
    internal static float[] Join(ICollective collective, float[] own, int first, int count)
    {
        var all = new float[count];
        own.CopyTo(all, first);
        collective.Sum(all);
        return all;
    }

    /// <summary>The number of the first member.</summary>
    internal static int First(ICollective collective, int own)
    {
        double[] value = [collective.Rank == 0 ? own : 0];
        collective.Sum(value);
        return (int)value[0];
    }

    /// <summary>The bytes of the first member; null where it has none.</summary>
    internal static byte[]? First(ICollective collective, byte[]? own)
    {
        var isThere = First(collective, own is null ? 0 : 1) == 1;
        var all = Gather(collective, collective.Rank == 0 ? own ?? [] : []);
        return isThere ? all[0] : null;
    }
}
