using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>Settings of <see cref="AugmentedLagrangian"/> (ALM), the same for every constraint group.</summary>
public sealed class AugmentedLagrangianOptions : DualOptimizerOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => AugmentedLagrangian.KindName;

    /// <summary>The factor of a dual step, at least 0.</summary>
    /// <value>The default value is 0.01.</value>
    public double LearningRate { get; set; } = 0.01;

    /// <summary>The coefficient rho of the augmentation, at least 0.</summary>
    /// <value>The default value is 1.</value>
    public double Penalty { get; set; } = 1;

    /// <summary>The form of the augmentation.</summary>
    /// <value>The default value is <see cref="Augmentation.Quadratic"/>.</value>
    public Augmentation Augmentation { get; set; } = Augmentation.Quadratic;

    /// <summary>True to return the dual of an inequality with c &lt; 0 to 0.</summary>
    /// <value>The default value is false.</value>
    public bool Restart { get; set; }

    /// <summary>What the quadratic term squares for inequalities.</summary>
    /// <value>The default value is <see cref="InequalityPenalty.Violation"/>.</value>
    public InequalityPenalty InequalityPenalty { get; set; } = InequalityPenalty.Violation;

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
        var settings = new Problems(problems, asProperties: true);
        AugmentedLagrangian.ValidateWhole(settings, Penalty, Augmentation);
        new AugmentedLagrangianSettings(LearningRate, Momentum, Dampening ?? Momentum, Restart, Tolerance, InequalityPenalty)
            .Validate(settings);
        ValidateDuals(settings, (DualLowerBound, DualUpperBound), InitialDual);
    }

    private protected override DualOptimizer CreateChecked(IReadOnlyList<DualGroupDeclaration> groups, ScalarType dtype, Device? device)
    {
        var first = groups[0];
        var range = (DualLowerBound, DualUpperBound);
        var optimizer = new AugmentedLagrangian(
            first.Count, LearningRate, InitialDuals(first, range, InitialDual), Penalty, range, Momentum, Dampening, first.IsInequality,
                Restart,
            Augmentation, InequalityPenalty, Tolerance, first.Name, dtype, device);
        foreach (var group in groups.Skip(1))
        {
            optimizer.AddConstraintGroup(
                group.Count, LearningRate, InitialDuals(group, range, InitialDual), range, Momentum, Dampening, group.IsInequality, Restart,
                InequalityPenalty, Tolerance, group.Name);
        }

        return optimizer;
    }
}
