using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Duals;

/// <summary>What a <see cref="DualOptimizerState"/> holds of one block. Immutable.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(InexactAugmentedLagrangianBlockState), "ialm")]
[JsonDerivedType(typeof(AugmentedLagrangianBlockState), "alm")]
[JsonDerivedType(typeof(NuPIBlockState), "nupi")]
[JsonDerivedType(typeof(PenaltyBarrierBlockState), "pbm")]
[JsonDerivedType(typeof(SwitchingSubgradientBlockState), "ssg")]
internal abstract record DualBlockState
{
    private protected DualBlockState()
    {
    }

    /// <summary>The block's name.</summary>
    public required string Name { get; init; }

    /// <summary>When a constraint of the block is satisfied.</summary>
    public required ConstraintKind ConstraintKind { get; init; }

    /// <summary>The multipliers, one for each constraint.</summary>
    public required ImmutableArray<double> Duals { get; init; }

    /// <summary>Least and largest multiplier under the block's options.</summary>
    internal abstract (double Lower, double Upper) DualRange { get; }

    /// <summary>Reports every value that is out of its range.</summary>
    internal abstract void Validate(Problems problems);

    /// <summary>Reports an array that has not one finite number of a range for each multiplier.</summary>
    private protected void ValidateArray(Problems problems, string name, ImmutableArray<double> values,
        double lower = double.MinValue, double upper = double.MaxValue)
    {
        if (values.IsDefault || values.Length != Duals.Length)
        {
            problems.Add($"{name} must hold {Duals.Length} number(s), got {(values.IsDefault ? 0 : values.Length)}.");
            return;
        }

        for (var j = 0; j < values.Length; j++)
        {
            if (!double.IsFinite(values[j]) || values[j] < lower || values[j] > upper)
            {
                var range = lower == double.MinValue && upper == double.MaxValue
                    ? "" : $" and from {Problems.Text(lower)} to {Problems.Text(upper)}";
                problems.Add($"{name}[{j}] must be finite{range}, got {Problems.Text(values[j])}.");
            }
        }
    }
}

/// <summary>The state of a block under options of one type.</summary>
internal abstract record DualBlockState<TOptions> : DualBlockState
    where TOptions : DualOptimizerOptions
{
    /// <summary>The options, never changed in place.</summary>
    public required TOptions Options { get; init; }

    internal sealed override (double Lower, double Upper) DualRange => Options.DualRange(ConstraintKind);

    internal sealed override void Validate(Problems problems)
    {
        var before = problems.Count;
        if (Duals.IsDefaultOrEmpty)
            problems.Add($"{nameof(Duals)} must hold at least 1 number, got 0.");
        else if (problems.NotNull(nameof(Options), Options))
            Options.Validate(problems, ConstraintKind, Duals.Length);
        if (problems.Count > before)
            return;
        ValidateArray(problems, nameof(Duals), Duals, DualRange.Lower, DualRange.Upper);
        ValidateOwn(problems);
    }

    /// <summary>Reports what the method keeps beside the multipliers and is out of its range; the options are valid.</summary>
    private protected abstract void ValidateOwn(Problems problems);
}
