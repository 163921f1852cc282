namespace HumanCompatible.ML.Experiments;

/// <summary>What an experiment of binary classification is to make best, as ML.NET evaluates it.</summary>
public enum BinaryClassificationMetric
{
    /// <summary>The share of rows predicted correctly.</summary>
    Accuracy,

    /// <summary>The area under the ROC curve.</summary>
    AreaUnderRocCurve,

    /// <summary>The area under the precision-recall curve.</summary>
    AreaUnderPrecisionRecallCurve,

    /// <summary>The harmonic mean of precision and recall.</summary>
    F1Score,

    /// <summary>The precision of the positive class.</summary>
    PositivePrecision,

    /// <summary>The recall of the positive class.</summary>
    PositiveRecall,

    /// <summary>The precision of the negative class.</summary>
    NegativePrecision,

    /// <summary>The recall of the negative class.</summary>
    NegativeRecall,

    /// <summary>The log loss in bits; less is better.</summary>
    LogLoss,
}

/// <summary>What an experiment of multiclass classification is to make best, as ML.NET evaluates it.</summary>
public enum MulticlassClassificationMetric
{
    /// <summary>The share of rows predicted correctly.</summary>
    MicroAccuracy,

    /// <summary>The mean of the shares of each class.</summary>
    MacroAccuracy,

    /// <summary>The log loss in nats; less is better.</summary>
    LogLoss,

    /// <summary>By how much the log loss is below that of predicting the shares of the classes.</summary>
    LogLossReduction,
}

/// <summary>What an experiment of regression is to make best, as ML.NET evaluates it.</summary>
public enum RegressionMetric
{
    /// <summary>R squared.</summary>
    RSquared,

    /// <summary>The mean absolute error; less is better.</summary>
    MeanAbsoluteError,

    /// <summary>The mean squared error; less is better.</summary>
    MeanSquaredError,

    /// <summary>Its root; less is better.</summary>
    RootMeanSquaredError,
}
