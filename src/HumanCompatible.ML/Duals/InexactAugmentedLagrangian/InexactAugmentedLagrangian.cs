using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// The inexact augmented Lagrangian method (iALM): L = loss + λ'c + (coefficient/2)·‖q‖², with dual steps of bounded length.
/// Per group, an update does d = c, or with momentum b ← momentum·b + (1 − dampening)·c and d = b; then
/// λ ← clamp(λ + min(beta, gamma/‖d‖₂)·d, dualRange) and, by the sigma schedule, beta ← min(sigma·beta, betaMax).
/// </summary>
/// <remarks>
/// Source: Z. Li, P.-Y. Chen, S. Liu, S. Lu, Y. Xu, "Rate-improved inexact augmented Lagrangian method for constrained nonconvex
/// optimization" (AISTATS 2021); the stochastic setting: "Stochastic inexact augmented Lagrangian method for nonconvex expectation
/// constrained optimization" (Computational Optimization and Applications 87, 2024).
/// </remarks>
public sealed class InexactAugmentedLagrangian : DualOptimizer
{
    /// <summary>Kind of this optimizer's states.</summary>
    internal const string KindName = "ialm";

    /// <summary>The default of betaMax: the largest finite Float32, so that the coefficient is finite in every type.</summary>
    public const double DefaultBetaMax = float.MaxValue;

    private static readonly (double Lower, double Upper) DefaultDualRange = (-100, 100);
    private readonly List<InexactAugmentedLagrangianGroup> _groups = [];

