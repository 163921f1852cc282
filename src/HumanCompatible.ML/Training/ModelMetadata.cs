namespace HumanCompatible.ML.Training;

/// <summary>What a user says of a model in words of their own.</summary>
internal static class ModelMetadata
{
    private const int MostEntries = 100;
    private const int LongestName = 200;
    private const int LongestText = 10_000;

    internal static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    /// <summary>Adds what is wrong with it.</summary>
    internal static void Validate(IReadOnlyDictionary<string, string> metadata, string member, Problems problems)
    {
        if (metadata.Count > MostEntries)
            problems.Add($"{member} must have at most {MostEntries} entries, got {metadata.Count}.");
        foreach (var (name, text) in metadata)
        {
            if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName)
                problems.Add($"{member} must have names of 1 to {LongestName} characters, got one of {name.Length}.");
            else if (text is null || text.Length > LongestText)
                problems.Add($"{member}['{name}'] must have at most {LongestText} characters, got {text?.Length.ToString() ?? "null"}.");
        }
    }
}
