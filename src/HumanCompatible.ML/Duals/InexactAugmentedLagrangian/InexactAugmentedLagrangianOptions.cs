using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// Settings of <see cref="InexactAugmentedLagrangian"/> (iALM), the same for every constraint group but those that <see cref="Groups"/>
/// names.
/// </summary>
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
    /// <value>The default value is <see cref="PenaltyGrowthSchedule.PerUpdate"/>.</value>
    public PenaltyGrowthSchedule PenaltyGrowthSchedule { get; set; } = PenaltyGrowthSchedule.PerUpdate;

    /// <summary>How gamma changes with the epoch.</summary>
    /// <value>The default value is <see cref="StepBoundSchedule.Constant"/>.</value>
    public StepBoundSchedule StepBoundSchedule { get; set; } = StepBoundSchedule.Constant;

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

    /// <summary>Settings of single constraint groups, by the group's name, where they differ.</summary>
    /// <value>The default value is empty.</value>
    public IDictionary<string, InexactAugmentedLagrangianGroupOptions> Groups { get; set; } =
        new Dictionary<string, InexactAugmentedLagrangianGroupOptions>(StringComparer.Ordinal);

    internal override DualOptimizerOptions Clone()
    {
        var clone = (InexactAugmentedLagrangianOptions)base.Clone();
        clone.Groups = Groups.ToDictionary(pair => pair.Key, pair => pair.Value.Clone(), StringComparer.Ordinal);
        return clone;
    }

    internal override void Validate(ICollection<string> problems)
    {
        var settings = new Problems(problems, asProperties: true);
        InexactAugmentedLagrangian.ValidateWhole(settings, Penalty, PenaltyRule, StepBoundSchedule, PenaltyGrowthSchedule, PenaltyGrowth);
        ValidateGroup(new(), settings);
        foreach (var (name, group) in Groups)
            ValidateGroup(group, settings.For($"Groups['{name}']"));
    }

    internal override void ValidateGroups(IReadOnlyList<DualGroupDeclaration> groups, ICollection<string> problems)
    {
        foreach (var name in Groups.Keys.Where(name => groups.All(group => group.Name != name)))
        {
            problems.Add(
                $"Groups holds settings of '{name}'; expected names of constraint groups: "
                + $"{string.Join(", ", groups.Select(group => $"'{group.Name}'"))}.");
        }
    }

    private protected override DualOptimizer CreateChecked(IReadOnlyList<DualGroupDeclaration> groups, ScalarType dtype, Device? device)
    {
        InexactAugmentedLagrangian? optimizer = null;
        foreach (var group in groups)
        {
            var own = Groups.TryGetValue(group.Name, out var found) ? found : new();
            var settings = own.Complete(this);
            var range = own.DualRange(this);
            var initialDuals = InitialDuals(group, range, own.InitialDual ?? InitialDual);
            if (optimizer is null)
            {
                optimizer = new(
                    group.Count, settings.Beta, settings.Sigma, settings.Gamma, initialDuals, Penalty, range, settings.Momentum,
                        settings.Dampening,
                    group.IsInequality, settings.Tolerance, PenaltyRule, settings.InequalityPenalty, settings.BetaMax, StepBoundSchedule,
                        PenaltyGrowthSchedule,
                    PenaltyGrowth, group.Name, dtype, device);
            }
            else
            {
                optimizer.AddConstraintGroup(
                    group.Count, settings.Beta, settings.Sigma, settings.Gamma, initialDuals, range, settings.Momentum, settings.Dampening,
                    group.IsInequality, settings.Tolerance, settings.InequalityPenalty, settings.BetaMax, group.Name);
            }
        }

        return optimizer!;
    }

    private void ValidateGroup(InexactAugmentedLagrangianGroupOptions group, Problems problems)
    {
        group.Complete(this).Validate(problems);
        ValidateDuals(problems, group.DualRange(this), group.InitialDual ?? InitialDual);
    }
}
