using System.Collections.Immutable;

namespace HumanCompatible.ML.Duals;

/// <summary>A block of <see cref="AugmentedLagrangian"/>.</summary>
internal sealed class AugmentedLagrangianBlock(
    string name, int offset, int count, ConstraintKind kind, AugmentedLagrangianOptions options)
    : ConstraintBlock<AugmentedLagrangianOptions, AugmentedLagrangianBlockState>(name, offset, count, kind, options)
{
    private readonly double[] _seen = new double[count];
    private readonly double[] _buffer = new double[count];

    internal override double Tolerance => Options.Tolerance;

    internal override double Coefficient => Options.Penalty;

    internal override bool SquaresViolation
        => Kind == ConstraintKind.Inequality && !IsShifted && !Options.PenalizeSlack;

    internal override bool IsShifted => Kind == ConstraintKind.Inequality && Options.HestenesPowellRockafellar;

    internal override void Update(ReadOnlySpan<double> constraints, Span<double> duals, long epoch, long update)
    {
        ApplyTolerance(constraints, _seen);
        for (var j = 0; IsShifted && j < _seen.Length; j++)
            _seen[j] = (Math.Max(duals[j] + Options.Penalty * _seen[j], 0) - duals[j]) / Options.Penalty;
        var direction = _seen;
        if (Options.Momentum > 0)
        {
            Average(_seen, _buffer, Options.Momentum, Options.Dampening ?? Options.Momentum);
            direction = _buffer;
        }

        var (lower, upper) = Options.DualRange(Kind);
        for (var j = 0; j < direction.Length; j++)
        {
            var restart = Options.Restart && Kind == ConstraintKind.Inequality && constraints[j] < 0;
            duals[j] = Math.Clamp(restart ? 0 : duals[j] + Options.LearningRate * direction[j], lower, upper);
        }
    }

    internal override DualBlockState Save(ReadOnlySpan<double> duals) => new AugmentedLagrangianBlockState
    {
        Name = Name,
        ConstraintKind = Kind,
        Duals = [.. duals],
        Options = Options,
        MomentumBuffer = [.. _buffer],
    };

    private protected override void Restore(AugmentedLagrangianBlockState state) => state.MomentumBuffer.CopyTo(_buffer);
}

/// <summary>The state of a block of <see cref="AugmentedLagrangian"/>.</summary>
internal sealed record AugmentedLagrangianBlockState : DualBlockState<AugmentedLagrangianOptions>
{
    /// <summary>The averaged constraint b; zeros without momentum.</summary>
    public required ImmutableArray<double> MomentumBuffer { get; init; }

    private protected override void ValidateOwn(Problems problems) => ValidateArray(problems, nameof(MomentumBuffer), MomentumBuffer);
}
