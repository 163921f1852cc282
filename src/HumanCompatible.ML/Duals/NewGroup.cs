namespace HumanCompatible.ML.Duals;

/// <summary>What every optimizer checks of a group that is to be added.</summary>
internal readonly record struct NewGroup(string Name, int Count, bool IsInequality, (double Lower, double Upper) DualRange)
{
    /// <summary>Describes the group, named <c>group{index}</c> where the caller gave no name.</summary>
    public static NewGroup Describe(IReadOnlyList<DualConstraintGroup> present, string? name, int count, bool isInequality,
        (double Lower, double Upper) dualRange) =>
        new(name ?? $"group{present.Count}", count, isInequality, dualRange);

    /// <summary>Reports a bad count, range, name or initial duals; returns the initial duals, one per constraint.</summary>
    public double[] Check(IReadOnlyList<DualConstraintGroup> present, IReadOnlyList<double>? initialDuals, double defaultDual,
        string countName, Problems problems)
    {
        var name = Name;
        var before = problems.Count;
        problems.Require(Count >= 1, countName, Count, "at least 1");
        problems.DualRange(DualRange.Lower, DualRange.Upper, IsInequality);
        if (name.Length == 0)
            problems.Add("name is empty; expected a name or none.");
        else if (present.Any(group => group.Name == name))
            problems.Add($"name is '{name}', which another group has; expected a name of its own.");
        if (problems.Count > before)
            return [];
        if (initialDuals is not null && initialDuals.Count != 1 && initialDuals.Count != Count)
        {
            problems.Add($"initialDuals has length {initialDuals.Count}; expected {Count}, or 1 for all.");
            return [];
        }

        var lower = IsInequality ? Math.Max(DualRange.Lower, 0) : DualRange.Lower;
        var duals = new double[Count];
        for (var j = 0; j < duals.Length; j++)
        {
            duals[j] = initialDuals is null ? Math.Clamp(defaultDual, lower, DualRange.Upper)
                : initialDuals[initialDuals.Count == 1 ? 0 : j];
            if (!double.IsFinite(duals[j]) || duals[j] < lower || duals[j] > DualRange.Upper)
            {
                problems.Add(
                    $"initialDuals[{j}] is {Problems.Text(duals[j])}; expected a finite number in the dual range "
                    + $"[{Problems.Text(lower)}, {Problems.Text(DualRange.Upper)}].");
            }
        }

        return duals;
    }

    /// <summary>Where the group's constraints start.</summary>
    public static int Offset(IReadOnlyList<DualConstraintGroup> present) => present.Count == 0 ? 0 : present[^1].Offset + present[^1].Count;
}
