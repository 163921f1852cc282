using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// A network to train: a function from features, <c>[batch, features]</c>, to outputs, <c>[batch, outputs]</c> (one output: logits,
/// <c>[batch]</c>). An immutable value; two definitions are equal when all their settings are. Made by <see cref="Network"/>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(LinearNetwork), "linear")]
[JsonDerivedType(typeof(MultilayerPerceptronNetwork), "multilayerPerceptron")]
[JsonDerivedType(typeof(ResidualPerceptronNetwork), "residualPerceptron")]
[JsonDerivedType(typeof(ModuleNetwork), "module")]
public abstract record NetworkDefinition
{
    private protected NetworkDefinition()
    {
    }

    /// <summary>Adds one line to <paramref name="problems"/> for each setting that is out of range.</summary>
    /// <param name="problems">Receives the problems; left as it is when there is none.</param>
    internal abstract void Validate(ICollection<string> problems);
}
