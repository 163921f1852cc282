using System.Collections.Immutable;

namespace HumanCompatible.ML.Duals;

/// <summary>A block of <see cref="PenaltyBarrier"/>; always inequalities.</summary>
internal sealed class PenaltyBarrierBlock(string name, int offset, int count, ConstraintKind kind, PenaltyBarrierOptions options)
    : ConstraintBlock<PenaltyBarrierOptions, PenaltyBarrierBlockState>(name, offset, count, kind, options)
{
    private readonly double[] _penalties = options.InitialPenaltiesOf(count);

    /// <summary>The penalty-barrier function.</summary>
    internal BarrierFunction Barrier
        => Options.ReciprocalBarrier ? BarrierFunction.QuadraticReciprocal : BarrierFunction.QuadraticLogarithmic;

    /// <summary>The penalties p.</summary>
    internal ReadOnlySpan<double> Penalties => _penalties;

    internal override void Update(ReadOnlySpan<double> constraints, Span<double> duals, long epoch, long update)
    {
        double epochs = Options.EpochLength is int length ? update / length : epoch;
        var gamma = Options.GammaAnnealing ? Annealed(Options.Gamma, epochs) : Options.Gamma;
        var multiplier = Options.PenaltyAnnealing ? Annealed(Options.PenaltyMultiplier, epochs) : Options.PenaltyMultiplier;
        var (lower, upper) = Options.DualRange(Kind);
        for (var j = 0; j < _penalties.Length; j++)
        {
            var slope = Barrier.Derivative(constraints[j] / _penalties[j]);
            duals[j] = Math.Clamp(gamma * duals[j] + (1 - gamma) * duals[j] * slope, lower, upper);
            _penalties[j] = Math.Clamp(NextPenalty(_penalties[j], constraints[j], duals[j], multiplier), Options.PenaltyLowerBound,
                Options.PenaltyUpperBound);
        }
    }

    internal override DualBlockState Save(ReadOnlySpan<double> duals) => new PenaltyBarrierBlockState
    {
        Name = Name,
        ConstraintKind = Kind,
        Duals = [.. duals],
        Options = Options,
        Penalties = [.. _penalties],
    };

    private protected override void Restore(PenaltyBarrierBlockState state) => state.Penalties.CopyTo(_penalties);

    private double NextPenalty(double penalty, double constraint, double dual, double multiplier)
    {
        switch (Options.PenaltyUpdate)
        {
            case BarrierPenaltyUpdate.Diminishing:
                return multiplier * penalty;
            case BarrierPenaltyUpdate.DiminishingByDual:
                return multiplier * dual * penalty;
            case BarrierPenaltyUpdate.DiminishingAdaptive:
                var slope = Barrier.Derivative(constraint);
                var divisor = slope < 1 ? slope : Options.Delta * slope;
                return multiplier * penalty + (1 - multiplier) * penalty / (divisor + 1e-8);
            case BarrierPenaltyUpdate.AdditiveIncreaseMultiplicativeDecrease:
                return constraint <= 0 ? penalty + 0.1 : multiplier * penalty;
            case BarrierPenaltyUpdate.AugmentedLagrangian:
                return Options.Rho * dual;
            default:
                return penalty;
        }
    }

    /// <summary>1 − 1/(√epochs + 1/(1 − initial)): the initial value at 0 epochs, towards 1 later; 1 for 1.</summary>
    private static double Annealed(double initial, double epochs) => 1 - 1 / (Math.Sqrt(epochs) + 1 / (1 - initial));
}

/// <summary>The state of a block of <see cref="PenaltyBarrier"/>.</summary>
internal sealed record PenaltyBarrierBlockState : DualBlockState<PenaltyBarrierOptions>
{
    /// <summary>The penalties p.</summary>
    public required ImmutableArray<double> Penalties { get; init; }

    private protected override void ValidateOwn(Problems problems)
        => ValidateArray(problems, nameof(Penalties), Penalties, Options.PenaltyLowerBound, Options.PenaltyUpperBound);
}
