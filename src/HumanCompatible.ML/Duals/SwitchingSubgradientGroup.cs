using HumanCompatible.ML.Duals;

namespace HumanCompatible.ML;

/// <summary>A constraint group of <see cref="SwitchingSubgradient"/>; its duals stay 0.</summary>
public sealed class SwitchingSubgradientGroup : DualConstraintGroup
{
    private double[] lastConstraints;

    internal SwitchingSubgradientGroup(int offset, in NewGroup group)
        : base(group.Name, offset, group.Count, group.IsInequality, group.DualRange) => lastConstraints = new double[group.Count];

    /// <summary>A copy of the constraints of the last update, shape [Count]; zeros before the first.</summary>
    public IReadOnlyList<double> LastConstraints => lastConstraints.ToArray();

    internal ReadOnlySpan<double> LastConstraintsInUse => lastConstraints;

    internal override void UpdateDuals(ReadOnlySpan<double> constraints, Span<double> duals) => constraints.CopyTo(lastConstraints);

    internal override void Save(DualStateWriter writer)
    {
        base.Save(writer);
        writer.Array("lastConstraints", lastConstraints);
    }

    internal override Action Load(DualStateReader reader)
    {
        var range = base.Load(reader);
        double[] loaded = reader.Array("lastConstraints", Count);
        return () =>
        {
            range();
            lastConstraints = loaded;
        };
    }
}
