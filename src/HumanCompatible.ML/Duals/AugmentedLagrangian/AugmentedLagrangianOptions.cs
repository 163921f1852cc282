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

    /// <summary>
    /// The augmentation of inequalities: false for λ'c + (rho/2)·‖q‖², q as <see cref="PenalizeSlack"/> says; true for
    /// (1/(2·rho))·(‖[λ + rho·c]₊‖² − ‖λ‖²), the form of Hestenes, Powell and Rockafellar, which needs rho above 0. The constraint that an
    /// update then averages is ([λ + rho·c]₊ − λ)/rho. Equalities are the same in both.
    /// </summary>
    /// <value>The default value is false.</value>
    public bool HestenesPowellRockafellar { get; set; }

    /// <summary>
    /// What the quadratic term squares for inequalities: true for q = c, which pulls a constraint with slack back to its boundary c = 0;
    /// false for q = [c]₊ = max(c, 0), by which a satisfied constraint costs nothing. Equalities have q = c.
    /// </summary>
    /// <value>The default value is false.</value>
    /// <remarks>Ignored under <see cref="HestenesPowellRockafellar"/>.</remarks>
    public bool PenalizeSlack { get; set; }

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
        if (HestenesPowellRockafellar)
            problems.Positive(nameof(Penalty), Penalty);
        else
            problems.NotNegative(nameof(Penalty), Penalty);
        problems.UnitInterval(nameof(Momentum), Momentum);
        problems.UnitInterval(nameof(Dampening), Dampening ?? 0);
        problems.NotNegative(nameof(Tolerance), Tolerance);
        base.Validate(problems, kind, count);
    }

    internal override DualOptimizer CreateOptimizer(ScalarType dtype, Device? device) => new AugmentedLagrangian(dtype, device);

    internal override ConstraintBlock CreateBlock(string name, int offset, int count, ConstraintKind kind)
        => new AugmentedLagrangianBlock(name, offset, count, kind, this);
}
