namespace HumanCompatible.ML.Duals;

/// <summary>
/// Constraints that share one name and one set of settings: the elements [Offset, Offset + Count) of the constraint vector.
/// Inequalities are satisfied when c ≤ 0, equalities when c = 0.
/// </summary>
public abstract class DualConstraintGroup
{
    private protected DualConstraintGroup(string name, int offset, int count, bool isInequality, (double Lower, double Upper) dualRange)
    {
        Name = name;
        Offset = offset;
        Count = count;
        IsInequality = isInequality;
        LowerBound = BoundedBelow(dualRange.Lower, isInequality);
        UpperBound = dualRange.Upper;
    }

    /// <summary>The group's name, unique within its optimizer.</summary>
    public string Name { get; }

    /// <summary>Position of the group's first constraint in the constraint vector.</summary>
    public int Offset { get; }

    /// <summary>Number of constraints in the group, at least 1.</summary>
    public int Count { get; }

    /// <summary>True for constraints c ≤ 0, false for c = 0.</summary>
    public bool IsInequality { get; }

    /// <summary>Least value of a dual; at least 0 for inequalities.</summary>
    public double LowerBound { get; private set; }

    /// <summary>Largest value of a dual.</summary>
    public double UpperBound { get; private set; }

    /// <summary>The group's part of the quadratic term at this moment.</summary>
    internal virtual QuadraticPenalty Quadratic => default;

    /// <summary>How far from the boundary a constraint counts as satisfied.</summary>
    internal virtual double ToleranceInUse => 0;

    /// <summary>Moves the duals of this group; both spans have <see cref="Count"/> elements.</summary>
    internal abstract void UpdateDuals(ReadOnlySpan<double> constraints, Span<double> duals);

    /// <summary>The largest of max(c_j, 0) for inequalities, |c_j| for equalities.</summary>
    internal double Violation(ReadOnlySpan<double> constraints)
    {
        double worst = 0;
        foreach (var constraint in constraints)
            worst = Math.Max(worst, IsInequality ? constraint : Math.Abs(constraint));
        return worst;
    }

    /// <summary>What follows a dual update once its Lagrangian is built, such as the growth of a penalty.</summary>
    internal virtual void AfterUpdate()
    {
    }

    /// <summary>What follows an epoch; <paramref name="epoch"/> is the number of epochs ended, this one included.</summary>
    internal virtual void EndEpoch(long epoch)
    {
    }

    /// <summary>Writes the settings and everything that changes in training, the duals apart.</summary>
    internal virtual void Save(DualStateWriter writer)
    {
        writer.Value("lowerBound", LowerBound);
        writer.Value("upperBound", UpperBound);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, reporting problems to the reader; the returned action applies it.</summary>
    internal virtual Action Load(DualStateReader reader)
    {
        var lower = reader.Value("lowerBound");
        var upper = reader.Value("upperBound");
        reader.Problems.DualRange(lower, upper, IsInequality);
        reader.InRange("duals", BoundedBelow(lower, IsInequality), upper);
        return () => (LowerBound, UpperBound) = (BoundedBelow(lower, IsInequality), upper);
    }

    private static double BoundedBelow(double lower, bool isInequality) => isInequality ? Math.Max(lower, 0) : lower;

    /// <summary>
    /// The constraints as the optimizer sees them: c - tolerance for inequalities, |c| shrunk by the tolerance for equalities.
    /// </summary>
    private protected void ApplyTolerance(ReadOnlySpan<double> constraints, Span<double> seen, double tolerance)
    {
        for (var j = 0; j < seen.Length; j++)
            seen[j] = constraints[j] - (IsInequality ? tolerance : Math.Clamp(constraints[j], -tolerance, tolerance));
    }

    /// <summary>average ← momentum·average + (1 − dampening)·present; without momentum just the present constraint.</summary>
    private protected static void Average(ReadOnlySpan<double> present, Span<double> average, double momentum, double dampening)
    {
        if (momentum == 0)
        {
            present.CopyTo(average);
            return;
        }

        for (var j = 0; j < average.Length; j++)
            average[j] = momentum * average[j] + (1 - dampening) * present[j];
    }
}
