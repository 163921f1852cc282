using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// nuPI: a proportional-integral controller of the duals on the averaged constraint xi. The first update adds ki·c; later ones add
/// (ki + kp·(1 − nu))·c − kp·(1 − nu)·xi; after the clamp xi ← nu·xi + (1 − nu)·c. L = loss + λ'c + (rho/2)·‖q‖².
/// </summary>
/// <remarks>
/// Source: M. Sohrabi, J. Ramirez, T. Zhang, S. Lacoste-Julien, J. Gallego-Posada, "On PI controllers for updating Lagrange multipliers in
/// constrained optimization" (ICML 2024).
/// </remarks>
public sealed class NuPI : DualOptimizer
{
    internal const string KindName = "nupi";
    private static readonly (double Lower, double Upper) DefaultDualRange = (-100, 100);
    private readonly List<NuPIGroup> _groups = [];

    /// <summary>Creates the optimizer with its first constraint group.</summary>
    /// <param name="constraintCount">Number of constraints m of the first group, at least 1.</param>
    /// <param name="nu">Weight of the past in the averaged constraint, 0 to 1.</param>
    /// <param name="integralGain">The gain ki, at least 0: the factor of a dual step.</param>
    /// <param name="proportionalGain">The gain kp, at least 0.</param>
    /// <param name="initialDuals">Initial duals, m numbers or 1 for all, in the dual range; by default 0.</param>
    /// <param name="penalty">The coefficient rho of the quadratic term, at least 0, of all groups.</param>
    /// <param name="dualRange">Least and largest dual, by default -100 and 100; the least is raised to 0 for inequalities.</param>
    /// <param name="isInequality">True for constraints c ≤ 0, false for c = 0.</param>
    /// <param name="inequalityPenalty">What the quadratic term squares for inequalities.</param>
    /// <param name="name">The first group's name, by default <c>group0</c>.</param>
    /// <param name="dtype">Type of <see cref="DualOptimizer.Duals"/>, Float32 or Float64.</param>
    /// <param name="device">Device of <see cref="DualOptimizer.Duals"/>, by default the CPU.</param>
    /// <exception cref="ArgumentException">A parameter is out of its range; the message lists all that are.</exception>
    public NuPI(
        int constraintCount,
        double nu = 0.01,
        double integralGain = 0.01,
        double proportionalGain = 1,
        IReadOnlyList<double>? initialDuals = null,
        double penalty = 0,
        (double Lower, double Upper)? dualRange = null,
        bool isInequality = false,
        InequalityPenalty inequalityPenalty = InequalityPenalty.Violation,
        string? name = null,
        ScalarType dtype = ScalarType.Float32,
        Device? device = null)
        : base(dtype, device)
    {
        Penalty = penalty;
        var problems = new Problems();
        problems.NotNegative(nameof(penalty), penalty);
        var group = NewGroup.Describe(_groups, name, constraintCount, isInequality, dualRange ?? DefaultDualRange);
        Add(group, nameof(constraintCount), new(nu, integralGain, proportionalGain, inequalityPenalty), initialDuals, problems);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<NuPIGroup> Groups => _groups;

    /// <summary>The coefficient rho of the quadratic term.</summary>
    public double Penalty { get; private set; }

    internal override string Kind => KindName;

    /// <summary>
    /// Appends a constraint group. It takes nothing over from the groups before: what is not given has the default of this method.
    /// </summary>
    /// <param name="count">Number of constraints, at least 1.</param>
    /// <param name="nu">Weight of the past in the averaged constraint, 0 to 1.</param>
    /// <param name="integralGain">The gain ki, at least 0.</param>
    /// <param name="proportionalGain">The gain kp, at least 0.</param>
    /// <param name="initialDuals">Initial duals, <paramref name="count"/> numbers or 1 for all.</param>
    /// <param name="dualRange">Least and largest dual, by default -100 and 100.</param>
    /// <param name="isInequality">True for constraints c ≤ 0.</param>
    /// <param name="inequalityPenalty">What the quadratic term squares for inequalities.</param>
    /// <param name="name">The group's name, by default <c>group{index}</c>.</param>
    /// <returns>The group.</returns>
    /// <exception cref="ArgumentException">A parameter is out of its range or the name is taken; nothing has changed.</exception>
    public NuPIGroup AddConstraintGroup(
        int count,
        double nu = 0.01,
        double integralGain = 0.01,
        double proportionalGain = 1,
        IReadOnlyList<double>? initialDuals = null,
        (double Lower, double Upper)? dualRange = null,
        bool isInequality = false,
        InequalityPenalty inequalityPenalty = InequalityPenalty.Violation,
        string? name = null)
    {
        var group = NewGroup.Describe(_groups, name, count, isInequality, dualRange ?? DefaultDualRange);
        return Add(group, nameof(count), new(nu, integralGain, proportionalGain, inequalityPenalty), initialDuals, new());
    }

    private protected override void SaveSettings(DualStateWriter writer) => writer.Value("penalty", Penalty);

    private protected override Action LoadSettings(DualStateReader reader)
    {
        var penalty = reader.Value("penalty");
        reader.Problems.NotNegative("penalty", penalty);
        return () => Penalty = penalty;
    }

    private NuPIGroup Add(in NewGroup group, string countName, NuPISettings settings, IReadOnlyList<double>? initialDuals,
        Problems problems)
    {
        var duals = group.Check(_groups, initialDuals, 0, countName, problems);
        settings.Validate(problems);
        problems.ThrowIfAny(nameof(NuPI));
        var added = new NuPIGroup(this, group, settings);
        _groups.Add(added);
        AppendDuals(duals);
        return added;
    }
}
