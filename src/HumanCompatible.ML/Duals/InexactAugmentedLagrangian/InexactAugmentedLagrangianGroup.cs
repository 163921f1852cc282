namespace HumanCompatible.ML.Duals;

/// <summary>A constraint group of <see cref="InexactAugmentedLagrangian"/> with settings of its own.</summary>
public sealed class InexactAugmentedLagrangianGroup : DualConstraintGroup
{
    private readonly InexactAugmentedLagrangian _owner;
    private InexactAugmentedLagrangianSettings _settings;
    private readonly double[] _seen;
    private double[] _direction;
    private double _beta;
    private double _lastViolation;

    internal InexactAugmentedLagrangianGroup(InexactAugmentedLagrangian owner, in NewGroup group,
        InexactAugmentedLagrangianSettings settings)
        : base(group.Name, NewGroup.Offset(owner.Groups), group.Count, group.IsInequality, group.DualRange)
    {
        _owner = owner;
        _settings = settings;
        _beta = settings.Beta;
        _seen = new double[group.Count];
        _direction = new double[group.Count];
    }

    /// <summary>
    /// The present penalty parameter beta: the largest step factor of a dual update, and the quadratic coefficient under
    /// <see cref="PenaltyRule.Beta"/>.
    /// </summary>
    public double Beta => _beta;

    /// <summary>The factor by which beta grows.</summary>
    public double Sigma => _settings.Sigma;

    /// <summary>The bound on the length (2-norm over the group) of one dual step, before any schedule.</summary>
    public double Gamma => _settings.Gamma;

    /// <summary>The value beta never exceeds.</summary>
    public double BetaMax => _settings.BetaMax;

    /// <summary>The weight of the past in the averaged constraint; 0 for none.</summary>
    public double Momentum => _settings.Momentum;

    /// <summary>1 minus the weight of the present in the averaged constraint.</summary>
    public double Dampening => _settings.Dampening;

    /// <summary>How far a constraint may be from its boundary and still count as satisfied.</summary>
    public double Tolerance => _settings.Tolerance;

    /// <summary>What the quadratic term squares, for inequalities.</summary>
    public InequalityPenalty InequalityPenalty => _settings.InequalityPenalty;

    /// <summary>A copy of the averaged constraint b, shape [Count]; zeros without momentum.</summary>
    public IReadOnlyList<double> MomentumBuffer => _settings.Momentum > 0 ? _direction.ToArray() : new double[Count];

    internal override QuadraticPenalty Quadratic => new(
        _owner.PenaltyRule == PenaltyRule.Beta ? _beta : _owner.Penalty,
        IsInequality && _settings.InequalityPenalty == InequalityPenalty.Violation);

    internal override double ToleranceInUse => _settings.Tolerance;

    internal override void UpdateDuals(ReadOnlySpan<double> constraints, Span<double> duals)
    {
        ApplyTolerance(constraints, _seen, _settings.Tolerance);
        Average(_seen, _direction, _settings.Momentum, _settings.Dampening);
        var norm = Norm(_direction);
        var step = norm == 0 ? _beta : Math.Min(_beta, EpochGamma() / norm);
        for (var j = 0; j < _direction.Length; j++)
            duals[j] = Math.Clamp(duals[j] + step * _direction[j], LowerBound, UpperBound);
        _lastViolation = Violation(constraints);
    }

    internal override void AfterUpdate()
    {
        if (_owner.PenaltyGrowthSchedule == PenaltyGrowthSchedule.PerUpdate)
            GrowBeta();
    }

    internal override void EndEpoch(long epoch)
    {
        if (_owner.PenaltyGrowthSchedule == PenaltyGrowthSchedule.PerEpoch)
            GrowBeta();
    }

    internal override void Save(DualStateWriter writer)
    {
        base.Save(writer);
        (_settings with { Beta = _beta }).Save(writer);
        writer.Value("lastViolation", _lastViolation);
        if (_settings.Momentum > 0)
            writer.Array("momentumBuffer", _direction);
    }

    internal override Action Load(DualStateReader reader)
    {
        var range = base.Load(reader);
        var loaded = InexactAugmentedLagrangianSettings.Load(reader);
        var violation = reader.Value("lastViolation");
        reader.Problems.NotNegative("lastViolation", violation);
        var buffer = loaded.Momentum > 0 ? reader.Array("momentumBuffer", Count) : new double[Count];
        return () =>
        {
            range();
            _settings = loaded;
            _beta = loaded.Beta;
            _lastViolation = violation;
            _direction = buffer;
        };
    }

    private void GrowBeta()
    {
        if (_owner.PenaltyGrowth == PenaltyGrowth.Always || _lastViolation > _settings.Tolerance)
            _beta = Math.Min(_settings.Sigma * _beta, _settings.BetaMax);
    }

    private double EpochGamma()
    {
        if (_owner.StepBoundSchedule == StepBoundSchedule.Constant)
            return _settings.Gamma;
        var log = Math.Log(_owner.Epoch + 2);
        return _settings.Gamma / ((_owner.Epoch + 1) * log * log);
    }

    private static double Norm(ReadOnlySpan<double> vector)
    {
        double sum = 0;
        foreach (var element in vector)
            sum += element * element;
        if (double.IsFinite(sum))
            return Math.Sqrt(sum);
        double largest = 0;
        foreach (var element in vector)
            largest = Math.Max(largest, Math.Abs(element));
        double scaled = 0;
        foreach (var element in vector)
            scaled += (element / largest) * (element / largest);
        return largest * Math.Sqrt(scaled);
    }
}
