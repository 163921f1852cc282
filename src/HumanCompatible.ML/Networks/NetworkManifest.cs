using System.Text.Json.Nodes;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// The JSON form of a <see cref="NetworkDefinition"/>: an object whose <c>kind</c> is one of a closed list (<c>linear</c>,
/// <c>multilayerPerceptron</c>, <c>module</c>), never the name of a type.
/// </summary>
internal static class NetworkManifest
{
    private const string Linear = "linear", Perceptron = "multilayerPerceptron", Module = "module";

    /// <summary>The JSON form of a definition.</summary>
    public static JsonObject Write(NetworkDefinition definition) => definition switch
    {
        LinearNetwork => new JsonObject { ["kind"] = Linear },
        MultilayerPerceptronNetwork perceptron => new JsonObject
        {
            ["kind"] = Perceptron,
            ["hiddenUnits"] = new JsonArray([.. perceptron.HiddenUnits.Select(units => (JsonNode)units)]),
            ["activation"] = perceptron.Activation.ToString(),
            ["dropout"] = perceptron.Dropout,
        },
        ModuleNetwork module => new JsonObject { ["kind"] = Module, ["name"] = module.Name },
        _ => throw new ArgumentException($"{definition.GetType().Name} has no JSON form.", nameof(definition)),
    };

    /// <summary>
    /// The definition of a JSON form. Its settings are checked, but whether the factory of a <c>module</c> is registered is not: that is
    /// said
    /// where the network is built.
    /// </summary>
    /// <exception cref="FormatException">The kind is unknown, a member is missing or of the wrong type, or a setting is out of
    /// range.</exception>
    public static NetworkDefinition Read(JsonNode? json)
    {
        if (json is not JsonObject network)
            throw new FormatException("The network must be a JSON object with a 'kind'.");
        var kind = Get<string>(network, "kind", "a string");
        return kind switch
        {
            Linear => new LinearNetwork(),
            Perceptron => Checked(new MultilayerPerceptronNetwork(ReadHiddenUnits(network))
            {
                Activation = ReadActivation(network),
                Dropout = Get<double>(network, "dropout", "a number"),
            }),
            Module => ReadModule(network),
            _ => throw new FormatException($"The network kind '{kind}' is unknown; known kinds are {Linear}, {Perceptron}, {Module}."),
        };
    }

    private static ModuleNetwork ReadModule(JsonObject network)
    {
        var name = Get<string>(network, "name", "a string");
        return ModuleNetwork.NameProblem(name) is { } problem ? throw new FormatException(problem) : new ModuleNetwork(name);
    }

    private static List<int> ReadHiddenUnits(JsonObject network)
    {
        if (network["hiddenUnits"] is not JsonArray array)
            throw new FormatException("The network's 'hiddenUnits' must be an array of integers.");
        List<int> units = [];
        foreach (var item in array)
        {
            if (item is not JsonValue value || !value.TryGetValue(out int width))
                throw new FormatException($"The network's 'hiddenUnits[{units.Count}]' must be an integer.");
            units.Add(width);
        }

        return units;
    }

    private static Activation ReadActivation(JsonObject network)
    {
        var name = Get<string>(network, "activation", "a string");
        var index = Array.IndexOf(Enum.GetNames<Activation>(), name);
        return index >= 0 ? Enum.GetValues<Activation>()[index]
            : throw new FormatException(
                $"The network's activation '{name}' is unknown; known ones are {string.Join(", ", Enum.GetNames<Activation>())}.");
    }

    private static T Get<T>(JsonObject network, string member, string expected) =>
        network[member] is JsonValue value && value.TryGetValue(out T? result) ? result
            : throw new FormatException($"The network's '{member}' must be {expected}.");

    private static NetworkDefinition Checked(NetworkDefinition definition)
    {
        List<string> problems = [];
        definition.Validate(problems);
        return problems.Count == 0 ? definition : throw new FormatException(string.Join(" ", problems));
    }
}
