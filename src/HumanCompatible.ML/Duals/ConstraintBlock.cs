namespace HumanCompatible.ML.Duals;

/// <summary>
/// Constraints of one kind with one set of options: the elements [Offset, Offset + Count) of the constraint vector and of the multipliers.
/// </summary>
public abstract class ConstraintBlock
{
    private protected ConstraintBlock(string name, int offset, int count, ConstraintKind kind)
        => (Name, Offset, Count, Kind) = (name, offset, count, kind);

    /// <summary>The block's name, unique within its optimizer.</summary>
    public string Name { get; }

    /// <summary>Position of the block's first constraint in the constraint vector.</summary>
    public int Offset { get; }

    /// <summary>Number of constraints in the block, at least 1.</summary>
    public int Count { get; }

    /// <summary>When a constraint of the block is satisfied.</summary>
    public ConstraintKind Kind { get; }

    /// <summary>How far from its boundary a constraint counts as satisfied.</summary>
    internal virtual double Tolerance => 0;

    /// <summary>The coefficient of the quadratic term (coefficient/2)·‖q‖².</summary>
    internal virtual double Coefficient => 0;

    /// <summary>True for q = [c]₊, false for q = c.</summary>
    internal virtual bool SquaresViolation => false;

    /// <summary>True where c is replaced by max(c, -λ/coefficient): the form of Hestenes, Powell and Rockafellar.</summary>
    internal virtual bool IsShifted => false;

    /// <summary>The type of what <see cref="Save"/> gives.</summary>
    internal abstract Type StateType { get; }

    /// <summary>Moves the multipliers of this block.</summary>
    /// <param name="constraints">The constraint values, <see cref="Count"/> of them.</param>
    /// <param name="duals">The multipliers, as many.</param>
    /// <param name="epoch">Epochs ended so far.</param>
    /// <param name="update">Updates made so far.</param>
    internal abstract void Update(ReadOnlySpan<double> constraints, Span<double> duals, long epoch, long update);

    /// <summary>What follows an update once its Lagrangian is built, such as the growth of a penalty.</summary>
    internal virtual void AfterUpdate()
    {
    }

    /// <summary>What follows an epoch.</summary>
    internal virtual void EndEpoch()
    {
    }

    /// <summary>A copy of all that this block knows.</summary>
    internal abstract DualBlockState Save(ReadOnlySpan<double> duals);

    /// <summary>Takes over a state of <see cref="StateType"/>, checked before; the multipliers apart.</summary>
    internal abstract void Load(DualBlockState state);
}

/// <summary>A block that keeps options of one type and is saved as a state of one type.</summary>
internal abstract class ConstraintBlock<TOptions, TState>(string name, int offset, int count, ConstraintKind kind, TOptions options)
    : ConstraintBlock(name, offset, count, kind)
    where TOptions : DualOptimizerOptions
    where TState : DualBlockState<TOptions>
{
    internal sealed override Type StateType => typeof(TState);

    /// <summary>The options, never changed in place.</summary>
    private protected TOptions Options { get; private set; } = options;

    internal sealed override void Load(DualBlockState state)
    {
        var loaded = (TState)state;
        Options = loaded.Options;
        Restore(loaded);
    }

    /// <summary>Takes over what the state holds beside the options.</summary>
    private protected abstract void Restore(TState state);

    /// <summary>The largest of max(c_j, 0) for inequalities, |c_j| for equalities.</summary>
    private protected double Violation(ReadOnlySpan<double> constraints)
    {
        double worst = 0;
        foreach (var constraint in constraints)
            worst = Math.Max(worst, Kind == ConstraintKind.Inequality ? constraint : Math.Abs(constraint));
        return worst;
    }

    /// <summary>The constraints as the optimizer sees them: c - tolerance for inequalities, |c| shrunk by it for equalities.</summary>
    private protected void ApplyTolerance(ReadOnlySpan<double> constraints, Span<double> seen)
    {
        var tolerance = Tolerance;
        for (var j = 0; j < seen.Length; j++)
        {
            seen[j] = constraints[j]
                - (Kind == ConstraintKind.Inequality ? tolerance : Math.Clamp(constraints[j], -tolerance, tolerance));
        }
    }

    /// <summary>average ← momentum·average + (1 − dampening)·present.</summary>
    private protected static void Average(ReadOnlySpan<double> present, Span<double> average, double momentum, double dampening)
    {
        for (var j = 0; j < average.Length; j++)
            average[j] = momentum * average[j] + (1 - dampening) * present[j];
    }
}
