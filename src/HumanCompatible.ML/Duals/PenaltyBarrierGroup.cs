using HumanCompatible.ML.Duals;

namespace HumanCompatible.ML;

/// <summary>A constraint group of <see cref="PenaltyBarrier"/> with settings of its own; always inequalities.</summary>
public sealed class PenaltyBarrierGroup : DualConstraintGroup
{
    private readonly PenaltyBarrier owner;
    private PenaltyBarrierSettings settings;
    private double[] penalties;

    internal PenaltyBarrierGroup(PenaltyBarrier owner, in NewGroup group, PenaltyBarrierSettings settings, double initialPenalty)
        : base(group.Name, NewGroup.Offset(owner.Groups), group.Count, group.IsInequality, group.DualRange)
    {
        this.owner = owner;
        this.settings = settings;
        penalties = new double[group.Count];
        System.Array.Fill(penalties, initialPenalty);
    }

    /// <summary>The factor K of the penalty update, before annealing.</summary>
    public double PenaltyMultiplier => settings.PenaltyMultiplier;

    /// <summary>The weight of the old dual in a dual update, before annealing.</summary>
    public double Gamma => settings.Gamma;

    /// <summary>The factor of phi'(c) ≥ 1 under <see cref="BarrierPenaltyUpdate.DiminishingAdaptive"/>.</summary>
    public double Delta => settings.Delta;

    /// <summary>How the penalties change.</summary>
    public BarrierPenaltyUpdate PenaltyUpdate => settings.PenaltyUpdate;

    /// <summary>The penalty-barrier function.</summary>
    public BarrierFunction Barrier => settings.Barrier;

    /// <summary>Least value of a penalty.</summary>
    public double PenaltyLowerBound => settings.PenaltyLower;

    /// <summary>Largest value of a penalty.</summary>
    public double PenaltyUpperBound => settings.PenaltyUpper;

    /// <summary>A copy of the penalties p, shape [Count].</summary>
    public IReadOnlyList<double> Penalties => penalties.ToArray();

    internal ReadOnlySpan<double> PenaltiesInUse => penalties;

    internal override void UpdateDuals(ReadOnlySpan<double> constraints, Span<double> duals)
    {
        double epochs = owner.AnnealingEpochs;
        double gamma = settings.GammaAnnealing ? Annealed(settings.Gamma, epochs) : settings.Gamma;
        double multiplier = settings.PenaltyAnnealing ? Annealed(settings.PenaltyMultiplier, epochs) : settings.PenaltyMultiplier;
        for (int j = 0; j < penalties.Length; j++)
        {
            double slope = BarrierFunctions.Derivative(settings.Barrier, constraints[j] / penalties[j]);
            duals[j] = Math.Clamp(gamma * duals[j] + (1 - gamma) * duals[j] * slope, LowerBound, UpperBound);
            penalties[j] = Math.Clamp(NextPenalty(penalties[j], constraints[j], duals[j], multiplier), settings.PenaltyLower, settings.PenaltyUpper);
        }
    }

    internal override void Save(DualStateWriter writer)
    {
        base.Save(writer);
        settings.Save(writer);
        writer.Array("penalties", penalties);
    }

    internal override Action Load(DualStateReader reader)
    {
        var range = base.Load(reader);
        var loaded = PenaltyBarrierSettings.Load(reader);
        double[] loadedPenalties = reader.Array("penalties", Count);
        reader.InRange("penalties", loaded.PenaltyLower, loaded.PenaltyUpper);
        return () =>
        {
            range();
            (settings, penalties) = (loaded, loadedPenalties);
        };
    }

    private double NextPenalty(double penalty, double constraint, double dual, double multiplier)
    {
        switch (settings.PenaltyUpdate)
        {
            case BarrierPenaltyUpdate.Diminishing:
                return multiplier * penalty;
            case BarrierPenaltyUpdate.DiminishingByDual:
                return multiplier * dual * penalty;
            case BarrierPenaltyUpdate.DiminishingAdaptive:
                double slope = BarrierFunctions.Derivative(settings.Barrier, constraint);
                double divisor = slope < 1 ? slope : settings.Delta * slope;
                return multiplier * penalty + (1 - multiplier) * penalty / (divisor + 1e-8);
            case BarrierPenaltyUpdate.AdditiveIncreaseMultiplicativeDecrease:
                return constraint <= 0 ? penalty + 0.1 : multiplier * penalty;
            case BarrierPenaltyUpdate.AugmentedLagrangian:
                return settings.Rho * dual;
            default:
                return penalty;
        }
    }

    /// <summary>1 − 1/(√epochs + 1/(1 − initial)): the initial value at 0 epochs, towards 1 later.</summary>
    private static double Annealed(double initial, double epochs) => 1 - 1 / (Math.Sqrt(epochs) + 1 / (1 - initial));
}
