using System.Collections.Immutable;

namespace HumanCompatible.ML.Networks;

/// <summary>One named array of a network, row-major. The values are never changed after construction.</summary>
/// <param name="Name">The name, unique within a network: for the built-in ones <c>layers.0.weight</c>, <c>layers.0.bias</c>,
/// <c>layers.1.weight</c>, ...</param>
/// <param name="Shape">The length of each dimension.</param>
/// <param name="Values">The values; as many as the product of the dimensions.</param>
internal sealed record NetworkArray(string Name, ImmutableArray<long> Shape, ReadOnlyMemory<float> Values)
{
    /// <summary>The shape as text, <c>[64, 107]</c>.</summary>
    public string ShapeText => FormatShape(Shape.AsSpan());

    /// <summary>A shape as text, <c>[64, 107]</c>.</summary>
    public static string FormatShape(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}

/// <summary>
/// The weights of a network in managed memory, in the order in which the network declares them: what a snapshot keeps and a model file
/// stores.
/// </summary>
internal sealed class NetworkWeights
{
    private readonly Dictionary<string, NetworkArray> _byName;

    /// <summary>Takes arrays in order.</summary>
    /// <exception cref="ArgumentException">A name occurs twice, or an array's values do not fit its shape.</exception>
    public NetworkWeights(IEnumerable<NetworkArray> arrays)
    {
        Arrays = [.. arrays];
        _byName = new Dictionary<string, NetworkArray>(Arrays.Length, StringComparer.Ordinal);
        foreach (var array in Arrays)
        {
            long count = 1;
            foreach (var length in array.Shape)
                count = checked(count * length);
            if (count != array.Values.Length)
            {
                throw new ArgumentException(
                    $"The array '{array.Name}' of shape {array.ShapeText} must have {count} values, got {array.Values.Length}.",
                    nameof(arrays));
            }

            if (!_byName.TryAdd(array.Name, array))
                throw new ArgumentException($"The array '{array.Name}' occurs twice.", nameof(arrays));
        }
    }

    /// <summary>The arrays in the network's order.</summary>
    public ImmutableArray<NetworkArray> Arrays { get; }

    /// <summary>The array of a name, or null.</summary>
    public NetworkArray? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// The arrays in the order of <paramref name="expected"/>, after checking that these are exactly the ones present, each with the
    /// expected shape.
    /// </summary>
    /// <exception cref="ArgumentException">Names or shapes differ; the message lists every difference.</exception>
    public NetworkArray[] Match(IReadOnlyList<(string Name, long[] Shape)> expected)
    {
        List<string> problems = [];
        var matched = new NetworkArray[expected.Count];
        for (var i = 0; i < matched.Length; i++)
        {
            (var name, var shape) = expected[i];
            if (Find(name) is not { } array)
                problems.Add($"'{name}' of shape {NetworkArray.FormatShape(shape)} is missing");
            else if (!array.Shape.AsSpan().SequenceEqual(shape))
                problems.Add($"'{name}' must have shape {NetworkArray.FormatShape(shape)}, got {array.ShapeText}");
            else
                matched[i] = array;
        }

        var names = new HashSet<string>();
        foreach (var (name, _) in expected)
            names.Add(name);
        problems.AddRange(Arrays.Where(array => !names.Contains(array.Name))
            .Select(array => $"'{array.Name}' of shape {array.ShapeText} is not part of the network"));
        return problems.Count == 0 ? matched : throw new ArgumentException(
            $"The weights do not fit the network: {string.Join("; ", problems)}.");
    }
}
