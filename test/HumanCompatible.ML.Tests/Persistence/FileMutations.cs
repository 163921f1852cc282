using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>
/// Model files altered at random, by accident and on purpose. The tests try some thousands, the benchmarks' command "fuzz" as many as there
/// is time for.
/// </summary>
internal sealed class FileMutations
{
    private const string ManifestName = "Manifest.json";

    // What JSON holds that no reader expects.
    private static readonly string[] Values =
    [
        "null", "0", "-1", "1e308", "-1e308", "2147483648", "0.5", "\"NaN\"", "\"Infinity\"", "\"\"", "\"x\"", "true", "[]", "[null]",
        "[[]]", "{}", "{\"kind\":\"linear\"}", "\"\\u0000\"", "[0,0,0,0,0,0,0,0,0,0,0,0]",
    ];

    private readonly byte[] _file;
    private readonly List<(string Name, byte[] Bytes)> _entries = [];
    private readonly string _folder;
    private readonly Random _random;

    /// <param name="file">A model file.</param>
    /// <param name="seed">Decides what is altered.</param>
    internal FileMutations(byte[] file, int seed)
    {
        (_file, _random) = (file, new Random(seed));
        using var zip = new ZipArchive(new MemoryStream(file));
        foreach (var entry in zip.Entries)
        {
            using var content = entry.Open();
            using var copy = new MemoryStream();
            content.CopyTo(copy);
            _entries.Add((entry.FullName, copy.ToArray()));
        }

        var manifest = _entries.Single(entry => entry.Name.EndsWith(ManifestName, StringComparison.Ordinal)).Name;
        _folder = manifest[..^ManifestName.Length];
    }

    /// <summary>What is altered.</summary>
    internal enum Kind
    {
        /// <summary>A bit of the file.</summary>
        Bit,

        /// <summary>Some bytes of the file.</summary>
        Bytes,

        /// <summary>Its end is missing.</summary>
        Tail,

        /// <summary>A bit of an entry of ours; the zip is right.</summary>
        EntryBit,

        /// <summary>A bit of an entry of ours, and all digests are right.</summary>
        DigestedBit,

        /// <summary>A value of the JSON, and all digests are right.</summary>
        Json,

        /// <summary>Four numbers of the arrays, and all digests are right.</summary>
        Numbers,

        /// <summary>Entries are missing, empty, renamed, doubled, exchanged or very long.</summary>
        Zip,

        /// <summary>The lengths that the zip declares.</summary>
        Lengths,
    }

    /// <summary>A file that is altered.</summary>
    internal byte[] Next(Kind kind) => kind switch
    {
        Kind.Bit => Flipped(_file),
        Kind.Bytes => Overwritten(_file),
        Kind.Tail => _file[.._random.Next(_file.Length)],
        Kind.EntryBit => Changed(_ => true, Flipped, digested: false),
        Kind.DigestedBit => Changed(_ => true, Flipped, digested: true),
        Kind.Json => Changed(name => name.EndsWith(".json", StringComparison.Ordinal), EditedJson, digested: true),
        Kind.Numbers => Changed(name => name.EndsWith(".safetensors", StringComparison.Ordinal), EditedNumbers, digested: true),
        Kind.Zip => EditedZip(),
        _ => EditedLengths(),
    };

    private byte[] Flipped(byte[] bytes)
    {
        byte[] altered = [.. bytes];
        altered[_random.Next(altered.Length)] ^= (byte)(1 << _random.Next(8));
        return altered;
    }

    private byte[] Overwritten(byte[] bytes)
    {
        byte[] altered = [.. bytes];
        var start = _random.Next(altered.Length);
        _random.NextBytes(altered.AsSpan(start, Math.Min(1 + _random.Next(16), altered.Length - start)));
        return altered;
    }

    // An entry of ours but Model.key, which is ML.NET's.
    private byte[] Changed(Func<string, bool> which, Func<byte[], byte[]> change, bool digested)
    {
        var names = _entries.Select(entry => entry.Name).Where(name => name.StartsWith(_folder, StringComparison.Ordinal)
            && !name.EndsWith(".key", StringComparison.Ordinal) && which(name)).ToList();
        var chosen = names[_random.Next(names.Count)];
        var entries = _entries.ToDictionary(entry => entry.Name, entry => entry.Bytes);
        entries[chosen] = change(entries[chosen]);
        if (digested)
            Digest(entries, chosen);
        return Written(_entries.Select(entry => (entry.Name, entries[entry.Name])));
    }

    private void Digest(Dictionary<string, byte[]> entries, string changed)
    {
        var manifest = _folder + ManifestName;
        var before = SHA256.HashData(_entries.Single(entry => entry.Name == manifest).Bytes);
        if (changed != manifest)
        {
            var json = JsonNode.Parse(entries[manifest])!;
            json["entries"]![changed[_folder.Length..]] = new JsonObject
            {
                ["bytes"] = entries[changed].Length,
                ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(entries[changed])),
            };
            entries[manifest] = Encoding.UTF8.GetBytes(json.ToJsonString());
        }

