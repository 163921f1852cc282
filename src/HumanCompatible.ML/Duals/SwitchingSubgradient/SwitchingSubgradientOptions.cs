using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>Settings of <see cref="SwitchingSubgradient"/>, the same for every constraint group.</summary>
public sealed class SwitchingSubgradientOptions : DualOptimizerOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => SwitchingSubgradient.KindName;

    /// <summary>The violation up to which the loss is descended, at least 0.</summary>
    /// <value>The default value is 0.</value>
    public double Tolerance { get; set; }

    /// <summary>The factor of the worst violation, above 0.</summary>
    /// <value>The default value is 1.</value>
    public double ConstraintScale { get; set; } = 1;

    /// <summary>True to decide by the constraints of the last update instead of those passed to Forward.</summary>
    /// <value>The default value is true: the exact constraints decide, the differentiable ones give the gradient.</value>
    public bool SwitchOnUpdate { get; set; } = true;

    internal override void Validate(ICollection<string> problems) =>
        SwitchingSubgradient.ValidateWhole(new(problems, asProperties: true), Tolerance, ConstraintScale);

    private protected override DualOptimizer CreateChecked(IReadOnlyList<DualGroupDeclaration> groups, ScalarType dtype, Device? device)
    {
        var first = groups[0];
        var optimizer = new SwitchingSubgradient(first.Count, Tolerance, ConstraintScale, first.IsInequality, SwitchOnUpdate, first.Name,
            dtype, device);
        foreach (var group in groups.Skip(1))
            optimizer.AddConstraintGroup(group.Count, group.IsInequality, group.Name);
        return optimizer;
    }
}
