namespace HumanCompatible.ML.Duals;

/// <summary>
/// Settings of one constraint group where they differ from those of <see cref="InexactAugmentedLagrangianOptions"/>; null takes those.
/// </summary>
public sealed class InexactAugmentedLagrangianGroupOptions
{
    /// <summary>Initial penalty parameter, at least 0.</summary>
    public double? Beta { get; set; }

    /// <summary>Growth factor of beta, above 0.</summary>
    public double? Sigma { get; set; }

    /// <summary>Bound on the 2-norm of one dual step of the group, at least 0, may be infinite.</summary>
    public double? Gamma { get; set; }

    /// <summary>What the quadratic term squares for inequalities.</summary>
    public InequalityPenalty? InequalityPenalty { get; set; }

    /// <summary>The value beta never exceeds.</summary>
    public double? BetaMax { get; set; }

    /// <summary>Weight of the past in the averaged constraint, 0 to 1.</summary>
    public double? Momentum { get; set; }

    /// <summary>
    /// 1 minus the weight of the present in the averaged constraint, 0 to 1; null takes that of the options, else the group's momentum.
    /// </summary>
    public double? Dampening { get; set; }

    /// <summary>How far from its boundary a constraint counts as satisfied, at least 0.</summary>
    public double? Tolerance { get; set; }

    /// <summary>Least value of a dual; raised to 0 for inequalities.</summary>
    public double? DualLowerBound { get; set; }

    /// <summary>Largest value of a dual.</summary>
    public double? DualUpperBound { get; set; }

    /// <summary>Initial value of every dual of the group, moved into its dual range.</summary>
    public double? InitialDual { get; set; }

    internal InexactAugmentedLagrangianGroupOptions Clone() => (InexactAugmentedLagrangianGroupOptions)MemberwiseClone();

    /// <summary>These settings, completed by those of the options.</summary>
    internal InexactAugmentedLagrangianSettings Complete(InexactAugmentedLagrangianOptions options)
    {
        var momentum = Momentum ?? options.Momentum;
        return new(
            Beta ?? options.Beta, Sigma ?? options.Sigma, Gamma ?? options.Gamma, BetaMax ?? options.BetaMax, momentum,
            Dampening ?? options.Dampening ?? momentum, Tolerance ?? options.Tolerance, InequalityPenalty ?? options.InequalityPenalty);
    }

    internal (double Lower, double Upper) DualRange(InexactAugmentedLagrangianOptions options) =>
        (DualLowerBound ?? options.DualLowerBound, DualUpperBound ?? options.DualUpperBound);
}
