using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Networks;

/// <inheritdoc cref="Network.Module"/>
internal sealed record ModuleNetwork : NetworkDefinition
{
    /// <summary>The most characters a name may have.</summary>
    internal const int MaximumNameLength = 200;

    [JsonConstructor]
    internal ModuleNetwork(string name) => Name = name;

    /// <summary>The name under which the factory is registered: 1 to 200 characters, compared exactly.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    internal override void Validate(ICollection<string> problems)
    {
        if (NameProblem(Name) is { } problem)
            problems.Add(problem);
        else if (!NetworkRegistry.IsRegistered(Name))
            problems.Add(NetworkRegistry.NotRegistered(Name));
    }

    /// <summary>What is wrong with a name, or null.</summary>
    internal static string? NameProblem(string? name) =>
        string.IsNullOrWhiteSpace(name) ? "The name of a network must not be empty."
        : name.Length > MaximumNameLength ? $"The name of a network must have at most {MaximumNameLength} characters, got {name.Length}."
        : null;
}
