using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>Options of <see cref="PenaltyBarrier"/> (PBM), whose formulas name them. It takes inequalities only.</summary>
public sealed record PenaltyBarrierOptions : MultiplierOptions
{
    /// <summary>Creates the defaults.</summary>
    public PenaltyBarrierOptions() => DualLowerBound = 1e-4;

    /// <summary>gamma, the weight of the old multiplier in an update, at least 0 and below 1.</summary>
    /// <value>The default value is 0.1.</value>
    public double Gamma { get; set; } = 0.1;

    /// <summary>True to raise gamma towards 1: gamma_k = 1 − 1/(√k + 1/(1 − gamma)) in epoch k.</summary>
    /// <value>The default value is true.</value>
    public bool GammaAnnealing { get; set; } = true;

    /// <summary>
    /// The penalty-barrier function φ: false for the quadratic-logarithmic one, t + t²/2 for t ≥ -1/2, else -ln(-2t)/4 - 3/8; true for the
    /// quadratic-reciprocal one, t + t²/2 for t ≥ -1/3, else (32/27)/(1 - t) - 7/6.
    /// </summary>
    /// <value>The default value is false.</value>
    public bool ReciprocalBarrier { get; set; }

    /// <summary>How the penalties change.</summary>
    /// <value>The default value is <see cref="BarrierPenaltyUpdate.DiminishingAdaptive"/>.</value>
    public BarrierPenaltyUpdate PenaltyUpdate { get; set; } = BarrierPenaltyUpdate.DiminishingAdaptive;

    /// <summary>K, the factor of the penalty update, from 0 to 1.</summary>
    /// <value>The default value is 0.1.</value>
    public double PenaltyMultiplier { get; set; } = 0.1;

    /// <summary>True to raise K towards 1 by the sequence of <see cref="GammaAnnealing"/>; K = 1 stays.</summary>
    /// <value>The default value is true.</value>
    public bool PenaltyAnnealing { get; set; } = true;

    /// <summary>The factor of φ'(c) ≥ 1 under <see cref="BarrierPenaltyUpdate.DiminishingAdaptive"/>, above 0 and finite: how much faster
    /// the penalty of a violated constraint falls.</summary>
    /// <value>The default value is 1.</value>
    public double Delta { get; set; } = 1;

    /// <summary>The factor of λ under <see cref="BarrierPenaltyUpdate.AugmentedLagrangian"/>, above 0 and finite.</summary>
    /// <value>The default value is 2.</value>
    public double Rho { get; set; } = 2;

    /// <summary>Least value of a penalty, above 0 and finite.</summary>
    /// <value>The default value is 0.1.</value>
    public double PenaltyLowerBound { get; set; } = 0.1;

    /// <summary>Largest value of a penalty, at least <see cref="PenaltyLowerBound"/> and finite.</summary>
    /// <value>The default value is 1.</value>
    public double PenaltyUpperBound { get; set; } = 1;

    /// <summary>The initial penalties of a block, in their range: one for each constraint, or one for all.</summary>
    /// <value>The default, null, is <see cref="PenaltyUpperBound"/>.</value>
    public IReadOnlyList<double>? InitialPenalties { get; set; }

    /// <summary>Updates that make an epoch of the annealing, at least 1.</summary>
    /// <value>The default, null, takes the epochs of <see cref="DualOptimizer.EndEpoch"/>.</value>
    public int? EpochLength { get; set; }

    private protected override IReadOnlyList<string> Warnings
        => PenaltyUpdate != BarrierPenaltyUpdate.AugmentedLagrangian || Rho * DualUpperBound <= PenaltyUpperBound ? []
        :
        [
            $"PenaltyUpdate is AugmentedLagrangian, but PenaltyUpperBound {Problems.Text(PenaltyUpperBound)} cuts the penalty Rho·λ of "
            + $"every multiplier above {Problems.Text(PenaltyUpperBound / Rho)}, and DualUpperBound is {Problems.Text(DualUpperBound)}. "
            + $"Raise PenaltyUpperBound to {Problems.Text(Rho * DualUpperBound)}, or lower DualUpperBound.",
        ];

    /// <summary>The initial penalties of a block; the options are valid for it.</summary>
    internal double[] InitialPenaltiesOf(int count) => OnePerConstraint(InitialPenalties, PenaltyUpperBound, count);

    internal override DualOptimizerOptions Copy()
    {
        var copy = (PenaltyBarrierOptions)base.Copy();
        copy.InitialPenalties = InitialPenalties?.ToArray();
        return copy;
    }

    internal override void Validate(Problems problems, ConstraintKind kind, int? count = null)
    {
        if (kind == ConstraintKind.Equality)
            problems.Add("The penalty-barrier method takes inequality constraints only.");
        problems.Require(Gamma is >= 0 and < 1, nameof(Gamma), Gamma, "at least 0 and below 1");
        problems.OneOf(nameof(PenaltyUpdate), PenaltyUpdate);
        problems.UnitInterval(nameof(PenaltyMultiplier), PenaltyMultiplier);
        problems.Positive(nameof(Delta), Delta);
        problems.Positive(nameof(Rho), Rho);
        problems.Positive(nameof(DualLowerBound), DualLowerBound);
        problems.Positive(nameof(PenaltyLowerBound), PenaltyLowerBound);
        var isRange = PenaltyUpperBound <= Problems.Largest && PenaltyUpperBound >= PenaltyLowerBound;
        problems.Require(isRange, nameof(PenaltyUpperBound), PenaltyUpperBound,
            $"at least {nameof(PenaltyLowerBound)} and {Problems.End(PenaltyUpperBound)}");
        if (isRange)
            ValidateInitial(problems, nameof(InitialPenalties), InitialPenalties, (PenaltyLowerBound, PenaltyUpperBound), count);
        problems.AtLeast(nameof(EpochLength), EpochLength, 1);
        base.Validate(problems, kind, count);
    }

    internal override DualOptimizer CreateOptimizer(ScalarType dtype, Device? device) => new PenaltyBarrier(dtype, device);

    internal override ConstraintBlock CreateBlock(string name, int offset, int count, ConstraintKind kind)
        => new PenaltyBarrierBlock(name, offset, count, kind, this);
}
