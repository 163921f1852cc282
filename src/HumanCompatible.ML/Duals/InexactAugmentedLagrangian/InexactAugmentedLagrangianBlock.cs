namespace HumanCompatible.ML.Duals;

/// <summary>A block of <see cref="InexactAugmentedLagrangian"/>.</summary>
internal sealed class InexactAugmentedLagrangianBlock(
    string name, int offset, int count, ConstraintKind kind, InexactAugmentedLagrangianOptions options)
    : ConstraintBlock<InexactAugmentedLagrangianOptions, InexactAugmentedLagrangianBlockState>(name, offset, count, kind, options)
{
    private readonly double[] _seen = new double[count];
    private readonly double[] _buffer = new double[count];
    private double _beta = options.Beta;
    private double _lastViolation;

    internal override double Tolerance => Options.Tolerance;

    internal override double Coefficient => Options.PenaltyIsBeta ? _beta : Options.Penalty;

    internal override bool SquaresViolation => Kind == ConstraintKind.Inequality && !Options.PenalizeSlack;

    internal override void Update(ReadOnlySpan<double> constraints, Span<double> duals, long epoch, long update)
    {
        ApplyTolerance(constraints, _seen);
        var direction = _seen;
        if (Options.Momentum > 0)
        {
            Average(_seen, _buffer, Options.Momentum, Options.Dampening ?? Options.Momentum);
            direction = _buffer;
        }

        var (lower, upper) = Options.DualRange(Kind);
        var norm = Norm(direction);
        var step = norm == 0 ? _beta : Math.Min(_beta, StepBound(epoch) / norm);
        for (var j = 0; j < direction.Length; j++)
            duals[j] = Math.Clamp(duals[j] + step * direction[j], lower, upper);
        _lastViolation = Violation(constraints);
    }

    internal override void AfterUpdate()
    {
        if (!Options.GrowPerEpoch)
            GrowBeta();
    }

    internal override void EndEpoch()
    {
        if (Options.GrowPerEpoch)
            GrowBeta();
    }

    internal override DualBlockState Save(ReadOnlySpan<double> duals) => new InexactAugmentedLagrangianBlockState
    {
        Name = Name,
        ConstraintKind = Kind,
        Duals = [.. duals],
        Options = Options,
        Beta = _beta,
        LastViolation = _lastViolation,
        MomentumBuffer = [.. _buffer],
    };

    private protected override void Restore(InexactAugmentedLagrangianBlockState state)
    {
        (_beta, _lastViolation) = (state.Beta, state.LastViolation);
        state.MomentumBuffer.CopyTo(_buffer);
    }

    private void GrowBeta()
    {
        if (!Options.GrowOnlyWhileViolated || _lastViolation > Options.Tolerance)
            _beta = Math.Min(Options.Sigma * _beta, Options.BetaMax);
    }

    private double StepBound(long epoch)
    {
        if (!Options.SummableGamma)
            return Options.Gamma;
        var log = Math.Log(epoch + 2);
        return Options.Gamma / ((epoch + 1) * log * log);
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
