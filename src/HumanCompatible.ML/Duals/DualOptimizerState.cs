using System.Globalization;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// Everything a dual optimizer knows, as plain numbers that share nothing with it: duals, momentum, penalties, counters and settings.
/// <see cref="ToArrays"/> and <see cref="ToMetadata"/> give the flat form of a safetensors file (named float64 arrays and named texts),
/// from which <see cref="FromFlat"/> rebuilds it bit for bit.
/// </summary>
public sealed class DualOptimizerState
{
    private const string KindKey = "kind";
    private const string GroupCountKey = "groups";

    /// <summary>Creates a state; the list and the dictionary are copied.</summary>
    /// <param name="kind">The optimizer's kind, such as <c>ialm</c>.</param>
    /// <param name="values">Settings and counters of the whole optimizer by name.</param>
    /// <param name="groups">The groups in their order.</param>
    /// <exception cref="ArgumentException">The kind is empty.</exception>
    public DualOptimizerState(string kind, IReadOnlyDictionary<string, double> values, IReadOnlyList<DualGroupState> groups)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(groups);
        Kind = kind;
        Values = new Dictionary<string, double>(values, StringComparer.Ordinal);
        Groups = [.. groups];
    }

    /// <summary>The optimizer's kind; a state loads only into an optimizer of its kind.</summary>
    public string Kind { get; }

    /// <summary>Settings and counters of the whole optimizer by name.</summary>
    public IReadOnlyDictionary<string, double> Values { get; }

    /// <summary>The groups in their order.</summary>
    public IReadOnlyList<DualGroupState> Groups { get; }

    /// <summary>All arrays, float64 and one-dimensional, under <c>groups.{index}.{name}</c>; copies.</summary>
    public IReadOnlyDictionary<string, double[]> ToArrays()
    {
        var flat = new SortedDictionary<string, double[]>(StringComparer.Ordinal);
        for (var g = 0; g < Groups.Count; g++)
        {
            foreach (var (name, array) in Groups[g].Arrays)
                flat.Add($"{Prefix(g)}{name}", [.. array]);
        }

        return flat;
    }

    /// <summary>Everything that is not an array, as texts that parse back to the same numbers.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata()
    {
        var flat = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [KindKey] = Kind,
            [GroupCountKey] = Groups.Count.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in Values)
            flat.Add($"values.{name}", Problems.Text(value));
        for (var g = 0; g < Groups.Count; g++)
        {
            var group = Groups[g];
            flat.Add($"{Prefix(g)}name", group.Name);
            flat.Add($"{Prefix(g)}count", group.Count.ToString(CultureInfo.InvariantCulture));
            flat.Add($"{Prefix(g)}inequality", group.IsInequality ? "true" : "false");
            foreach (var (name, value) in group.Values)
                flat.Add($"{Prefix(g)}values.{name}", Problems.Text(value));
        }

        return flat;
    }

    /// <summary>Rebuilds a state from the flat form.</summary>
    /// <param name="arrays">What <see cref="ToArrays"/> gave; other keys are an error.</param>
    /// <param name="metadata">What <see cref="ToMetadata"/> gave; keys of other owners are ignored.</param>
    /// <exception cref="FormatException">Something is missing, does not parse, or has a wrong length; the message names it.</exception>
    public static DualOptimizerState FromFlat(IReadOnlyDictionary<string, double[]> arrays, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        ArgumentNullException.ThrowIfNull(metadata);
        var groupCount = Count(metadata, GroupCountKey, 0);
        foreach (var key in arrays.Keys)
        {
            if (!Enumerable.Range(0, groupCount).Any(g => key.StartsWith(Prefix(g), StringComparison.Ordinal)))
                throw new FormatException($"State of a dual optimizer: array '{key}' belongs to none of its {groupCount} group(s).");
        }

        var groups = Enumerable.Range(0, groupCount).Select(g => Group(g, arrays, metadata)).ToList();
        return new(Text(metadata, KindKey), Numbers(metadata, "values."), groups);
    }

    private static DualGroupState Group(int index, IReadOnlyDictionary<string, double[]> arrays,
        IReadOnlyDictionary<string, string> metadata)
    {
        var prefix = Prefix(index);
        var count = Count(metadata, prefix + "count", 1);
        var isInequality = Text(metadata, prefix + "inequality") switch
        {
            "true" => true,
            "false" => false,
            var other => throw new FormatException(
                $"State of a dual optimizer: '{prefix}inequality' is '{other}'; expected 'true' or 'false'."),
        };
        var own = arrays.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);
        foreach (var (name, array) in own)
        {
            if (array.Length != count)
            {
                throw new FormatException(
                    $"State of a dual optimizer: array '{prefix}{name}' has length {array.Length}; expected {count}.");
            }
        }

        return new(Text(metadata, prefix + "name"), count, isInequality, Numbers(metadata, prefix + "values."), own);
    }

    private static Dictionary<string, double> Numbers(IReadOnlyDictionary<string, string> metadata, string prefix)
    {
        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (key, text) in metadata.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                throw new FormatException($"State of a dual optimizer: '{key}' is '{text}'; expected a number.");
            numbers.Add(key[prefix.Length..], value);
        }

        return numbers;
    }

    private static int Count(IReadOnlyDictionary<string, string> metadata, string key, int least)
    {
        var text = Text(metadata, key);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least)
            return count;
        throw new FormatException($"State of a dual optimizer: '{key}' is '{text}'; expected a whole number of at least {least}.");
    }

    private static string Text(IReadOnlyDictionary<string, string> metadata, string key) =>
        metadata.TryGetValue(key, out var text) && text.Length > 0
            ? text : throw new FormatException($"State of a dual optimizer: '{key}' is missing.");

    private static string Prefix(int group) => string.Create(CultureInfo.InvariantCulture, $"groups.{group}.");
}
