using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>Options of <see cref="SwitchingSubgradient"/>.</summary>
public sealed record SwitchingSubgradientOptions : DualOptimizerOptions
{
    /// <summary>The violation up to which the loss is descended, at least 0 and finite.</summary>
    /// <value>The default value is 0.</value>
    public double Tolerance { get; set; }

    /// <summary>The factor of the worst violation, above 0 and finite: how much larger a step on a constraint is than one on the
    /// loss.</summary>
    /// <value>The default value is 1.</value>
    public double ConstraintScale { get; set; } = 1;

    /// <summary>
    /// True to decide by the constraints of the last update, so that exact ones decide and surrogates give the gradient; false to decide
    /// by those passed to <see cref="DualOptimizer.Forward"/>.
    /// </summary>
    /// <value>The default value is true.</value>
    public bool SwitchOnUpdate { get; set; } = true;

    internal override void Validate(Problems problems, ConstraintKind kind, int? count = null)
    {
        problems.NotNegative(nameof(Tolerance), Tolerance);
        problems.Positive(nameof(ConstraintScale), ConstraintScale);
        base.Validate(problems, kind, count);
    }

    internal override DualOptimizer CreateOptimizer(ScalarType dtype, Device? device) => new SwitchingSubgradient(dtype, device);

    internal override ConstraintBlock CreateBlock(string name, int offset, int count, ConstraintKind kind)
        => new SwitchingSubgradientBlock(name, offset, count, kind, this);
}
