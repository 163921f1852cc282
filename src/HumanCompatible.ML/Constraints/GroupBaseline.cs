namespace HumanCompatible.ML.Constraints;

/// <summary>What the statistic of each group is compared with.</summary>
public enum GroupBaseline
{
    /// <summary>With every other group: the largest against the smallest.</summary>
    Pairwise,

    /// <summary>With the same statistic over all rows of all groups together.</summary>
    Overall,

    /// <summary>With one reference group, named in <see cref="ParityConstraint.ReferenceGroup"/>.</summary>
    ReferenceGroup,
}
