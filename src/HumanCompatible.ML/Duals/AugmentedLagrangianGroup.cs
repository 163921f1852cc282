using HumanCompatible.ML.Duals;

namespace HumanCompatible.ML;

/// <summary>A constraint group of <see cref="AugmentedLagrangian"/> with settings of its own.</summary>
public sealed class AugmentedLagrangianGroup : DualConstraintGroup
{
    private readonly AugmentedLagrangian owner;
    private readonly double[] seen;
    private AugmentedLagrangianSettings settings;
    private double[] direction;

    internal AugmentedLagrangianGroup(AugmentedLagrangian owner, in NewGroup group, AugmentedLagrangianSettings settings)
        : base(group.Name, NewGroup.Offset(owner.Groups), group.Count, group.IsInequality, group.DualRange)
    {
        this.owner = owner;
        this.settings = settings;
        seen = new double[group.Count];
        direction = new double[group.Count];
    }

    /// <summary>The factor of a dual step.</summary>
    public double LearningRate => settings.LearningRate;

    /// <summary>The weight of the past in the averaged constraint; 0 for none.</summary>
    public double Momentum => settings.Momentum;

    /// <summary>1 minus the weight of the present in the averaged constraint.</summary>
    public double Dampening => settings.Dampening;

    /// <summary>True where the dual of a strictly satisfied inequality returns to the number of its range nearest to 0.</summary>
    public bool Restart => settings.Restart;

    /// <summary>How far a constraint may be from its boundary and still count as satisfied.</summary>
    public double Tolerance => settings.Tolerance;

    /// <summary>What the quadratic term squares, for inequalities.</summary>
    public InequalityPenalty InequalityPenalty => settings.InequalityPenalty;

    /// <summary>A copy of the averaged constraint, shape [Count]; zeros without momentum.</summary>
    public IReadOnlyList<double> MomentumBuffer => settings.Momentum > 0 ? direction.ToArray() : new double[Count];

    internal override QuadraticPenalty Quadratic => new(owner.Penalty, IsInequality && settings.InequalityPenalty == InequalityPenalty.Violation);

    internal override double ToleranceInUse => settings.Tolerance;

    internal override void UpdateDuals(ReadOnlySpan<double> constraints, Span<double> duals)
    {
        ApplyTolerance(constraints, seen, settings.Tolerance);
        if (IsInequality && owner.Augmentation == Augmentation.HestenesPowellRockafellar)
        {
            double rho = owner.Penalty;
            for (int j = 0; j < seen.Length; j++)
                seen[j] = (Math.Max(duals[j] + rho * seen[j], 0) - duals[j]) / rho;
        }

        Average(seen, direction, settings.Momentum, settings.Dampening);
        for (int j = 0; j < direction.Length; j++)
        {
            bool restart = settings.Restart && IsInequality && constraints[j] < 0;
            duals[j] = Math.Clamp(restart ? 0 : duals[j] + settings.LearningRate * direction[j], LowerBound, UpperBound);
        }
    }

    internal override void Save(DualStateWriter writer)
    {
        base.Save(writer);
        settings.Save(writer);
        if (settings.Momentum > 0)
            writer.Array("momentumBuffer", direction);
    }

    internal override Action Load(DualStateReader reader)
    {
        var range = base.Load(reader);
        var loaded = AugmentedLagrangianSettings.Load(reader);
        double[] buffer = loaded.Momentum > 0 ? reader.Array("momentumBuffer", Count) : new double[Count];
        return () =>
        {
            range();
            settings = loaded;
            direction = buffer;
        };
    }
}
