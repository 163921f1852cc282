using HumanCompatible.ML.Torch;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// The penalty-barrier method (PBM) for inequalities c ≤ 0, with one penalty p per constraint:
/// L = loss + Σ_j λ_j·p_j·phi(c_j/p_j) at the duals and penalties from BEFORE the update;
/// λ ← clamp(gamma·λ + (1 − gamma)·λ·phi'(c/p), dualRange), then p by the penalty update.
/// </summary>
/// <remarks>
/// Source: A. Ben-Tal, M. Zibulevsky, "Penalty/barrier multiplier methods for convex programming problems" (SIAM J. Optimization, 1997);
/// the stochastic form with annealing is that of the Python package humancompatible-train.
/// </remarks>
public sealed class PenaltyBarrier : DualOptimizer
{
    internal const string KindName = "pbm";
    internal const double DefaultDualLowerBound = 1e-4;
    private static readonly (double Lower, double Upper) DefaultDualRange = (DefaultDualLowerBound, 100);
    private static readonly (double Lower, double Upper) DefaultPenaltyRange = (0.1, 1);
    private readonly List<PenaltyBarrierGroup> _groups = [];
    private long _updates;

    /// <summary>Creates the optimizer with its first constraint group.</summary>
    /// <param name="constraintCount">Number of constraints m of the first group, at least 1.</param>
    /// <param name="penaltyMultiplier">The factor K of the penalty update, at least 0 and below 1.</param>
    /// <param name="gamma">The weight of the old dual in an update, at least 0 and below 1.</param>
    /// <param name="delta">The factor of phi'(c) ≥ 1 under <see cref="BarrierPenaltyUpdate.DiminishingAdaptive"/>, above 0.</param>
    /// <param name="penaltyUpdate">How the penalties change.</param>
    /// <param name="barrier">The penalty-barrier function.</param>
    /// <param name="initialDuals">Initial duals, m numbers or 1 for all; by default the lower end of the dual range.</param>
    /// <param name="initialPenalty">Initial penalty of every constraint, in the penalty range; by default its upper end.</param>
    /// <param name="dualRange">Least and largest dual, by default 1e-4 and 100; the least must be above 0, since updates multiply.</param>
    /// <param name="penaltyRange">Least and largest penalty, by default 0.1 and 1; above 0.</param>
    /// <param name="gammaAnnealing">True for gamma_k = 1 − 1/(√k + 1/(1 − gamma)) in epoch k.</param>
    /// <param name="penaltyAnnealing">True for the same sequence of the penalty multiplier.</param>
    /// <param name="epochLength">Updates per epoch of the annealing; by default its epochs are those of
    /// <see cref="DualOptimizer.EndEpoch"/>.</param>
    /// <param name="rho">The factor of <see cref="BarrierPenaltyUpdate.AugmentedLagrangian"/>, above 0.</param>
    /// <param name="name">The first group's name, by default <c>group0</c>.</param>
    /// <param name="dtype">Type of <see cref="DualOptimizer.Duals"/>, Float32 or Float64.</param>
    /// <param name="device">Device of <see cref="DualOptimizer.Duals"/>, by default the CPU.</param>
    /// <exception cref="ArgumentException">A parameter is out of its range; the message lists all that are.</exception>
    public PenaltyBarrier(
        int constraintCount,
        double penaltyMultiplier = 0.1,
        double gamma = 0.1,
        double delta = 1,
        BarrierPenaltyUpdate penaltyUpdate = BarrierPenaltyUpdate.DiminishingAdaptive,
        BarrierFunction barrier = BarrierFunction.QuadraticLogarithmic,
        IReadOnlyList<double>? initialDuals = null,
        double? initialPenalty = null,
        (double Lower, double Upper)? dualRange = null,
        (double Lower, double Upper)? penaltyRange = null,
        bool gammaAnnealing = true,
        bool penaltyAnnealing = true,
        int? epochLength = null,
        double rho = 2,
        string? name = null,
        ScalarType dtype = ScalarType.Float32,
        Device? device = null)
        : base(dtype, device)
    {
        EpochLength = epochLength;
        var problems = new Problems();
        ValidateWhole(problems, epochLength);
        var penalties = penaltyRange ?? DefaultPenaltyRange;
        var group = NewGroup.Describe(_groups, name, constraintCount, isInequality: true, dualRange ?? DefaultDualRange);
        var settings = new PenaltyBarrierSettings(
            penaltyMultiplier, gamma, delta, penaltyUpdate, barrier, penalties.Lower, penalties.Upper, gammaAnnealing, penaltyAnnealing,
                rho);
        Add(group, nameof(constraintCount), settings, initialDuals, initialPenalty, problems);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PenaltyBarrierGroup> Groups => _groups;

    /// <summary>Updates per epoch of the annealing; null where <see cref="DualOptimizer.EndEpoch"/> counts them.</summary>
    public int? EpochLength { get; private set; }

    internal override string Kind => KindName;

    /// <summary>Epochs ended, as the annealing counts them.</summary>
    internal long AnnealingEpochs => EpochLength is int length ? _updates / length : Epoch;

    /// <summary>
    /// Appends a constraint group. It takes nothing over from the groups before: what is not given has the default of this method.
    /// </summary>
    /// <param name="count">Number of constraints, at least 1.</param>
    /// <param name="penaltyMultiplier">The factor K of the penalty update, at least 0 and below 1.</param>
    /// <param name="gamma">The weight of the old dual in an update, at least 0 and below 1.</param>
    /// <param name="delta">The factor of phi'(c) ≥ 1 under <see cref="BarrierPenaltyUpdate.DiminishingAdaptive"/>, above 0.</param>
    /// <param name="penaltyUpdate">How the penalties change.</param>
    /// <param name="barrier">The penalty-barrier function.</param>
    /// <param name="initialDuals">Initial duals, <paramref name="count"/> numbers or 1 for all; by default the lower end of the dual
    /// range.</param>
    /// <param name="initialPenalty">Initial penalty of every constraint; by default the upper end of the penalty range.</param>
    /// <param name="dualRange">Least and largest dual, by default 1e-4 and 100.</param>
    /// <param name="penaltyRange">Least and largest penalty, by default 0.1 and 1.</param>
    /// <param name="gammaAnnealing">True to anneal gamma.</param>
    /// <param name="penaltyAnnealing">True to anneal the penalty multiplier.</param>
    /// <param name="rho">The factor of <see cref="BarrierPenaltyUpdate.AugmentedLagrangian"/>, above 0.</param>
    /// <param name="name">The group's name, by default <c>group{index}</c>.</param>
    /// <returns>The group.</returns>
    /// <exception cref="ArgumentException">A parameter is out of its range or the name is taken; nothing has changed.</exception>
    public PenaltyBarrierGroup AddConstraintGroup(
        int count,
        double penaltyMultiplier = 0.1,
        double gamma = 0.1,
        double delta = 1,
        BarrierPenaltyUpdate penaltyUpdate = BarrierPenaltyUpdate.DiminishingAdaptive,
        BarrierFunction barrier = BarrierFunction.QuadraticLogarithmic,
        IReadOnlyList<double>? initialDuals = null,
        double? initialPenalty = null,
        (double Lower, double Upper)? dualRange = null,
        (double Lower, double Upper)? penaltyRange = null,
        bool gammaAnnealing = true,
        bool penaltyAnnealing = true,
        double rho = 2,
        string? name = null)
    {
        var penalties = penaltyRange ?? DefaultPenaltyRange;
        var group = NewGroup.Describe(_groups, name, count, isInequality: true, dualRange ?? DefaultDualRange);
        var settings = new PenaltyBarrierSettings(
            penaltyMultiplier, gamma, delta, penaltyUpdate, barrier, penalties.Lower, penalties.Upper, gammaAnnealing, penaltyAnnealing,
                rho);
        return Add(group, nameof(count), settings, initialDuals, initialPenalty, new());
    }

    internal static void ValidateWhole(Problems problems, int? epochLength)
    {
        if (epochLength is int length)
            problems.Require(length >= 1, "epochLength", length, "at least 1, or none");
    }

    private protected override bool LagrangianBeforeUpdate => true;

    private protected override void AfterWholeUpdate() => _updates++;

    private protected override Tensor Lagrangian(Tensor loss, Tensor constraints, ReadOnlySpan<double> values)
    {
        Span<double> penalties = new double[ConstraintCount];
        Span<double> weights = new double[ConstraintCount];
        foreach (var group in _groups)
        {
            group.PenaltiesInUse.CopyTo(penalties[group.Offset..]);
            for (var j = group.Offset; j < group.Offset + group.Count; j++)
                weights[j] = CurrentDuals[j] * penalties[j];
        }

        using var flat = constraints.reshape(-1);
        using var p = TensorValues.CreateLike(penalties, flat);
        using var weight = TensorValues.CreateLike(weights, flat);
        using var t = flat.div(p);
        using var phi = Phi(t);
        using var term = phi.matmul(weight);
        using var scalar = loss.Dimensions == 0 ? null : loss.sum();
        return term.add(scalar is null ? loss : scalar, Scalars.One);
    }

    private protected override void SaveSettings(DualStateWriter writer)
    {
        writer.Value("epochLength", EpochLength ?? 0);
        writer.Value("updates", _updates);
    }

    private protected override Action LoadSettings(DualStateReader reader)
    {
        var length = reader.Counter("epochLength");
        var loadedUpdates = reader.Counter("updates");
        reader.Problems.Require(length <= int.MaxValue, "epochLength", length, $"at most {int.MaxValue}");
        return () => (EpochLength, _updates) = (length == 0 ? null : (int)length, loadedUpdates);
    }

    private Tensor Phi(Tensor t)
    {
        if (_groups.TrueForAll(group => group.Barrier == _groups[0].Barrier))
            return BarrierFunctions.Value(_groups[0].Barrier, t);
        var parts = new Tensor[_groups.Count];
        try
        {
            for (var g = 0; g < parts.Length; g++)
            {
                using var slice = t.narrow(0, _groups[g].Offset, _groups[g].Count);
                parts[g] = BarrierFunctions.Value(_groups[g].Barrier, slice);
            }

            return cat(parts);
        }
        finally
        {
            foreach (var part in parts)
                part?.Dispose();
        }
    }

    private PenaltyBarrierGroup Add(
        in NewGroup group, string countName, PenaltyBarrierSettings settings, IReadOnlyList<double>? initialDuals, double? initialPenalty,
            Problems problems)
    {
        problems.Positive("dualRange.Lower", group.DualRange.Lower);
        var duals = group.Check(_groups, initialDuals, group.DualRange.Lower, countName, problems);
        settings.Validate(problems);
        var penalty = initialPenalty ?? settings.PenaltyUpper;
        if (initialPenalty is not null)
        {
            problems.Require(penalty >= settings.PenaltyLower && penalty <= settings.PenaltyUpper, "initialPenalty", penalty,
                "a number in the penalty range");
        }

        problems.ThrowIfAny(nameof(PenaltyBarrier));
        var added = new PenaltyBarrierGroup(this, group, settings, penalty);
        _groups.Add(added);
        AppendDuals(duals);
        return added;
    }
}
