namespace HumanCompatible.ML.Metrics;

/// <summary>What a network learns, which decides what the statistics of a group are.</summary>
internal enum LearningTask
{
    /// <summary>One logit per row; labels 0 or 1.</summary>
    BinaryClassification,

    /// <summary>A logit per row and class; labels are class numbers from 0.</summary>
    MulticlassClassification,

    /// <summary>One real prediction per row; labels are real numbers.</summary>
    Regression,
}
