using System.Collections.Concurrent;
using TorchSharp;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// The factories of the user's own networks, by name, for the whole process. A model that was trained with such a network names it: to load
/// the model, the network is built by the factory registered here, then gets the saved weights. Safe to use from several threads.
/// </summary>
public static class NetworkRegistry
{
    private static readonly ConcurrentDictionary<string, Func<int, int, torch.nn.Module<torch.Tensor, torch.Tensor>>> Factories =
        new(StringComparer.Ordinal);

    /// <summary>Registers a factory for the rest of the process, such as once at its start.</summary>
    /// <param name="name">The name, 1 to 200 characters, that definitions and model files refer to.</param>
    /// <param name="factory">
    /// Builds a new float32 module from the number of features and the number of outputs. Its forward pass takes <c>[batch, features]</c>
    /// and gives <c>[batch, outputs]</c>; for one output <c>[batch]</c> is accepted too. In evaluation mode it gives the same for the same
    /// row: a model file keeps what it gave for a few, and a factory of another function is refused. It is called once for each training
    /// and each loaded model.
    /// </param>
    /// <returns>The definition that refers to it, as <see cref="Network.Module"/> gives it.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty or too long, or another factory has it: models that were
    /// trained with that one could not be loaded. The same factory may be registered again; a lambda that captures nothing is one
    /// factory however often its line runs.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="factory"/> is null.</exception>
    public static NetworkDefinition Register(string name, Func<int, int, torch.nn.Module<torch.Tensor, torch.Tensor>> factory)
    {
        if (ModuleNetwork.NameProblem(name) is { } problem)
            throw new ArgumentException(problem, nameof(name));
        ArgumentNullException.ThrowIfNull(factory);
        if (!Factories.GetOrAdd(name, factory).Equals(factory))
        {
            throw new ArgumentException(
                $"Another factory is registered under the name '{name}' in this process: give this network a name of its own.",
                nameof(name));
        }

        return new ModuleNetwork(name);
    }

    /// <summary>Whether a factory is registered under a name.</summary>
    /// <param name="name">The name, compared exactly.</param>
    /// <returns><see langword="true"/> when there is one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public static bool IsRegistered(string name) => Factories.ContainsKey(name);

    /// <summary>A new module from the factory of a name.</summary>
    /// <exception cref="InvalidOperationException">The name is not registered, or its factory gave null.</exception>
    internal static torch.nn.Module<torch.Tensor, torch.Tensor> Build(string name, int inputCount, int outputCount)
    {
        if (!Factories.TryGetValue(name, out var factory))
            throw new InvalidOperationException(NotRegistered(name));
        return factory(inputCount, outputCount)
            ?? throw new InvalidOperationException(
                $"The factory of the network '{name}' gave null for {inputCount} features and {outputCount} outputs.");
    }

    /// <summary>The message about a name without a factory: what is missing, and the call that provides it.</summary>
    internal static string NotRegistered(string name) =>
        $"No network is registered under the name '{name}'. Call NetworkRegistry.Register(\"{name}\", (inputs, outputs) => ...) once in "
            + "this process, "
        + "before training or loading a model that uses it.";
}
