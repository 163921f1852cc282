using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// Options of <see cref="InexactAugmentedLagrangian"/> (iALM), whose formulas name them. The defaults suit the violations of rates, and
/// are those of the trainers.
/// </summary>
public sealed record InexactAugmentedLagrangianOptions : MultiplierOptions
{
    /// <summary>beta, the largest factor of a dual step, at least 0 and finite.</summary>
    /// <value>The default value is 0.2.</value>
    public double Beta { get; set; } = 0.2;

    /// <summary>gamma, the bound on the 2-norm of one dual step of a block, at least 0; infinity for none.</summary>
    /// <value>The default value is 0.02.</value>
    public double Gamma { get; set; } = 0.02;

    /// <summary>rho, the coefficient of the quadratic term, at least 0 and finite.</summary>
    /// <value>The default value is 3.</value>
    /// <remarks>Ignored under <see cref="PenaltyIsBeta"/>.</remarks>
    public double Penalty { get; set; } = 3;

    /// <summary>
    /// True to weigh the quadratic term by the block's present beta instead of rho, as in the published algorithm (Li, Chen, Liu, Lu, Xu
    /// 2021) and in the Python package.
    /// </summary>
    /// <value>The default value is false.</value>
    public bool PenaltyIsBeta { get; set; }

    /// <summary>
    /// What the quadratic term squares for inequalities: true for q = c, which pulls a constraint with slack back to its boundary c = 0;
    /// false for q = [c]₊ = max(c, 0), by which a satisfied constraint costs nothing. Equalities have q = c.
    /// </summary>
    /// <value>The default value is false.</value>
    public bool PenalizeSlack { get; set; }

    /// <summary>sigma, the factor by which beta grows, above 0 and finite.</summary>
    /// <value>The default value is 1: beta stays.</value>
    public double Sigma { get; set; } = 1;

    /// <summary>The value beta never exceeds, at least <see cref="Beta"/>.</summary>
    /// <value>The default value is the largest finite Float32, so that beta is finite in every type.</value>
    public double BetaMax { get; set; } = float.MaxValue;

    /// <summary>
    /// True to grow beta at <see cref="DualOptimizer.EndEpoch"/>, the outer iteration of the published algorithm; false after every update,
    /// as in the Python package.
    /// </summary>
    /// <value>The default value is false.</value>
    public bool GrowPerEpoch { get; set; }

    /// <summary>
    /// True to grow beta only where the last update of the block saw a violation above <see cref="Tolerance"/> (Nocedal and Wright 2006,
    /// algorithm 17.4).
    /// </summary>
    /// <value>The default value is false.</value>
    public bool GrowOnlyWhileViolated { get; set; }

    /// <summary>
    /// True to shrink gamma with the epoch: gamma_k = gamma / ((k + 1)·ln²(k + 2)) in epoch k = 0, 1, ..., a summable sequence, so that
    /// the multipliers stay bounded.
    /// </summary>
    /// <value>The default value is false.</value>
    public bool SummableGamma { get; set; }

    /// <summary>mu, the weight of the past in the averaged constraint b, 0 to 1.</summary>
    /// <value>The default value is 0: no averaging.</value>
    /// <remarks>
    /// b starts at 0, so the first step is along (1 − delta)·c. <c>torch.optim.SGD</c> starts its buffer at the first gradient, undamped.
    /// </remarks>
    public double Momentum { get; set; }

    /// <summary>delta, 1 minus the weight of the present in the averaged constraint, 0 to 1.</summary>
    /// <value>The default value is null: the same as <see cref="Momentum"/>, which makes b an average.</value>
    public double? Dampening { get; set; }

    /// <summary>How far from its boundary a constraint counts as satisfied: c − Tolerance takes the place of an inequality, an equality's
    /// |c| is shrunk by it. At least 0 and finite.</summary>
    /// <value>The default value is 0.</value>
    public double Tolerance { get; set; }

    internal override void Validate(Problems problems, ConstraintKind kind, int? count = null)
    {
        problems.NotNegative(nameof(Beta), Beta);
        problems.NotNegativeOrInfinite(nameof(Gamma), Gamma);
        problems.NotNegative(nameof(Penalty), Penalty);
        problems.Positive(nameof(Sigma), Sigma);
        if (double.IsFinite(Beta))
            problems.Require(BetaMax >= Beta, nameof(BetaMax), BetaMax, $"at least {nameof(Beta)}, which is {Problems.Text(Beta)}");
        problems.UnitInterval(nameof(Momentum), Momentum);
        problems.UnitInterval(nameof(Dampening), Dampening ?? 0);
        problems.NotNegative(nameof(Tolerance), Tolerance);
        base.Validate(problems, kind, count);
    }

    internal override DualOptimizer CreateOptimizer(ScalarType dtype, Device? device) => new InexactAugmentedLagrangian(dtype, device);

    internal override ConstraintBlock CreateBlock(string name, int offset, int count, ConstraintKind kind)
        => new InexactAugmentedLagrangianBlock(name, offset, count, kind, this);
}
