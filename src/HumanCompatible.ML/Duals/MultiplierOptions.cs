namespace HumanCompatible.ML.Duals;

/// <summary>What the dual optimizers with multipliers λ have in common.</summary>
public abstract record MultiplierOptions : DualOptimizerOptions
{
    private protected MultiplierOptions()
    {
    }

    /// <summary>Least value of a multiplier; raised to 0 for inequalities. At most <see cref="DualUpperBound"/>.</summary>
    /// <value>The default value is -100; 1e-4 for <see cref="PenaltyBarrierOptions"/>, where it must be above 0.</value>
    public double DualLowerBound { get; set; } = -100;

    /// <summary>Largest value of a multiplier; not negative for inequalities.</summary>
    /// <value>The default value is 100.</value>
    public double DualUpperBound { get; set; } = 100;

    /// <summary>The initial multipliers of a block, in their range: one for each constraint, or one for all.</summary>
    /// <value>The default, null, is the number of the range nearest to 0.</value>
    public IReadOnlyList<double>? InitialDuals { get; set; }

    internal sealed override (double Lower, double Upper) DualRange(ConstraintKind kind)
        => (kind == ConstraintKind.Inequality ? Math.Max(DualLowerBound, 0) : DualLowerBound, DualUpperBound);

    internal sealed override double[] InitialDualsOf(ConstraintKind kind, int count)
    {
        var (lower, upper) = DualRange(kind);
        return OnePerConstraint(InitialDuals, Math.Clamp(0, lower, upper), count);
    }

    internal override DualOptimizerOptions Copy()
    {
        var copy = (MultiplierOptions)base.Copy();
        copy.InitialDuals = InitialDuals?.ToArray();
        return copy;
    }

    internal override void Validate(Problems problems, ConstraintKind kind, int? count = null)
    {
        base.Validate(problems, kind, count);
        var range = $"{Problems.Text(DualLowerBound)} to {Problems.Text(DualUpperBound)}";
        if (!(DualLowerBound <= DualUpperBound && DualLowerBound < double.PositiveInfinity && DualUpperBound > double.NegativeInfinity))
            problems.Add($"{nameof(DualLowerBound)} to {nameof(DualUpperBound)} must be a range that holds a finite number, got {range}.");
        else if (kind == ConstraintKind.Inequality && DualUpperBound < 0)
            problems.Add($"{nameof(DualUpperBound)} must be at least 0 for inequalities, got {Problems.Text(DualUpperBound)}.");
        else
            ValidateInitial(problems, nameof(InitialDuals), InitialDuals, DualRange(kind), count);
    }

    /// <summary>Reports initial values that are neither as many as the constraints nor one, or out of their range.</summary>
    private protected static void ValidateInitial(
        Problems problems, string name, IReadOnlyList<double>? values, (double Lower, double Upper) range, int? count)
    {
        if (values is null)
            return;
        if (values.Count == 0 || (count is not null && values.Count != 1 && values.Count != count))
            problems.Add($"{name} must hold {(count is > 1 ? $"{count} numbers, or 1 for all" : "1 number")}, got {values.Count}.");
        for (var j = 0; j < values.Count; j++)
        {
            problems.Require(double.IsFinite(values[j]) && values[j] >= range.Lower && values[j] <= range.Upper, $"{name}[{j}]", values[j],
                $"finite and from {Problems.Text(range.Lower)} to {Problems.Text(range.Upper)}");
        }
    }

    /// <summary>The values of a block: its own, or one for all.</summary>
    private protected static double[] OnePerConstraint(IReadOnlyList<double>? values, double fallback, int count)
        => values?.Count == count ? [.. values] : [.. Enumerable.Repeat(values is null ? fallback : values[0], count)];
}
