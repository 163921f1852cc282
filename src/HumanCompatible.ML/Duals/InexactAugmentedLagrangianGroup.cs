using HumanCompatible.ML.Duals;

namespace HumanCompatible.ML;

/// <summary>A constraint group of <see cref="InexactAugmentedLagrangian"/> with settings of its own.</summary>
public sealed class InexactAugmentedLagrangianGroup : DualConstraintGroup
{
    private readonly InexactAugmentedLagrangian owner;
    private InexactAugmentedLagrangianSettings settings;
    private readonly double[] seen;
    private double[] direction;
    private double beta;
    private double lastViolation;

    internal InexactAugmentedLagrangianGroup(InexactAugmentedLagrangian owner, in NewGroup group, InexactAugmentedLagrangianSettings settings)
        : base(group.Name, NewGroup.Offset(owner.Groups), group.Count, group.IsInequality, group.DualRange)
    {
        this.owner = owner;
        this.settings = settings;
        beta = settings.Beta;
        seen = new double[group.Count];
        direction = new double[group.Count];
    }

    /// <summary>The present penalty parameter beta: the largest step factor of a dual update, and the quadratic coefficient under <see cref="PenaltyRule.Beta"/>.</summary>
    public double Beta => beta;

    /// <summary>The factor by which beta grows.</summary>
    public double Sigma => settings.Sigma;

    /// <summary>The bound on the length (2-norm over the group) of one dual step, before any schedule.</summary>
    public double Gamma => settings.Gamma;

    /// <summary>The value beta never exceeds.</summary>
    public double BetaMax => settings.BetaMax;

    /// <summary>The weight of the past in the averaged constraint; 0 for none.</summary>
    public double Momentum => settings.Momentum;

    /// <summary>1 minus the weight of the present in the averaged constraint.</summary>
    public double Dampening => settings.Dampening;

    /// <summary>How far a constraint may be from its boundary and still count as satisfied.</summary>
    public double Tolerance => settings.Tolerance;

    /// <summary>What the quadratic term squares, for inequalities.</summary>
    public InequalityPenalty InequalityPenalty => settings.InequalityPenalty;

    /// <summary>A copy of the averaged constraint b, shape [Count]; zeros without momentum.</summary>
    public IReadOnlyList<double> MomentumBuffer => settings.Momentum > 0 ? direction.ToArray() : new double[Count];

    internal override QuadraticPenalty Quadratic => new(
        owner.PenaltyRule == PenaltyRule.Beta ? beta : owner.Penalty,
        IsInequality && settings.InequalityPenalty == InequalityPenalty.Violation);

    internal override double ToleranceInUse => settings.Tolerance;

    internal override void UpdateDuals(ReadOnlySpan<double> constraints, Span<double> duals)
    {
        ApplyTolerance(constraints, seen, settings.Tolerance);
        Average(seen, direction, settings.Momentum, settings.Dampening);
        double norm = Norm(direction);
        double step = norm == 0 ? beta : Math.Min(beta, EpochGamma() / norm);
        for (int j = 0; j < direction.Length; j++)
            duals[j] = Math.Clamp(duals[j] + step * direction[j], LowerBound, UpperBound);
        lastViolation = Violation(constraints);
    }

    internal override void AfterUpdate()
    {
        if (owner.SigmaSchedule == SigmaSchedule.PerUpdate)
            GrowBeta();
    }

    internal override void EndEpoch(long epoch)
    {
        if (owner.SigmaSchedule == SigmaSchedule.PerEpoch)
            GrowBeta();
    }

    internal override void Save(DualStateWriter writer)
    {
        base.Save(writer);
        (settings with { Beta = beta }).Save(writer);
        writer.Value("lastViolation", lastViolation);
        if (settings.Momentum > 0)
            writer.Array("momentumBuffer", direction);
    }

    internal override Action Load(DualStateReader reader)
    {
        var range = base.Load(reader);
        var loaded = InexactAugmentedLagrangianSettings.Load(reader);
        double violation = reader.Value("lastViolation");
        reader.Problems.NotNegative("lastViolation", violation);
        double[] buffer = loaded.Momentum > 0 ? reader.Array("momentumBuffer", Count) : new double[Count];
        return () =>
        {
            range();
            settings = loaded;
            beta = loaded.Beta;
            lastViolation = violation;
            direction = buffer;
        };
    }

    private void GrowBeta()
    {
        if (owner.PenaltyGrowth == PenaltyGrowth.Always || lastViolation > settings.Tolerance)
            beta = Math.Min(settings.Sigma * beta, settings.BetaMax);
    }

    private double EpochGamma()
    {
        if (owner.GammaSchedule == GammaSchedule.Constant)
            return settings.Gamma;
        double log = Math.Log(owner.Epoch + 2);
        return settings.Gamma / ((owner.Epoch + 1) * log * log);
    }

    private static double Norm(ReadOnlySpan<double> vector)
    {
        double sum = 0;
        foreach (double element in vector)
            sum += element * element;
        if (double.IsFinite(sum))
            return Math.Sqrt(sum);
        double largest = 0;
        foreach (double element in vector)
            largest = Math.Max(largest, Math.Abs(element));
        double scaled = 0;
        foreach (double element in vector)
            scaled += (element / largest) * (element / largest);
        return largest * Math.Sqrt(scaled);
    }
}
