using System.Collections.Immutable;

namespace HumanCompatible.ML.Duals;

/// <summary>A block of <see cref="NuPI"/>.</summary>
internal sealed class NuPIBlock(string name, int offset, int count, ConstraintKind kind, NuPIOptions options)
    : ConstraintBlock<NuPIOptions, NuPIBlockState>(name, offset, count, kind, options)
{
    private readonly double[] _average = new double[count];
    private bool _started;

    internal override double Coefficient => Options.Penalty;

    internal override bool SquaresViolation => Kind == ConstraintKind.Inequality && !Options.PenalizeSlack;

    internal override void Update(ReadOnlySpan<double> constraints, Span<double> duals, long epoch, long update)
    {
        var (lower, upper) = Options.DualRange(Kind);
        var nu = Options.Nu;
        // In the first update the average has no past, and the proportional part is 0.
        var proportional = _started ? Options.ProportionalGain * (1 - nu) : 0;
        for (var j = 0; j < _average.Length; j++)
        {
            var step = (Options.IntegralGain + proportional) * constraints[j] - proportional * _average[j];
            duals[j] = Math.Clamp(duals[j] + step, lower, upper);
            _average[j] = nu * _average[j] + (1 - nu) * constraints[j];
        }

        _started = true;
    }

    internal override DualBlockState Save(ReadOnlySpan<double> duals) => new NuPIBlockState
    {
        Name = Name,
        ConstraintKind = Kind,
        Duals = [.. duals],
        Options = Options,
        Started = _started,
        AveragedConstraints = [.. _average],
    };

    private protected override void Restore(NuPIBlockState state)
    {
        _started = state.Started;
        state.AveragedConstraints.CopyTo(_average);
    }
}

/// <summary>The state of a block of <see cref="NuPI"/>.</summary>
internal sealed record NuPIBlockState : DualBlockState<NuPIOptions>
{
    /// <summary>True once there was an update.</summary>
    public required bool Started { get; init; }

    /// <summary>The averaged constraint ξ.</summary>
    public required ImmutableArray<double> AveragedConstraints { get; init; }

    private protected override void ValidateOwn(Problems problems)
        => ValidateArray(problems, nameof(AveragedConstraints), AveragedConstraints);
}
