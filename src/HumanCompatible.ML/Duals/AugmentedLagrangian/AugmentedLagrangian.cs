using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// The augmented Lagrangian method (ALM): λ ← clamp(λ + learningRate·d, dualRange), d = c or its average with momentum, and
/// L = loss + λ'c + (rho/2)·‖q‖², or the Hestenes-Powell-Rockafellar form for inequalities, whose ascent direction is
/// ([λ + rho·c]₊ − λ)/rho. With restart, the dual of an inequality with c &lt; 0 returns to 0.
/// </summary>
/// <remarks>
/// Source: J. Nocedal, S. Wright, "Numerical Optimization" (2006), chapter 17; R. T. Rockafellar (1974) for inequalities.
/// </remarks>
public sealed class AugmentedLagrangian : DualOptimizer
{
    internal const string KindName = "alm";
    private static readonly (double Lower, double Upper) DefaultDualRange = (-100, 100);
    private readonly List<AugmentedLagrangianGroup> _groups = [];

    /// <summary>Creates the optimizer with its first constraint group.</summary>
    /// <param name="constraintCount">Number of constraints m of the first group, at least 1.</param>
    /// <param name="learningRate">The factor of a dual step, at least 0.</param>
    /// <param name="initialDuals">Initial duals, m numbers or 1 for all, in the dual range; by default 0.</param>
    /// <param name="penalty">The coefficient rho, at least 0, of all groups.</param>
    /// <param name="dualRange">Least and largest dual, by default -100 and 100; the least is raised to 0 for inequalities.</param>
    /// <param name="momentum">Weight of the past in the averaged constraint, 0 to 1.</param>
    /// <param name="dampening">1 minus the weight of the present, 0 to 1; by default <paramref name="momentum"/>.</param>
    /// <param name="isInequality">True for constraints c ≤ 0, false for c = 0.</param>
    /// <param name="restart">True to return the dual of an inequality with c &lt; 0 to 0.</param>
    /// <param name="augmentation">The form of the augmentation, for all groups.</param>
    /// <param name="inequalityPenalty">What the quadratic term squares for inequalities.</param>
    /// <param name="tolerance">How far from its boundary a constraint counts as satisfied, at least 0.</param>
    /// <param name="name">The first group's name, by default <c>group0</c>.</param>
    /// <param name="dtype">Type of <see cref="DualOptimizer.Duals"/>, Float32 or Float64.</param>
    /// <param name="device">Device of <see cref="DualOptimizer.Duals"/>, by default the CPU.</param>
    /// <exception cref="ArgumentException">A parameter is out of its range; the message lists all that are.</exception>
    public AugmentedLagrangian(
        int constraintCount,
        double learningRate = 0.01,
        IReadOnlyList<double>? initialDuals = null,
        double penalty = 1,
        (double Lower, double Upper)? dualRange = null,
        double momentum = 0,
        double? dampening = null,
        bool isInequality = false,
        bool restart = false,
        Augmentation augmentation = Augmentation.Quadratic,
        InequalityPenalty inequalityPenalty = InequalityPenalty.Violation,
        double tolerance = 0,
        string? name = null,
        ScalarType dtype = ScalarType.Float32,
        Device? device = null)
        : base(dtype, device)
    {
        (Penalty, Augmentation) = (penalty, augmentation);
        var problems = new Problems();
        ValidateWhole(problems, penalty, augmentation);
        var group = NewGroup.Describe(_groups, name, constraintCount, isInequality, dualRange ?? DefaultDualRange);
        Add(group, nameof(constraintCount), new(learningRate, momentum, dampening ?? momentum, restart, tolerance, inequalityPenalty),
            initialDuals, problems);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<AugmentedLagrangianGroup> Groups => _groups;

    /// <summary>The coefficient rho of the augmentation.</summary>
    public double Penalty { get; private set; }

    /// <summary>The form of the augmentation.</summary>
    public Augmentation Augmentation { get; private set; }

    internal override string Kind => KindName;

    /// <summary>
    /// Appends a constraint group. It takes nothing over from the groups before: what is not given has the default of this method.
    /// </summary>
    /// <param name="count">Number of constraints, at least 1.</param>
    /// <param name="learningRate">The factor of a dual step, at least 0.</param>
    /// <param name="initialDuals">Initial duals, <paramref name="count"/> numbers or 1 for all.</param>
    /// <param name="dualRange">Least and largest dual, by default -100 and 100.</param>
    /// <param name="momentum">Weight of the past in the averaged constraint, 0 to 1.</param>
    /// <param name="dampening">1 minus the weight of the present, 0 to 1; by default <paramref name="momentum"/>.</param>
    /// <param name="isInequality">True for constraints c ≤ 0.</param>
    /// <param name="restart">True to return the dual of an inequality with c &lt; 0 to 0.</param>
    /// <param name="inequalityPenalty">What the quadratic term squares for inequalities.</param>
    /// <param name="tolerance">How far from its boundary a constraint counts as satisfied, at least 0.</param>
    /// <param name="name">The group's name, by default <c>group{index}</c>.</param>
    /// <returns>The group.</returns>
    /// <exception cref="ArgumentException">A parameter is out of its range or the name is taken; nothing has changed.</exception>
    public AugmentedLagrangianGroup AddConstraintGroup(
        int count,
        double learningRate = 0.01,
        IReadOnlyList<double>? initialDuals = null,
        (double Lower, double Upper)? dualRange = null,
        double momentum = 0,
        double? dampening = null,
        bool isInequality = false,
        bool restart = false,
        InequalityPenalty inequalityPenalty = InequalityPenalty.Violation,
        double tolerance = 0,
        string? name = null)
    {
        var group = NewGroup.Describe(_groups, name, count, isInequality, dualRange ?? DefaultDualRange);
        return Add(group, nameof(count), new(learningRate, momentum, dampening ?? momentum, restart, tolerance, inequalityPenalty),
            initialDuals, new());
    }

    internal static void ValidateWhole(Problems problems, double penalty, Augmentation augmentation)
    {
        problems.Defined("augmentation", augmentation);
        if (augmentation == Augmentation.HestenesPowellRockafellar)
            problems.Positive("penalty", penalty);
        else
            problems.NotNegative("penalty", penalty);
    }

    private protected override Tensor Lagrangian(Tensor loss, Tensor constraints, ReadOnlySpan<double> values) =>
        Augmentation == Augmentation.Quadratic
            ? base.Lagrangian(loss, constraints, values)
            : QuadraticTerms.HestenesPowellRockafellar(loss, constraints, CurrentDuals, _groups, Penalty);

    private protected override void SaveSettings(DualStateWriter writer)
    {
        writer.Value("penalty", Penalty);
        writer.Choice("augmentation", Augmentation);
    }

    private protected override Action LoadSettings(DualStateReader reader)
    {
        var penalty = reader.Value("penalty");
        var augmentation = reader.Choice<Augmentation>("augmentation");
        ValidateWhole(reader.Problems, penalty, augmentation);
        return () => (Penalty, Augmentation) = (penalty, augmentation);
    }

    private AugmentedLagrangianGroup Add(
        in NewGroup group, string countName, AugmentedLagrangianSettings settings, IReadOnlyList<double>? initialDuals,
            Problems problems)
    {
        var duals = group.Check(_groups, initialDuals, 0, countName, problems);
        settings.Validate(problems);
        problems.ThrowIfAny(nameof(AugmentedLagrangian));
        var added = new AugmentedLagrangianGroup(this, group, settings);
        _groups.Add(added);
        AppendDuals(duals);
        return added;
    }
}
