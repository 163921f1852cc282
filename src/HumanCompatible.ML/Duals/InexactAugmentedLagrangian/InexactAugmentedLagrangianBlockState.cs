using System.Collections.Immutable;

namespace HumanCompatible.ML.Duals;

/// <summary>The state of a block of <see cref="InexactAugmentedLagrangian"/>.</summary>
internal sealed record InexactAugmentedLagrangianBlockState : DualBlockState<InexactAugmentedLagrangianOptions>
{
    /// <summary>The present beta.</summary>
    public required double Beta { get; init; }

    /// <summary>The violation that the last update saw; 0 before the first.</summary>
    public required double LastViolation { get; init; }

    /// <summary>The averaged constraint b; zeros without momentum.</summary>
    public required ImmutableArray<double> MomentumBuffer { get; init; }

    private protected override void ValidateOwn(Problems problems)
    {
        problems.Require(double.IsFinite(Beta) && Beta >= 0 && Beta <= Options.BetaMax, nameof(Beta), Beta,
            $"finite and from 0 to {Problems.Text(Options.BetaMax)}");
        problems.NotNegative(nameof(LastViolation), LastViolation);
        ValidateArray(problems, nameof(MomentumBuffer), MomentumBuffer);
    }
}
