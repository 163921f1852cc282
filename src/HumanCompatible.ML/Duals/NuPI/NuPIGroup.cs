namespace HumanCompatible.ML.Duals;

/// <summary>A constraint group of <see cref="NuPI"/> with settings of its own.</summary>
public sealed class NuPIGroup : DualConstraintGroup
{
    private readonly NuPI _owner;
    private NuPISettings _settings;
    private double[] _average;
    private bool _started;

    internal NuPIGroup(NuPI owner, in NewGroup group, NuPISettings settings)
        : base(group.Name, NewGroup.Offset(owner.Groups), group.Count, group.IsInequality, group.DualRange)
    {
        _owner = owner;
        _settings = settings;
        _average = new double[group.Count];
    }

    /// <summary>The weight of the past in the averaged constraint.</summary>
    public double Nu => _settings.Nu;

    /// <summary>The integral gain: the factor of a dual step.</summary>
    public double IntegralGain => _settings.IntegralGain;

    /// <summary>The proportional gain.</summary>
    public double ProportionalGain => _settings.ProportionalGain;

    /// <summary>What the quadratic term squares, for inequalities.</summary>
    public InequalityPenalty InequalityPenalty => _settings.InequalityPenalty;

    /// <summary>A copy of the averaged constraint xi, shape [Count].</summary>
    public IReadOnlyList<double> AveragedConstraints => _average.ToArray();

    internal override QuadraticPenalty Quadratic
        => new(_owner.Penalty, IsInequality && _settings.InequalityPenalty == InequalityPenalty.Violation);

    internal override void UpdateDuals(ReadOnlySpan<double> constraints, Span<double> duals)
    {
        var nu = _settings.Nu;
        // In the first update xi is 0 and has no past: the proportional part is kp·xi = 0.
        var proportional = _started ? _settings.ProportionalGain * (1 - nu) : 0;
        for (var j = 0; j < _average.Length; j++)
        {
            var step = (_settings.IntegralGain + proportional) * constraints[j] - proportional * _average[j];
            duals[j] = Math.Clamp(duals[j] + step, LowerBound, UpperBound);
            _average[j] = nu * _average[j] + (1 - nu) * constraints[j];
        }

        _started = true;
    }

    internal override void Save(DualStateWriter writer)
    {
        base.Save(writer);
        _settings.Save(writer);
        writer.Flag("started", _started);
        writer.Array("averagedConstraints", _average);
    }

    internal override Action Load(DualStateReader reader)
    {
        var range = base.Load(reader);
        var loaded = NuPISettings.Load(reader);
        var loadedStarted = reader.Flag("started");
        var loadedAverage = reader.Array("averagedConstraints", Count);
        return () =>
        {
            range();
            (_settings, _started, _average) = (loaded, loadedStarted, loadedAverage);
        };
    }
}
