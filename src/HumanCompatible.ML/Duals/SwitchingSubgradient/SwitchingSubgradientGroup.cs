namespace HumanCompatible.ML.Duals;

/// <summary>A constraint group of <see cref="SwitchingSubgradient"/>; its duals stay 0.</summary>
public sealed class SwitchingSubgradientGroup : DualConstraintGroup
{
    private double[] _lastConstraints;

    internal SwitchingSubgradientGroup(int offset, in NewGroup group)
        : base(group.Name, offset, group.Count, group.IsInequality, group.DualRange) => _lastConstraints = new double[group.Count];

    /// <summary>A copy of the constraints of the last update, shape [Count]; zeros before the first.</summary>
    public IReadOnlyList<double> LastConstraints => _lastConstraints.ToArray();

    internal ReadOnlySpan<double> LastConstraintsInUse => _lastConstraints;

    internal override void UpdateDuals(ReadOnlySpan<double> constraints, Span<double> duals) => constraints.CopyTo(_lastConstraints);

    internal override void Save(DualStateWriter writer)
    {
        base.Save(writer);
        writer.Array("lastConstraints", _lastConstraints);
    }

    internal override Action Load(DualStateReader reader)
    {
        var range = base.Load(reader);
        var loaded = reader.Array("lastConstraints", Count);
        return () =>
        {
            range();
            _lastConstraints = loaded;
        };
    }
}
