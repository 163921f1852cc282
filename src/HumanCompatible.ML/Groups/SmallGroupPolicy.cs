using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
namespace HumanCompatible.ML.Groups;

/// <summary>What is done with groups of fewer rows than <see cref="ConstrainedTrainerOptions.MinimumGroupSize"/>.</summary>
public enum SmallGroupPolicy
{
    /// <summary>
    /// Their rows train the loss but belong to no group of the constraints on these columns, and do not count for the overall rate that
    /// groups are compared with either;
    /// a warning and <see cref="ConstraintSummary.ExcludedGroups"/> name them.
    /// </summary>
    Exclude,

    /// <summary>Fit throws an <see cref="InvalidOperationException"/> that lists them.</summary>
    Error,
}
