using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Samples.Demo;

/// <summary>A trained model and how it does on rows that it was not trained on.</summary>
/// <param name="Title">How the display names it.</param>
/// <param name="Model">The whole pipeline: features and network.</param>
/// <param name="Summary">What training says of itself and of the constraint on its own rows.</param>
/// <param name="Seconds">What fitting the pipeline took, reading and features included.</param>
/// <param name="Accuracy">The share of right predictions.</param>
/// <param name="AreaUnderRocCurve">AUC.</param>
/// <param name="SelectionRates">The share of positive predictions, by group.</param>
/// <param name="Audit">The audit of the test rows.</param>
/// <param name="Verdict">What the audit says of the declared constraint.</param>
internal sealed record MeasuredModel(
    string Title,
    ITransformer Model,
    TrainingSummary Summary,
    double Seconds,
    double Accuracy,
    double AreaUnderRocCurve,
    IReadOnlyDictionary<string, double> SelectionRates,
    FairnessAudit Audit,
    ConstraintVerdict Verdict);
