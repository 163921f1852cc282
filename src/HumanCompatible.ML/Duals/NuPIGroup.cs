using HumanCompatible.ML.Duals;

namespace HumanCompatible.ML;

/// <summary>A constraint group of <see cref="NuPI"/> with settings of its own.</summary>
public sealed class NuPIGroup : DualConstraintGroup
{
    private readonly NuPI owner;
    private NuPISettings settings;
    private double[] average;
    private bool started;

    internal NuPIGroup(NuPI owner, in NewGroup group, NuPISettings settings)
        : base(group.Name, NewGroup.Offset(owner.Groups), group.Count, group.IsInequality, group.DualRange)
    {
        this.owner = owner;
        this.settings = settings;
        average = new double[group.Count];
    }

    /// <summary>The weight of the past in the averaged constraint.</summary>
    public double Nu => settings.Nu;

    /// <summary>The integral gain: the factor of a dual step.</summary>
    public double IntegralGain => settings.IntegralGain;

    /// <summary>The proportional gain.</summary>
    public double ProportionalGain => settings.ProportionalGain;

    /// <summary>What the quadratic term squares, for inequalities.</summary>
    public InequalityPenalty InequalityPenalty => settings.InequalityPenalty;

    /// <summary>A copy of the averaged constraint xi, shape [Count].</summary>
    public IReadOnlyList<double> AveragedConstraints => average.ToArray();

    internal override QuadraticPenalty Quadratic => new(owner.Penalty, IsInequality && settings.InequalityPenalty == InequalityPenalty.Violation);

    internal override void UpdateDuals(ReadOnlySpan<double> constraints, Span<double> duals)
    {
        double nu = settings.Nu;
        // In the first update xi is 0 and has no past: the proportional part is kp·xi = 0.
        double proportional = started ? settings.ProportionalGain * (1 - nu) : 0;
        for (int j = 0; j < average.Length; j++)
        {
            double step = (settings.IntegralGain + proportional) * constraints[j] - proportional * average[j];
            duals[j] = Math.Clamp(duals[j] + step, LowerBound, UpperBound);
            average[j] = nu * average[j] + (1 - nu) * constraints[j];
        }

        started = true;
    }

    internal override void Save(DualStateWriter writer)
    {
        base.Save(writer);
        settings.Save(writer);
        writer.Flag("started", started);
        writer.Array("averagedConstraints", average);
    }

    internal override Action Load(DualStateReader reader)
    {
        var range = base.Load(reader);
        var loaded = NuPISettings.Load(reader);
        bool loadedStarted = reader.Flag("started");
        double[] loadedAverage = reader.Array("averagedConstraints", Count);
        return () =>
        {
            range();
            (settings, started, average) = (loaded, loadedStarted, loadedAverage);
        };
    }
}
