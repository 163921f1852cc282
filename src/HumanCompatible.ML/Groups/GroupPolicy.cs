namespace HumanCompatible.ML.Groups;

/// <summary>What is done with rows or groups that a constraint cannot well speak of; see <see cref="GroupOptions"/>.</summary>
public enum GroupPolicy
{
    /// <summary>
    /// They are left out of the constraint, and of the overall rate that its groups are compared with. They still train the loss. A warning
    /// and <see cref="Confidence.ConstraintVerdict.ExcludedGroups"/> name them.
    /// </summary>
    Exclude,

    /// <summary>They are a group like any other. Rows without a value are a group of their own, named <c>(missing)</c>.</summary>
    Include,

    /// <summary>Fit throws an <see cref="InvalidOperationException"/> that names them.</summary>
    Error,
}
