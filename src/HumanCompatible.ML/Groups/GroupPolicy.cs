namespace HumanCompatible.ML.Groups;

/// <summary>What is done with rows or groups that a constraint or an audit cannot well speak of; see <see cref="GroupOptions"/>.</summary>
public enum GroupPolicy
{
    /// <summary>
    /// They are left out of the constraint, and of the overall rate that its groups are compared with. They still train the loss. A warning
    /// and <see cref="Confidence.ConstraintVerdict.ExcludedGroups"/> name them. An audit lists their statistics, but leaves them out of
    /// differences and ratios: <see cref="Auditing.GroupAudit.ExcludedGroups"/>.
    /// </summary>
    Exclude,

    /// <summary>
    /// They are a group like any other. Rows without a value are a group of their own, named <c>(missing)</c>; the group of a value that
    /// reads so is named <c>"(missing)"</c>, with quotes.
    /// </summary>
    Include,

    /// <summary>Fit, or the audit, throws an <see cref="InvalidOperationException"/> that names them.</summary>
    Error,
}
