using HumanCompatible.ML.Training;
namespace HumanCompatible.ML.Groups;

/// <summary>
/// What is done with a group that does not define a rate of a constraint on the training rows, such as a true positive rate without
/// positive rows.
/// </summary>
public enum UndefinedRatePolicy
{
    /// <summary>Fit throws an <see cref="InvalidOperationException"/> that names the constraint, the group and what it lacks.</summary>
    Error,

    /// <summary>
    /// The constraint leaves the rate out, as the audit does; a warning and <see cref="ConstraintSummary.ExcludedGroups"/> say so.
    /// </summary>
    Exclude,
}
