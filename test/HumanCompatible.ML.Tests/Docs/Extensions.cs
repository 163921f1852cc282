// What docs/extending.md shows, between the markers; ExtendingTests does it.

using System.Text.Json.Serialization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Metrics;
using static HumanCompatible.ML.Metrics.RowQuantity;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Docs;

/// <summary>The row of the table.</summary>
internal static class AddedMetrics
{
    // <metric>
    /// <summary>Jaccard index of the positives and those predicted positive, TP / (TP + FP + FN); in [0, 1].</summary>
    public static GroupMetric JaccardIndex { get; } = Row(nameof(JaccardIndex), TruePositive, over: Positive | PredictedPositive);
    // </metric>

    private static GroupMetric Row(string name, RowQuantity numerator, RowQuantity over) => new(name, numerator, over);
}

// <constraint>
/// <inheritdoc cref="Fairness.JaccardParity"/>
internal sealed record JaccardParity : ParityConstraint
{
    [JsonConstructor]
    internal JaccardParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    private protected override IReadOnlyList<GroupMetric> DeclaredMetrics => [GroupMetric.JaccardIndex];
}
// </constraint>

/// <summary>Makes the row and the factory look as if they stood in <see cref="GroupMetric"/> and in <see cref="Fairness"/>.</summary>
internal static class AddedMembers
{
    extension(GroupMetric)
    {
        internal static GroupMetric JaccardIndex => AddedMetrics.JaccardIndex;
    }

    extension(Fairness)
    {
        // <factory>
        /// <summary>Jaccard parity: the Jaccard indices of all groups differ by at most <paramref name="bound"/>.</summary>
        /// <param name="columns">The columns whose combinations of values are the groups.</param>
        /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
        /// <returns>The declaration.</returns>
        /// <remarks>
        /// With J_g = TP_g / (TP_g + FP_g + FN_g) the audited value is max J_g - min J_g. Groups of equal J have equal F1 scores,
        /// 2 J / (1 + J).
        /// </remarks>
        public static ParityConstraint JaccardParity(ColumnNames columns, double bound) => new JaccardParity(columns, bound);
        // </factory>
    }
}

// <options>
/// <summary>Options of <see cref="ExponentiatedGradient"/>. It takes inequalities only.</summary>
public sealed record ExponentiatedGradientOptions : MultiplierOptions
{
    /// <summary>Creates the defaults.</summary>
    public ExponentiatedGradientOptions() => DualLowerBound = 1e-4; // a multiplier of 0 would stay 0

    /// <summary>eta, the factor of a dual step, at least 0 and finite.</summary>
    /// <value>The default value is 0.1.</value>
    public double LearningRate { get; set; } = 0.1;

    internal override void Validate(Problems problems, ConstraintKind kind, int? count = null)
    {
        problems.OneOf(nameof(kind), kind, ConstraintKind.Inequality);
        problems.NotNegative(nameof(LearningRate), LearningRate);
        problems.Positive(nameof(DualLowerBound), DualLowerBound);
        base.Validate(problems, kind, count);
    }

    internal override DualOptimizer CreateOptimizer(ScalarType dtype, Device? device) => new ExponentiatedGradient(dtype, device);

    internal override ConstraintBlock CreateBlock(string name, int offset, int count, ConstraintKind kind)
        => new ExponentiatedGradientBlock(name, offset, count, kind, this);
}
// </options>

// <block>
/// <summary>A block of <see cref="ExponentiatedGradient"/>, which keeps nothing but its multipliers.</summary>
internal sealed class ExponentiatedGradientBlock(
    string name, int offset, int count, ConstraintKind kind, ExponentiatedGradientOptions options)
    : ConstraintBlock<ExponentiatedGradientOptions, ExponentiatedGradientBlockState>(name, offset, count, kind, options)
{
    internal override void Update(ReadOnlySpan<double> constraints, Span<double> duals, long epoch, long update)
    {
        var (lower, upper) = Options.DualRange(Kind);
        for (var j = 0; j < duals.Length; j++)
            duals[j] = Math.Clamp(duals[j] * Math.Exp(Options.LearningRate * constraints[j]), lower, upper);
    }

    internal override DualBlockState Save(ReadOnlySpan<double> duals) => new ExponentiatedGradientBlockState
    {
        Name = Name,
        ConstraintKind = Kind,
        Duals = [.. duals],
        Options = Options,
    };

    private protected override void Restore(ExponentiatedGradientBlockState state)
    {
    }
}

/// <summary>The state of a block of <see cref="ExponentiatedGradient"/>.</summary>
internal sealed record ExponentiatedGradientBlockState : DualBlockState<ExponentiatedGradientOptions>
{
    private protected override void ValidateOwn(Problems problems)
    {
    }
}
// </block>

// <optimizer>
/// <summary>
/// Exponentiated gradient: λ ← clamp(λ·exp(eta·c)), eta <see cref="ExponentiatedGradientOptions.LearningRate"/>. The Lagrangian is
/// loss + λ'c.
/// </summary>
/// <remarks>
/// Source: J. Kivinen, M. Warmuth, "Exponentiated gradient versus gradient descent for linear predictors" (1997), without normalization.
/// </remarks>
public sealed class ExponentiatedGradient : DualOptimizer
{
    /// <inheritdoc cref="NuPI(int, ConstraintKind, NuPIOptions, ScalarType, Device)"/>
    public ExponentiatedGradient(int count, ConstraintKind kind, ExponentiatedGradientOptions? options = null,
        ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(dtype, device) => Add(FirstBlockName, count, kind, options ?? new());

    internal ExponentiatedGradient(ScalarType dtype, Device? device)
        : base(dtype, device)
    {
    }

    /// <inheritdoc cref="NuPI.AddConstraintGroup"/>
    public ConstraintBlock AddConstraintGroup(string name, int count, ConstraintKind kind, ExponentiatedGradientOptions? options = null)
        => Add(name, count, kind, options ?? new());
}
// </optimizer>
