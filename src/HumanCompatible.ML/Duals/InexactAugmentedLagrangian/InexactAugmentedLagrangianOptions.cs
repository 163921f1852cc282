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
    /// <remarks>Ignored under <see cref="PenaltyRule.Beta"/>.</remarks>
    public double Penalty { get; set; } = 3;

    /// <summary>Whether rho or beta weighs the quadratic term.</summary>
    /// <value>The default value is <see cref="PenaltyRule.Fixed"/>.</value>
    public PenaltyRule PenaltyRule { get; set; }

    /// <summary>What the quadratic term squares for inequalities.</summary>
    /// <value>The default value is <see cref="InequalityPenalty.Violation"/>.</value>
    public InequalityPenalty InequalityPenalty { get; set; }

    /// <summary>sigma, the factor by which beta grows, above 0 and finite.</summary>
    /// <value>The default value is 1: beta stays.</value>
    public double Sigma { get; set; } = 1;

    /// <summary>The value beta never exceeds, at least <see cref="Beta"/>.</summary>
    /// <value>The default value is the largest finite Float32, so that beta is finite in every type.</value>
    public double BetaMax { get; set; } = float.MaxValue;

    /// <summary>When beta grows.</summary>
    /// <value>The default value is <see cref="PenaltyGrowthSchedule.PerUpdate"/>.</value>
    public PenaltyGrowthSchedule PenaltyGrowthSchedule { get; set; }

    /// <summary>Whether beta grows while a block is feasible.</summary>
    /// <value>The default value is <see cref="PenaltyGrowth.Always"/>.</value>
    public PenaltyGrowth PenaltyGrowth { get; set; }

    /// <summary>How gamma changes with the epoch.</summary>
    /// <value>The default value is <see cref="StepBoundSchedule.Constant"/>.</value>
    public StepBoundSchedule StepBoundSchedule { get; set; }

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
        problems.OneOf(nameof(PenaltyRule), PenaltyRule);
        problems.OneOf(nameof(InequalityPenalty), InequalityPenalty);
        problems.Positive(nameof(Sigma), Sigma);
        if (double.IsFinite(Beta))
            problems.Require(BetaMax >= Beta, nameof(BetaMax), BetaMax, $"at least {nameof(Beta)}, which is {Problems.Text(Beta)}");
        problems.OneOf(nameof(PenaltyGrowthSchedule), PenaltyGrowthSchedule);
        problems.OneOf(nameof(PenaltyGrowth), PenaltyGrowth);
        problems.OneOf(nameof(StepBoundSchedule), StepBoundSchedule);
        problems.UnitInterval(nameof(Momentum), Momentum);
        problems.UnitInterval(nameof(Dampening), Dampening ?? 0);
        problems.NotNegative(nameof(Tolerance), Tolerance);
        base.Validate(problems, kind, count);
    }

    internal override DualOptimizer CreateOptimizer(ScalarType dtype, Device? device) => new InexactAugmentedLagrangian(dtype, device);

    internal override ConstraintBlock CreateBlock(string name, int offset, int count, ConstraintKind kind)
        => new InexactAugmentedLagrangianBlock(name, offset, count, kind, this);
}
