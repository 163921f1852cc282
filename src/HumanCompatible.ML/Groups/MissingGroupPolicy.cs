using HumanCompatible.ML.Training;
namespace HumanCompatible.ML.Groups;

/// <summary>What is done with rows whose value is missing in a group column: empty text, the missing key, NaN.</summary>
public enum MissingGroupPolicy
{
    /// <summary>They are a group of their own, named <c>(missing)</c>.</summary>
    OwnGroup,

    /// <summary>
    /// They train the loss but belong to no group of the constraints with a column in which they miss a value; a warning and
    /// <see cref="ConstraintSummary.ExcludedGroups"/> say so.
    /// </summary>
    Exclude,

    /// <summary>Fit throws an <see cref="InvalidOperationException"/> that says how many there are.</summary>
    Error,
}
