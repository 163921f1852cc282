using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>Options of <see cref="NuPI"/>, whose formulas name them.</summary>
public sealed record NuPIOptions : MultiplierOptions
{
    /// <summary>nu, the weight of the past in the averaged constraint ξ: from 0, which keeps the last constraint only, to 1.</summary>
    /// <value>The default value is 0.01.</value>
    public double Nu { get; set; } = 0.01;

    /// <summary>ki, the integral gain: the step along the constraint, at least 0 and finite.</summary>
    /// <value>The default value is 0.01.</value>
    public double IntegralGain { get; set; } = 0.01;

    /// <summary>kp, the proportional gain: the step along the change of the constraint, which damps oscillation; at least 0 and
    /// finite.</summary>
    /// <value>The default value is 1.</value>
    public double ProportionalGain { get; set; } = 1;

    /// <summary>rho, the coefficient of the quadratic term, at least 0 and finite.</summary>
    /// <value>The default value is 0: the plain Lagrangian.</value>
    public double Penalty { get; set; }

    /// <summary>
    /// What the quadratic term squares for inequalities: true for q = c, which pulls a constraint with slack back to its boundary c = 0;
    /// false for q = [c]₊ = max(c, 0), by which a satisfied constraint costs nothing. Equalities have q = c.
    /// </summary>
    /// <value>The default value is false.</value>
    public bool PenalizeSlack { get; set; }

    internal override void Validate(Problems problems, ConstraintKind kind, int? count = null)
    {
        problems.UnitInterval(nameof(Nu), Nu);
        problems.NotNegative(nameof(IntegralGain), IntegralGain);
        problems.NotNegative(nameof(ProportionalGain), ProportionalGain);
        problems.NotNegative(nameof(Penalty), Penalty);
        base.Validate(problems, kind, count);
    }

    internal override DualOptimizer CreateOptimizer(ScalarType dtype, Device? device) => new NuPI(dtype, device);

    internal override ConstraintBlock CreateBlock(string name, int offset, int count, ConstraintKind kind)
        => new NuPIBlock(name, offset, count, kind, this);
}