        byte[] key = [.. entries[_folder + "Model.key"]];
        SHA256.HashData(entries[manifest]).CopyTo(key.AsSpan(key.AsSpan().IndexOf(before)));
        entries[_folder + "Model.key"] = key;
    }

    // A value, or a member, or an element, somewhere.
    private byte[] EditedJson(byte[] utf8)
    {
        var root = JsonNode.Parse(utf8)!;
        var nodes = new List<JsonNode>();
        Collect(root, nodes);
        var node = nodes[_random.Next(nodes.Count)];
        var value = JsonNode.Parse(Values[_random.Next(Values.Length)]);
        if (node is JsonObject { Count: > 0 } members)
        {
            var name = members.ElementAt(_random.Next(members.Count)).Key;
            switch (_random.Next(4))
            {
                case 0:
                    members.Remove(name);
                    break;
                case 1:
                    members["unknown"] = value;
                    break;
                case 2:
                    var other = members.ElementAt(_random.Next(members.Count)).Value?.DeepClone();
                    members[name] = other;
                    break;
                default:
                    members[name] = value;
                    break;
            }
        }
        else if (node is JsonArray items)
        {
            if (items.Count == 0 || _random.Next(3) == 0)
                items.Insert(_random.Next(items.Count + 1), value);
            else if (_random.Next(2) == 0)
                items.RemoveAt(_random.Next(items.Count));
            else
                items[_random.Next(items.Count)] = value;
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static void Collect(JsonNode node, List<JsonNode> nodes)
    {
        if (node is JsonObject or JsonArray)
            nodes.Add(node);
        foreach (var child in node is JsonObject members ? members.Select(member => member.Value)
            : node is JsonArray items ? items : Enumerable.Empty<JsonNode?>())
        {
            if (child is not null)
                Collect(child, nodes);
        }
    }

    private byte[] EditedNumbers(byte[] bytes)
    {
        byte[] altered = [.. bytes];
        var start = 8 + (int)BitConverter.ToInt64(altered);
        float[] numbers = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, -1, 0, 1e-40f, 1e30f];
        for (var count = 0; count < 4 && start + 4 <= altered.Length; count++)
        {
            BitConverter.TryWriteBytes(altered.AsSpan(start + (4 * _random.Next((altered.Length - start) / 4))),
                numbers[_random.Next(numbers.Length)]);
        }

        return altered;
    }

    private byte[] EditedZip()
    {
        var entries = _entries.ToList();
        var chosen = _random.Next(entries.Count);
        switch (_random.Next(7))
        {
            case 0:
                entries.RemoveAt(chosen);
                break;
            case 1:
                entries[chosen] = (entries[chosen].Name, []);
                break;
            case 2:
                entries[chosen] = (entries[chosen].Name + "x", entries[chosen].Bytes);
                break;
            case 3:
                entries.Add((entries[chosen].Name, Flipped([.. entries[chosen].Bytes, 0])));
                break;
            case 4:
                var other = _random.Next(entries.Count);
                (entries[chosen], entries[other]) = ((entries[chosen].Name, entries[other].Bytes),
                    (entries[other].Name, entries[chosen].Bytes));
                break;
            case 5:
                entries[chosen] = (entries[chosen].Name, [.. entries[chosen].Bytes, .. new byte[20_000_000]]);
                break;
            default:
                entries.Add(("../outside", [1]));
                entries.Add(("TransformerChain/Transform_999/Model.key", [1, 2, 3]));
                break;
        }

        return Written(entries);
    }

    // Of the central directory, whose entries begin with PK 1 2: the lengths in it, before and after inflating.
    private byte[] EditedLengths()
    {
        byte[] altered = [.. _file];
        var starts = new List<int>();
        for (var index = 0; index + 46 < altered.Length; index++)
        {
            if (altered.AsSpan(index, 4).SequenceEqual("PK\x01\x02"u8))
                starts.Add(index);
        }

        var start = starts[_random.Next(starts.Count)];
        uint[] lengths = [0, 1, 1000, 1 << 20, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF, (uint)_random.Next(20_000)];
        foreach (var offset in _random.Next(3) switch { 0 => new[] { 20 }, 1 => [24], _ => [20, 24] })
            BitConverter.TryWriteBytes(altered.AsSpan(start + offset), lengths[_random.Next(lengths.Length)]);
        return altered;
    }

    private static byte[] Written(IEnumerable<(string Name, byte[] Bytes)> entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var content = zip.CreateEntry(name).Open();
                content.Write(bytes);
            }
        }

        return stream.ToArray();
    }
}
