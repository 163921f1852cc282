namespace HumanCompatible.ML.Duals;

/// <summary>A constraint group of <see cref="PenaltyBarrier"/> with settings of its own; always inequalities.</summary>
public sealed class PenaltyBarrierGroup : DualConstraintGroup
{
    private readonly PenaltyBarrier _owner;
    private PenaltyBarrierSettings _settings;
    private double[] _penalties;

    internal PenaltyBarrierGroup(PenaltyBarrier owner, in NewGroup group, PenaltyBarrierSettings settings, double initialPenalty)
        : base(group.Name, NewGroup.Offset(owner.Groups), group.Count, group.IsInequality, group.DualRange)
    {
        _owner = owner;
        _settings = settings;
        _penalties = new double[group.Count];
        System.Array.Fill(_penalties, initialPenalty);
    }

    /// <summary>The factor K of the penalty update, before annealing.</summary>
    public double PenaltyMultiplier => _settings.PenaltyMultiplier;

    /// <summary>The weight of the old dual in a dual update, before annealing.</summary>
    public double Gamma => _settings.Gamma;

    /// <summary>The factor of phi'(c) ≥ 1 under <see cref="BarrierPenaltyUpdate.DiminishingAdaptive"/>.</summary>
    public double Delta => _settings.Delta;

    /// <summary>How the penalties change.</summary>
    public BarrierPenaltyUpdate PenaltyUpdate => _settings.PenaltyUpdate;

    /// <summary>The penalty-barrier function.</summary>
    public BarrierFunction Barrier => _settings.Barrier;

    /// <summary>Least value of a penalty.</summary>
    public double PenaltyLowerBound => _settings.PenaltyLower;

    /// <summary>Largest value of a penalty.</summary>
    public double PenaltyUpperBound => _settings.PenaltyUpper;

    /// <summary>A copy of the penalties p, shape [Count].</summary>
    public IReadOnlyList<double> Penalties => _penalties.ToArray();

    internal ReadOnlySpan<double> PenaltiesInUse => _penalties;

    internal override void UpdateDuals(ReadOnlySpan<double> constraints, Span<double> duals)
    {
        double epochs = _owner.AnnealingEpochs;
        var gamma = _settings.GammaAnnealing ? Annealed(_settings.Gamma, epochs) : _settings.Gamma;
        var multiplier = _settings.PenaltyAnnealing ? Annealed(_settings.PenaltyMultiplier, epochs) : _settings.PenaltyMultiplier;
        for (var j = 0; j < _penalties.Length; j++)
        {
            var slope = BarrierFunctions.Derivative(_settings.Barrier, constraints[j] / _penalties[j]);
            duals[j] = Math.Clamp(gamma * duals[j] + (1 - gamma) * duals[j] * slope, LowerBound, UpperBound);
            _penalties[j] = Math.Clamp(NextPenalty(_penalties[j], constraints[j], duals[j], multiplier), _settings.PenaltyLower,
                _settings.PenaltyUpper);
        }
    }

    internal override void Save(DualStateWriter writer)
    {
        base.Save(writer);
        _settings.Save(writer);
        writer.Array("penalties", _penalties);
    }

    internal override Action Load(DualStateReader reader)
    {
        var range = base.Load(reader);
        var loaded = PenaltyBarrierSettings.Load(reader);
        var loadedPenalties = reader.Array("penalties", Count);
        reader.InRange("penalties", loaded.PenaltyLower, loaded.PenaltyUpper);
        return () =>
        {
            range();
            (_settings, _penalties) = (loaded, loadedPenalties);
        };
    }

    private double NextPenalty(double penalty, double constraint, double dual, double multiplier)
    {
        switch (_settings.PenaltyUpdate)
        {
            case BarrierPenaltyUpdate.Diminishing:
                return multiplier * penalty;
            case BarrierPenaltyUpdate.DiminishingByDual:
                return multiplier * dual * penalty;
            case BarrierPenaltyUpdate.DiminishingAdaptive:
                var slope = BarrierFunctions.Derivative(_settings.Barrier, constraint);
                var divisor = slope < 1 ? slope : _settings.Delta * slope;
                return multiplier * penalty + (1 - multiplier) * penalty / (divisor + 1e-8);
            case BarrierPenaltyUpdate.AdditiveIncreaseMultiplicativeDecrease:
                return constraint <= 0 ? penalty + 0.1 : multiplier * penalty;
            case BarrierPenaltyUpdate.AugmentedLagrangian:
                return _settings.Rho * dual;
            default:
                return penalty;
        }
    }

    /// <summary>1 − 1/(√epochs + 1/(1 − initial)): the initial value at 0 epochs, towards 1 later.</summary>
    private static double Annealed(double initial, double epochs) => 1 - 1 / (Math.Sqrt(epochs) + 1 / (1 - initial));
}
