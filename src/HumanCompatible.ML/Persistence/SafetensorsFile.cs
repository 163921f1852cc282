using System.Collections.Immutable;

namespace HumanCompatible.ML.Persistence;

/// <summary>What a safetensors file holds.</summary>
internal sealed class SafetensorsFile
{
    private readonly Dictionary<string, SafetensorsTensor> _byName;

    /// <summary>Takes what was read.</summary>
    internal SafetensorsFile(ImmutableArray<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        Tensors = tensors;
        Metadata = metadata;
        _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The tensors, in the order of the header.</summary>
    public ImmutableArray<SafetensorsTensor> Tensors { get; }

    /// <summary>The text about the file, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor of a name, or null.</summary>
    public SafetensorsTensor? Find(string name) => _byName.GetValueOrDefault(name);
}
