using System.Collections.Immutable;

namespace HumanCompatible.ML.Duals;

/// <summary>A block of <see cref="SwitchingSubgradient"/>; its multipliers stay 0.</summary>
internal sealed class SwitchingSubgradientBlock(
    string name, int offset, int count, ConstraintKind kind, SwitchingSubgradientOptions options)
    : ConstraintBlock<SwitchingSubgradientOptions, SwitchingSubgradientBlockState>(name, offset, count, kind, options)
{
    private readonly double[] _lastConstraints = new double[count];

    /// <summary>The constraints that decide: those of the last update, zeros before the first, or the present ones.</summary>
    internal ReadOnlySpan<double> Deciding(ReadOnlySpan<double> present) => Options.SwitchOnUpdate ? _lastConstraints : present;

    /// <summary>The violation less the tolerance.</summary>
    internal double OverTolerance(double constraint)
        => (Kind == ConstraintKind.Inequality ? constraint : Math.Abs(constraint)) - Options.Tolerance;

    /// <summary>The factor by which a constraint is descended.</summary>
    internal double Scale(double constraint)
        => Kind == ConstraintKind.Inequality || constraint >= 0 ? Options.ConstraintScale : -Options.ConstraintScale;

    internal override void Update(ReadOnlySpan<double> constraints, Span<double> duals, long epoch, long update)
        => constraints.CopyTo(_lastConstraints);

    internal override DualBlockState Save(ReadOnlySpan<double> duals) => new SwitchingSubgradientBlockState
    {
        Name = Name,
        ConstraintKind = Kind,
        Duals = [.. duals],
        Options = Options,
        LastConstraints = [.. _lastConstraints],
    };

    private protected override void Restore(SwitchingSubgradientBlockState state) => state.LastConstraints.CopyTo(_lastConstraints);
}

/// <summary>The state of a block of <see cref="SwitchingSubgradient"/>.</summary>
internal sealed record SwitchingSubgradientBlockState : DualBlockState<SwitchingSubgradientOptions>
{
    /// <summary>The constraints of the last update, zeros before the first.</summary>
    public required ImmutableArray<double> LastConstraints { get; init; }

    private protected override void ValidateOwn(Problems problems) => ValidateArray(problems, nameof(LastConstraints), LastConstraints);
}
