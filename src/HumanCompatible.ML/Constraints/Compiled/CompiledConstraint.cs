namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>One declaration inside <see cref="CompiledConstraints"/>: which entries of the violations are its own.</summary>
/// <param name="Declaration">The declaration.</param>
/// <param name="Start">The first of its entries in the violations [m].</param>
/// <param name="InequalityNames">The inequality behind each entry, such as <c>DemographicParity(Sex): Female - Male &lt;= 0.05</c>; as many
/// as there are entries.</param>
/// <param name="GroupNames">The names of its groups.</param>
internal sealed record CompiledConstraint(FairnessConstraint Declaration, int Start, IReadOnlyList<string> InequalityNames,
    IReadOnlyList<string> GroupNames)
{
    internal string Name => Declaration.Name;

    /// <summary>The number of entries; zero where there is nothing to compare (a single group).</summary>
    internal int Count => InequalityNames.Count;
}
