using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>A model file taken apart into its entries, which a test can change, and put together again.</summary>
internal sealed class ModelArchive
{
    internal const string Manifest = "Manifest.json";
    internal const string Weights = "Weights.safetensors";
    internal const string Encoding = "Encoding.safetensors";
    internal const string Duals = "Duals.json";
    internal const string History = "History.json";
    internal const string Key = "Model.key";

    private readonly Dictionary<string, byte[]> _entries;
    private readonly string _folder;

    private ModelArchive(Dictionary<string, byte[]> entries)
    {
        _entries = entries;
        var path = entries.Keys.Single(name => name.EndsWith(Manifest, StringComparison.Ordinal));
        _folder = path[..^Manifest.Length];
    }

    /// <summary>The folder of our model.</summary>
    internal string Folder => _folder;

    /// <summary>The bytes of an entry of the trainer's folder.</summary>
    internal byte[] this[string name]
    {
        get => _entries[_folder + name];
        set => _entries[_folder + name] = value;
    }

    /// <summary>The names in the trainer's folder.</summary>
    internal string[] Names => [.. _entries.Keys.Where(name => name.StartsWith(_folder, StringComparison.Ordinal))
        .Select(name => name[_folder.Length..]).Order(StringComparer.Ordinal)];

    /// <summary>Saves a model with ML.NET and takes the file apart.</summary>
    internal static ModelArchive Save(MLContext context, ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        context.Model.Save(model, schema, stream);
        return Open(stream);
    }

    /// <summary>Takes a file apart.</summary>
    internal static ModelArchive Open(Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        return new ModelArchive(zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var content = entry.Open();
            using var copy = new MemoryStream();
            content.CopyTo(copy);
            return copy.ToArray();
        }));
    }

    /// <summary>Puts the file together.</summary>
    internal byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in _entries)
            {
                using var content = zip.CreateEntry(name).Open();
                content.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    /// <summary>The model saved, and loaded with a new context: any model of ML.NET's, not only one of our trainer.</summary>
    internal static ITransformer LoadFrom(MLContext context, ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        context.Model.Save(model, schema, stream);
        return Load(stream.ToArray());
    }

    /// <summary>Loads the file with a new context, as a stranger would.</summary>
    internal ITransformer Load() => Load(ToBytes());

    /// <summary>Loads a file with a new context.</summary>
    internal static ITransformer Load(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return new MLContext().Model.Load(stream, out _);
    }

    internal ModelArchive Remove(string name)
    {
        _entries.Remove(_folder + name);
        return this;
    }

    /// <summary>Changes the manifest and, so that only the change itself is wrong, the digest of it in Model.key.</summary>
    internal ModelArchive EditManifest(Action<JsonObject> change)
    {
        var before = this[Manifest];
        var manifest = JsonNode.Parse(before)!.AsObject();
        change(manifest);
        return ReplaceManifest(System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    /// <summary>Replaces the manifest, and the digest of it in Model.key.</summary>
    internal ModelArchive ReplaceManifest(byte[] after)
    {
        var digest = SHA256.HashData(this[Manifest]);
        var key = this[Key];
        var start = key.AsSpan().IndexOf(digest);
        Assert.IsGreaterThanOrEqualTo(0, start, "Model.key does not hold the digest of the manifest.");
        SHA256.HashData(after).CopyTo(key.AsSpan(start));
        this[Manifest] = after;
        return this;
    }

    /// <summary>Replaces an entry, and its length and digest in the manifest.</summary>
    internal ModelArchive Replace(string name, byte[] bytes)
    {
        this[name] = bytes;
        return EditManifest(manifest => manifest["entries"]![name] = new JsonObject
        {
            ["bytes"] = bytes.Length,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)),
        });
    }
}