    /// <summary>Creates the optimizer with its first constraint group.</summary>
    /// <param name="constraintCount">Number of constraints m of the first group, at least 1.</param>
    /// <param name="beta">Initial penalty parameter, at least 0: the largest step factor of a dual update.</param>
    /// <param name="sigma">Growth factor of beta, above 0; 1 for none.</param>
    /// <param name="gamma">Bound on the 2-norm of one dual step, at least 0, may be infinite.</param>
    /// <param name="initialDuals">Initial duals, m numbers or 1 for all, in the dual range; by default 0, or the number of the range
    /// nearest to 0.</param>
    /// <param name="penalty">The coefficient rho of the quadratic term under <see cref="PenaltyRule.Fixed"/>, at least 0.</param>
    /// <param name="dualRange">Least and largest dual, by default -100 and 100; the least is raised to 0 for inequalities.</param>
    /// <param name="momentum">Weight of the past in the averaged constraint, 0 to 1; 0 for no averaging.</param>
    /// <param name="dampening">1 minus the weight of the present in the averaged constraint, 0 to 1; by default
    /// <paramref name="momentum"/>.</param>
    /// <param name="isInequality">True for constraints c ≤ 0, false for c = 0.</param>
    /// <param name="tolerance">An inequality is taken as c − tolerance, an equality's |c| is shrunk by it; at least 0.</param>
    /// <param name="penaltyRule">Whether rho or beta weighs the quadratic term, for all groups.</param>
    /// <param name="inequalityPenalty">What the quadratic term squares for inequalities.</param>
    /// <param name="betaMax">The value beta never exceeds.</param>
    /// <param name="gammaSchedule">How gamma changes with the epoch, for all groups.</param>
    /// <param name="sigmaSchedule">When beta grows, for all groups.</param>
    /// <param name="penaltyGrowth">Whether beta grows while the group is feasible, for all groups.</param>
    /// <param name="name">The first group's name, by default <c>group0</c>.</param>
    /// <param name="dtype">Type of <see cref="DualOptimizer.Duals"/>, Float32 or Float64.</param>
    /// <param name="device">Device of <see cref="DualOptimizer.Duals"/>, by default the CPU.</param>
    /// <exception cref="ArgumentException">A parameter is out of its range; the message lists all that are.</exception>
    public InexactAugmentedLagrangian(
        int constraintCount,
        double beta = 1,
        double sigma = 1,
        double gamma = 1,
        IReadOnlyList<double>? initialDuals = null,
        double penalty = 1,
        (double Lower, double Upper)? dualRange = null,
        double momentum = 0,
        double? dampening = null,
        bool isInequality = false,
        double tolerance = 0,
        PenaltyRule penaltyRule = PenaltyRule.Fixed,
        InequalityPenalty inequalityPenalty = InequalityPenalty.Violation,
        double betaMax = DefaultBetaMax,
        StepBoundSchedule gammaSchedule = StepBoundSchedule.Constant,
        PenaltyGrowthSchedule sigmaSchedule = PenaltyGrowthSchedule.PerUpdate,
        PenaltyGrowth penaltyGrowth = PenaltyGrowth.Always,
        string? name = null,
        ScalarType dtype = ScalarType.Float32,
        Device? device = null)
        : base(dtype, device)
    {
        (Penalty, PenaltyRule, StepBoundSchedule, PenaltyGrowthSchedule, PenaltyGrowth) =
            (penalty, penaltyRule, gammaSchedule, sigmaSchedule, penaltyGrowth);
        var problems = new Problems();
        ValidateWhole(problems, penalty, penaltyRule, gammaSchedule, sigmaSchedule, penaltyGrowth);
        var group = NewGroup.Describe(_groups, name, constraintCount, isInequality, dualRange ?? DefaultDualRange);
        Add(group, "constraintCount", new(beta, sigma, gamma, betaMax, momentum, dampening ?? momentum, tolerance, inequalityPenalty),
            initialDuals, problems);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<InexactAugmentedLagrangianGroup> Groups => _groups;

    /// <summary>The coefficient rho of the quadratic term under <see cref="PenaltyRule.Fixed"/>.</summary>
    public double Penalty { get; private set; }

    /// <summary>Whether rho or beta weighs the quadratic term.</summary>
    public PenaltyRule PenaltyRule { get; private set; }

    /// <summary>How gamma changes with the epoch.</summary>
    public StepBoundSchedule StepBoundSchedule { get; private set; }

    /// <summary>When beta grows.</summary>
    public PenaltyGrowthSchedule PenaltyGrowthSchedule { get; private set; }

    /// <summary>Whether beta grows while a group is feasible.</summary>
    public PenaltyGrowth PenaltyGrowth { get; private set; }

    /// <inheritdoc/>
    internal override string Kind => KindName;

    /// <summary>
    /// Appends a constraint group. It takes nothing over from the groups before: what is not given has the default of this method.
    /// </summary>
    /// <param name="count">Number of constraints, at least 1.</param>
    /// <param name="beta">Initial penalty parameter, at least 0.</param>
    /// <param name="sigma">Growth factor of beta, above 0.</param>
    /// <param name="gamma">Bound on the 2-norm of one dual step of this group, at least 0.</param>
    /// <param name="initialDuals">Initial duals, <paramref name="count"/> numbers or 1 for all.</param>
    /// <param name="dualRange">Least and largest dual, by default -100 and 100.</param>
    /// <param name="momentum">Weight of the past in the averaged constraint, 0 to 1.</param>
    /// <param name="dampening">1 minus the weight of the present, 0 to 1; by default <paramref name="momentum"/>.</param>
    /// <param name="isInequality">True for constraints c ≤ 0.</param>
    /// <param name="tolerance">How far from its boundary a constraint counts as satisfied, at least 0.</param>
    /// <param name="inequalityPenalty">What the quadratic term squares for inequalities.</param>
    /// <param name="betaMax">The value beta never exceeds.</param>
    /// <param name="name">The group's name, by default <c>group{index}</c>.</param>
    /// <returns>The group.</returns>
    /// <exception cref="ArgumentException">A parameter is out of its range or the name is taken; nothing has changed.</exception>
    public InexactAugmentedLagrangianGroup AddConstraintGroup(
        int count,
        double beta = 1,
        double sigma = 1,
        double gamma = 1,
        IReadOnlyList<double>? initialDuals = null,
        (double Lower, double Upper)? dualRange = null,
        double momentum = 0,
        double? dampening = null,
        bool isInequality = false,
        double tolerance = 0,
        InequalityPenalty inequalityPenalty = InequalityPenalty.Violation,
        double betaMax = DefaultBetaMax,
        string? name = null)
    {
        var group = NewGroup.Describe(_groups, name, count, isInequality, dualRange ?? DefaultDualRange);
        return Add(group, nameof(count), new(beta, sigma, gamma, betaMax, momentum, dampening ?? momentum, tolerance, inequalityPenalty),
            initialDuals, new());
    }

    /// <summary>Reports every setting of the whole optimizer that is out of its range.</summary>
    internal static void ValidateWhole(
        Problems problems, double penalty, PenaltyRule penaltyRule, StepBoundSchedule gammaSchedule,
            PenaltyGrowthSchedule sigmaSchedule, PenaltyGrowth penaltyGrowth)
    {
        problems.NotNegative("penalty", penalty);
        problems.Defined("penaltyRule", penaltyRule);
        problems.Defined("gammaSchedule", gammaSchedule);
        problems.Defined("sigmaSchedule", sigmaSchedule);
        problems.Defined("penaltyGrowth", penaltyGrowth);
    }

    /// <inheritdoc/>
    private protected override void SaveSettings(DualStateWriter writer)
    {
        writer.Value("penalty", Penalty);
        writer.Choice("penaltyRule", PenaltyRule);
        writer.Choice("gammaSchedule", StepBoundSchedule);
        writer.Choice("sigmaSchedule", PenaltyGrowthSchedule);
        writer.Choice("penaltyGrowth", PenaltyGrowth);
    }

    /// <inheritdoc/>
    private protected override Action LoadSettings(DualStateReader reader)
    {
        var penalty = reader.Value("penalty");
        var penaltyRule = reader.Choice<PenaltyRule>("penaltyRule");
        var gammaSchedule = reader.Choice<StepBoundSchedule>("gammaSchedule");
        var sigmaSchedule = reader.Choice<PenaltyGrowthSchedule>("sigmaSchedule");
        var penaltyGrowth = reader.Choice<PenaltyGrowth>("penaltyGrowth");
        reader.Problems.NotNegative("penalty", penalty);
        return () => (Penalty, PenaltyRule, StepBoundSchedule, PenaltyGrowthSchedule, PenaltyGrowth) =
            (penalty, penaltyRule, gammaSchedule, sigmaSchedule, penaltyGrowth);
    }

    private InexactAugmentedLagrangianGroup Add(
        in NewGroup group, string countName, InexactAugmentedLagrangianSettings settings, IReadOnlyList<double>? initialDuals,
            Problems problems)
    {
        var duals = group.Check(_groups, initialDuals, 0, countName, problems);
        settings.Validate(problems);
        problems.ThrowIfAny(nameof(InexactAugmentedLagrangian));
        var added = new InexactAugmentedLagrangianGroup(this, group, settings);
        _groups.Add(added);
        AppendDuals(duals);
        return added;
    }
}
