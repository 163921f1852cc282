namespace HumanCompatible.ML.Duals;

/// <content>Saving and loading.</content>
public abstract partial class DualOptimizer
{
    /// <summary>A deep copy of everything this optimizer knows: duals, buffers, counters and settings.</summary>
    public DualOptimizerState StateDict()
    {
        var whole = new DualStateWriter();
        whole.Value("epoch", _epoch);
        SaveSettings(whole);
        var groups = new List<DualGroupState>();
        foreach (var group in Groups)
        {
            var writer = new DualStateWriter();
            writer.Array("duals", DualsIn(group));
            group.Save(writer);
            groups.Add(new(group.Name, group.Count, group.IsInequality, writer.Values, writer.Arrays));
        }

        return new(Kind, whole.Values, groups);
    }

    /// <summary>
    /// Takes over a state of the same kind and groups, settings included; the device and type of <see cref="Duals"/> stay.
    /// </summary>
    /// <param name="state">What <see cref="StateDict"/> gave; it is copied.</param>
    /// <exception cref="ArgumentException">The kind, the groups or a value do not fit; the message lists all of it and nothing has
    /// changed.</exception>
    public void LoadStateDict(DualOptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var problems = new Problems();
        if (state.Kind != Kind)
            problems.Add($"the state is of kind '{state.Kind}'; expected '{Kind}'.");
        if (state.Groups.Count != Groups.Count)
            problems.Add($"the state has {state.Groups.Count} group(s); expected {Groups.Count}.");
        for (var g = 0; g < Math.Min(state.Groups.Count, Groups.Count); g++)
            CheckSameGroup(g, state.Groups[g], problems);
        problems.ThrowIfAny(nameof(LoadStateDict));

        var whole = new DualStateReader(problems, state.Values, new Dictionary<string, double[]>());
        var loadedEpoch = whole.Counter("epoch");
        var apply = new List<Action> { LoadSettings(whole) };
        var loadedDuals = new List<double>(_duals.Length);
        for (var g = 0; g < Groups.Count; g++)
        {
            var groupReader = new DualStateReader(problems.For($"group '{Groups[g].Name}'"), state.Groups[g].Values,
                state.Groups[g].Arrays);
            loadedDuals.AddRange(groupReader.Array("duals", Groups[g].Count));
            apply.Add(Groups[g].Load(groupReader));
        }

        problems.ThrowIfAny(nameof(LoadStateDict));
        foreach (var action in apply)
            action();
        loadedDuals.CopyTo(_duals);
        _epoch = loadedEpoch;
    }

    /// <summary>Writes the settings of the whole optimizer.</summary>
    private protected virtual void SaveSettings(DualStateWriter writer)
    {
    }

    /// <summary>Reads what <see cref="SaveSettings"/> wrote; the returned action applies it.</summary>
    private protected virtual Action LoadSettings(DualStateReader reader) => static () => { };

    private void CheckSameGroup(int index, DualGroupState loaded, Problems problems)
    {
        var own = Groups[index];
        if (loaded.Name != own.Name)
            problems.Add($"group {index} of the state is '{loaded.Name}'; expected '{own.Name}'.");
        if (loaded.Count != own.Count)
            problems.Add($"group {index} ('{own.Name}') of the state has {loaded.Count} constraint(s); expected {own.Count}.");
        if (loaded.IsInequality != own.IsInequality)
        {
            problems.Add(
                $"group {index} ('{own.Name}') of the state holds {Noun(loaded.IsInequality)}; expected {Noun(own.IsInequality)}.");
        }
    }

    private static string Noun(bool isInequality) => isInequality ? "inequalities" : "equalities";
}
