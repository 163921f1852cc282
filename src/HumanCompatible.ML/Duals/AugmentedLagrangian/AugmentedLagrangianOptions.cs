using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>Options of <see cref="AugmentedLagrangian"/> (ALM), whose formulas name them.</summary>
public sealed record AugmentedLagrangianOptions : MultiplierOptions
{
    /// <summary>eta, the factor of a dual step, at least 0 and finite.</summary>
    /// <value>The default value is 0.01.</value>
    public double LearningRate { get; set; } = 0.01;

    /// <summary>rho, the coefficient of the augmentation, at least 0 and finite.</summary>
    /// <value>The default value is 1.</value>
    public double Penalty { get; set; } = 1;

    /// <summary>The form of the augmentation.</summary>
    /// <value>The default value is <see cref="Augmentation.Quadratic"/>.</value>
    public Augmentation Augmentation { get; set; }

    /// <summary>What the quadratic term squares for inequalities.</summary>
    /// <value>The default value is <see cref="InequalityPenalty.Violation"/>.</value>
    public InequalityPenalty InequalityPenalty { get; set; }

    /// <summary>True to return the multiplier of an inequality with c &lt; 0 to the number of its range nearest to 0.</summary>
    /// <value>The default value is false.</value>
    public bool Restart { get; set; }

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
        problems.NotNegative(nameof(LearningRate), LearningRate);
        if (Augmentation == Augmentation.HestenesPowellRockafellar)
            problems.Positive(nameof(Penalty), Penalty);
        else
            problems.NotNegative(nameof(Penalty), Penalty);
        problems.OneOf(nameof(Augmentation), Augmentation);
        problems.OneOf(nameof(InequalityPenalty), InequalityPenalty);
        problems.UnitInterval(nameof(Momentum), Momentum);
        problems.UnitInterval(nameof(Dampening), Dampening ?? 0);
        problems.NotNegative(nameof(Tolerance), Tolerance);
        base.Validate(problems, kind, count);
    }

    internal override DualOptimizer CreateOptimizer(ScalarType dtype, Device? device) => new AugmentedLagrangian(dtype, device);

    internal override ConstraintBlock CreateBlock(string name, int offset, int count, ConstraintKind kind)
        => new AugmentedLagrangianBlock(name, offset, count, kind, this);
}
