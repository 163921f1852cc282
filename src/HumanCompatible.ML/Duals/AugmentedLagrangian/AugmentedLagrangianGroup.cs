namespace HumanCompatible.ML.Duals;

/// <summary>A constraint group of <see cref="AugmentedLagrangian"/> with settings of its own.</summary>
public sealed class AugmentedLagrangianGroup : DualConstraintGroup
{
    private readonly AugmentedLagrangian _owner;
    private readonly double[] _seen;
    private AugmentedLagrangianSettings _settings;
    private double[] _direction;

    internal AugmentedLagrangianGroup(AugmentedLagrangian owner, in NewGroup group, AugmentedLagrangianSettings settings)
        : base(group.Name, NewGroup.Offset(owner.Groups), group.Count, group.IsInequality, group.DualRange)
    {
        _owner = owner;
        _settings = settings;
        _seen = new double[group.Count];
        _direction = new double[group.Count];
    }

    /// <summary>The factor of a dual step.</summary>
    public double LearningRate => _settings.LearningRate;

    /// <summary>The weight of the past in the averaged constraint; 0 for none.</summary>
    public double Momentum => _settings.Momentum;

    /// <summary>1 minus the weight of the present in the averaged constraint.</summary>
    public double Dampening => _settings.Dampening;

    /// <summary>True where the dual of a strictly satisfied inequality returns to the number of its range nearest to 0.</summary>
    public bool Restart => _settings.Restart;

    /// <summary>How far a constraint may be from its boundary and still count as satisfied.</summary>
    public double Tolerance => _settings.Tolerance;

    /// <summary>What the quadratic term squares, for inequalities.</summary>
    public InequalityPenalty InequalityPenalty => _settings.InequalityPenalty;

    /// <summary>A copy of the averaged constraint, shape [Count]; zeros without momentum.</summary>
    public IReadOnlyList<double> MomentumBuffer => _settings.Momentum > 0 ? _direction.ToArray() : new double[Count];

    internal override QuadraticPenalty Quadratic
        => new(_owner.Penalty, IsInequality && _settings.InequalityPenalty == InequalityPenalty.Violation);

    internal override double ToleranceInUse => _settings.Tolerance;

    internal override void UpdateDuals(ReadOnlySpan<double> constraints, Span<double> duals)
    {
        ApplyTolerance(constraints, _seen, _settings.Tolerance);
        if (IsInequality && _owner.Augmentation == Augmentation.HestenesPowellRockafellar)
        {
            var rho = _owner.Penalty;
            for (var j = 0; j < _seen.Length; j++)
                _seen[j] = (Math.Max(duals[j] + rho * _seen[j], 0) - duals[j]) / rho;
        }

        Average(_seen, _direction, _settings.Momentum, _settings.Dampening);
        for (var j = 0; j < _direction.Length; j++)
        {
            var restart = _settings.Restart && IsInequality && constraints[j] < 0;
            duals[j] = Math.Clamp(restart ? 0 : duals[j] + _settings.LearningRate * _direction[j], LowerBound, UpperBound);
        }
    }

    internal override void Save(DualStateWriter writer)
    {
        base.Save(writer);
        _settings.Save(writer);
        if (_settings.Momentum > 0)
            writer.Array("momentumBuffer", _direction);
    }

    internal override Action Load(DualStateReader reader)
    {
        var range = base.Load(reader);
        var loaded = AugmentedLagrangianSettings.Load(reader);
        var buffer = loaded.Momentum > 0 ? reader.Array("momentumBuffer", Count) : new double[Count];
        return () =>
        {
            range();
            _settings = loaded;
            _direction = buffer;
        };
    }
}
