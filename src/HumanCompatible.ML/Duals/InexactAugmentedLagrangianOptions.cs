using System.Text.Json.Serialization;
using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML;

/// <summary>Settings of <see cref="InexactAugmentedLagrangian"/> (iALM), the same for every constraint group.</summary>
public sealed class InexactAugmentedLagrangianOptions : DualOptimizerOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => InexactAugmentedLagrangian.KindName;

    /// <summary>Initial penalty parameter, at least 0: the largest step factor of a dual update.</summary>
    /// <value>The default value is 1.</value>
    public double Beta { get; set; } = 1;

    /// <summary>Growth factor of beta, above 0.</summary>
    /// <value>The default value is 1: beta stays.</value>
    public double Sigma { get; set; } = 1;

    /// <summary>Bound on the 2-norm of one dual step of a group, at least 0, may be infinite.</summary>
    /// <value>The default value is 1.</value>
    public double Gamma { get; set; } = 1;

    /// <summary>The coefficient rho of the quadratic term, at least 0.</summary>
    /// <value>The default value is 1.</value>
    /// <remarks>Ignored under <see cref="PenaltyRule.Beta"/>.</remarks>
    public double Penalty { get; set; } = 1;

    /// <summary>Whether rho or beta weighs the quadratic term.</summary>
    /// <value>The default value is <see cref="PenaltyRule.Fixed"/>.</value>
    public PenaltyRule PenaltyRule { get; set; } = PenaltyRule.Fixed;

    /// <summary>What the quadratic term squares for inequalities.</summary>
    /// <value>The default value is <see cref="InequalityPenalty.Violation"/>.</value>
    public InequalityPenalty InequalityPenalty { get; set; } = InequalityPenalty.Violation;

    /// <summary>The value beta never exceeds.</summary>
    /// <value>The default value is <see cref="InexactAugmentedLagrangian.DefaultBetaMax"/>.</value>
    public double BetaMax { get; set; } = InexactAugmentedLagrangian.DefaultBetaMax;

    /// <summary>When beta grows.</summary>
    /// <value>The default value is <see cref="SigmaSchedule.PerUpdate"/>.</value>
    public SigmaSchedule SigmaSchedule { get; set; } = SigmaSchedule.PerUpdate;

    /// <summary>How gamma changes with the epoch.</summary>
    /// <value>The default value is <see cref="GammaSchedule.Constant"/>.</value>
    public GammaSchedule GammaSchedule { get; set; } = GammaSchedule.Constant;

    /// <summary>Whether beta grows while a group is feasible.</summary>
    /// <value>The default value is <see cref="PenaltyGrowth.Always"/>.</value>
    public PenaltyGrowth PenaltyGrowth { get; set; } = PenaltyGrowth.Always;

    /// <summary>Weight of the past in the averaged constraint, 0 to 1.</summary>
    /// <value>The default value is 0: no averaging.</value>
    public double Momentum { get; set; }

    /// <summary>1 minus the weight of the present in the averaged constraint, 0 to 1.</summary>
    /// <value>The default value is null: the same as <see cref="Momentum"/>.</value>
    public double? Dampening { get; set; }

    /// <summary>How far from its boundary a constraint counts as satisfied, at least 0.</summary>
    /// <value>The default value is 0.</value>
    public double Tolerance { get; set; }

    /// <summary>Least value of a dual; raised to 0 for inequalities.</summary>
    /// <value>The default value is -100.</value>
    public double DualLowerBound { get; set; } = -100;

    /// <summary>Largest value of a dual.</summary>
    /// <value>The default value is 100.</value>
    public double DualUpperBound { get; set; } = 100;

    /// <summary>Initial value of every dual, moved into the group's dual range.</summary>
    /// <value>The default value is 0.</value>
    public double InitialDual { get; set; }

    internal override void Validate(ICollection<string> problems)
    {
        var settings = new SettingProblems(problems, asProperties: true);
        InexactAugmentedLagrangian.ValidateWhole(settings, Penalty, PenaltyRule, GammaSchedule, SigmaSchedule, PenaltyGrowth);
        new InexactAugmentedLagrangianSettings(Beta, Sigma, Gamma, BetaMax, Momentum, Dampening ?? Momentum, Tolerance, InequalityPenalty).Validate(settings);
        ValidateDuals(settings, (DualLowerBound, DualUpperBound), InitialDual);
    }

    internal override DualOptimizer Create(IReadOnlyList<DualGroupDeclaration> groups, ScalarType dtype, Device? device)
    {
        var first = groups[0];
        var range = (DualLowerBound, DualUpperBound);
        var optimizer = new InexactAugmentedLagrangian(
            first.Count, Beta, Sigma, Gamma, InitialDuals(first, range, InitialDual), Penalty, range, Momentum, Dampening, first.IsInequality, Tolerance,
            PenaltyRule, InequalityPenalty, BetaMax, GammaSchedule, SigmaSchedule, PenaltyGrowth, first.Name, dtype, device);
        foreach (var group in groups.Skip(1))
        {
            optimizer.AddConstraintGroup(
                group.Count, Beta, Sigma, Gamma, InitialDuals(group, range, InitialDual), range, Momentum, Dampening, group.IsInequality, Tolerance,
                InequalityPenalty, BetaMax, group.Name);
        }

        return optimizer;
    }
}
