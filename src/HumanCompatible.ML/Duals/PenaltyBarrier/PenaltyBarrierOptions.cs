using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>Settings of <see cref="PenaltyBarrier"/> (PBM), the same for every constraint group; inequality constraints only.</summary>
public sealed class PenaltyBarrierOptions : DualOptimizerOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => PenaltyBarrier.KindName;

    /// <summary>The factor K of the penalty update, at least 0 and below 1.</summary>
    /// <value>The default value is 0.1.</value>
    public double PenaltyMultiplier { get; set; } = 0.1;

    /// <summary>The weight of the old dual in an update, at least 0 and below 1.</summary>
    /// <value>The default value is 0.1.</value>
    public double Gamma { get; set; } = 0.1;

    /// <summary>The factor of phi'(c) ≥ 1 under <see cref="BarrierPenaltyUpdate.DiminishingAdaptive"/>, above 0.</summary>
    /// <value>The default value is 1.</value>
    public double Delta { get; set; } = 1;

    /// <summary>How the penalties change.</summary>
    /// <value>The default value is <see cref="BarrierPenaltyUpdate.DiminishingAdaptive"/>.</value>
    public BarrierPenaltyUpdate PenaltyUpdate { get; set; } = BarrierPenaltyUpdate.DiminishingAdaptive;

    /// <summary>The penalty-barrier function.</summary>
    /// <value>The default value is <see cref="BarrierFunction.QuadraticLogarithmic"/>.</value>
    public BarrierFunction Barrier { get; set; } = BarrierFunction.QuadraticLogarithmic;

    /// <summary>Least value of a dual, above 0.</summary>
    /// <value>The default value is 1e-4.</value>
    public double DualLowerBound { get; set; } = PenaltyBarrier.DefaultDualLowerBound;

    /// <summary>Largest value of a dual.</summary>
    /// <value>The default value is 100.</value>
    public double DualUpperBound { get; set; } = 100;

    /// <summary>Initial value of every dual, moved into the dual range.</summary>
    /// <value>The default value is 0: the lower bound.</value>
    public double InitialDual { get; set; }

    /// <summary>Least value of a penalty, above 0.</summary>
    /// <value>The default value is 0.1.</value>
    public double PenaltyLowerBound { get; set; } = 0.1;

    /// <summary>Largest value of a penalty, and its initial value.</summary>
    /// <value>The default value is 1.</value>
    public double PenaltyUpperBound { get; set; } = 1;

    /// <summary>True for gamma_k = 1 − 1/(√k + 1/(1 − gamma)) in epoch k.</summary>
    /// <value>The default value is true.</value>
    public bool GammaAnnealing { get; set; } = true;

    /// <summary>True for the same sequence of the penalty multiplier.</summary>
    /// <value>The default value is true.</value>
    public bool PenaltyAnnealing { get; set; } = true;

    /// <summary>The factor of <see cref="BarrierPenaltyUpdate.AugmentedLagrangian"/>, above 0.</summary>
    /// <value>The default value is 2.</value>
    public double Rho { get; set; } = 2;

    internal override void Validate(ICollection<string> problems)
    {
        var settings = new Problems(problems, asProperties: true);
        Settings.Validate(settings);
        settings.Positive("dualLowerBound", DualLowerBound);
        ValidateDuals(settings, (DualLowerBound, DualUpperBound), InitialDual);
    }

    internal override void ValidateGroups(IReadOnlyList<DualGroupDeclaration> groups, ICollection<string> problems)
    {
        foreach (var group in groups.Where(group => !group.IsInequality))
            problems.Add($"The penalty-barrier method takes inequality constraints only; group '{group.Name}' holds equalities.");
    }

    private protected override DualOptimizer CreateChecked(IReadOnlyList<DualGroupDeclaration> groups, ScalarType dtype, Device? device)
    {
        var first = groups[0];
        var range = (DualLowerBound, DualUpperBound);
        var penalties = (PenaltyLowerBound, PenaltyUpperBound);
        var optimizer = new PenaltyBarrier(
            first.Count, PenaltyMultiplier, Gamma, Delta, PenaltyUpdate, Barrier, InitialDuals(first, range, InitialDual), null, range,
                penalties,
            GammaAnnealing, PenaltyAnnealing, null, Rho, first.Name, dtype, device);
        foreach (var group in groups.Skip(1))
        {
            optimizer.AddConstraintGroup(
                group.Count, PenaltyMultiplier, Gamma, Delta, PenaltyUpdate, Barrier, InitialDuals(group, range, InitialDual), null, range,
                    penalties,
                GammaAnnealing, PenaltyAnnealing, Rho, group.Name);
        }

        return optimizer;
    }

    private PenaltyBarrierSettings Settings => new(
        PenaltyMultiplier, Gamma, Delta, PenaltyUpdate, Barrier, PenaltyLowerBound, PenaltyUpperBound, GammaAnnealing, PenaltyAnnealing,
            Rho);
}
