using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>Settings of <see cref="NuPI"/>, the same for every constraint group.</summary>
public sealed class NuPIOptions : DualOptimizerOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => NuPI.KindName;

    /// <summary>Weight of the past in the averaged constraint, 0 to 1.</summary>
    /// <value>The default value is 0.01.</value>
    public double Nu { get; set; } = 0.01;

    /// <summary>The integral gain, at least 0: the factor of a dual step.</summary>
    /// <value>The default value is 0.01.</value>
    public double IntegralGain { get; set; } = 0.01;

    /// <summary>The proportional gain, at least 0.</summary>
    /// <value>The default value is 1.</value>
    public double ProportionalGain { get; set; } = 1;

    /// <summary>The coefficient rho of the quadratic term, at least 0.</summary>
    /// <value>The default value is 0.</value>
    public double Penalty { get; set; }

    /// <summary>What the quadratic term squares for inequalities.</summary>
    /// <value>The default value is <see cref="InequalityPenalty.Violation"/>.</value>
    public InequalityPenalty InequalityPenalty { get; set; } = InequalityPenalty.Violation;

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
        settings.NotNegative("penalty", Penalty);
        new NuPISettings(Nu, IntegralGain, ProportionalGain, InequalityPenalty).Validate(settings);
        ValidateDuals(settings, (DualLowerBound, DualUpperBound), InitialDual);
    }

    private protected override DualOptimizer CreateChecked(IReadOnlyList<DualGroupDeclaration> groups, ScalarType dtype, Device? device)
    {
        var first = groups[0];
        var range = (DualLowerBound, DualUpperBound);
        var optimizer = new NuPI(
            first.Count, Nu, IntegralGain, ProportionalGain, InitialDuals(first, range, InitialDual), Penalty, range, first.IsInequality,
                InequalityPenalty,
            first.Name, dtype, device);
        foreach (var group in groups.Skip(1))
        {
            optimizer.AddConstraintGroup(
                group.Count, Nu, IntegralGain, ProportionalGain, InitialDuals(group, range, InitialDual), range, group.IsInequality,
                    InequalityPenalty, group.Name);
        }

        return optimizer;
    }
}
