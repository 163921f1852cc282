namespace HumanCompatible.ML.Duals;

/// <summary>What a <see cref="DualOptimizerState"/> holds of one constraint group: plain numbers, no tensors.</summary>
public sealed class DualGroupState
{
    /// <summary>Creates the state of one group; dictionaries and arrays are copied.</summary>
    /// <param name="name">The group's name.</param>
    /// <param name="count">Number of constraints, at least 1.</param>
    /// <param name="isInequality">True for constraints c ≤ 0.</param>
    /// <param name="values">Settings and counters by name; choices and flags as numbers.</param>
    /// <param name="arrays">Arrays by name, such as <c>duals</c>, each of shape [<paramref name="count"/>].</param>
    /// <exception cref="ArgumentException">The name is empty or the count below 1.</exception>
    public DualGroupState(string name, int count, bool isInequality, IReadOnlyDictionary<string, double> values,
        IReadOnlyDictionary<string, double[]> arrays)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(arrays);
        Name = name;
        Count = count;
        IsInequality = isInequality;
        Values = new Dictionary<string, double>(values, StringComparer.Ordinal);
        Arrays = arrays.ToDictionary(pair => pair.Key, pair => (double[])pair.Value.Clone(), StringComparer.Ordinal);
    }

    /// <summary>The group's name.</summary>
    public string Name { get; }

    /// <summary>Number of constraints.</summary>
    public int Count { get; }

    /// <summary>True for constraints c ≤ 0.</summary>
    public bool IsInequality { get; }

    /// <summary>Settings and counters by name.</summary>
    public IReadOnlyDictionary<string, double> Values { get; }

    /// <summary>Arrays by name, each of shape [<see cref="Count"/>].</summary>
    public IReadOnlyDictionary<string, double[]> Arrays { get; }
}
