using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;

namespace HumanCompatible.ML.Reporting;

/// <summary>What a report says beside the audit.</summary>
public sealed record FairnessReportOptions
{
    /// <summary>The title of the page.</summary>
    public string Title { get; set; } = "Fairness report";

    /// <summary>What the model is called.</summary>
    public string ModelName { get; set; } = "The model";

    /// <summary>What the audited data are called, such as <c>applications of 2025</c>; null says nothing of them but what is counted.
    /// </summary>
    public string? DataName { get; set; }

    /// <summary>
    /// The model that made the predictions: its constraints are judged as <see cref="Auditing.FairnessAudit.Judge(
    /// Training.ConstrainedModelParameters)"/> does, and how it was trained is shown. Null for a model of another trainer.
    /// </summary>
    public ConstrainedBinaryModelParameters? Model { get; set; }

    /// <summary>Declarations to judge, beside those of <see cref="Model"/>; custom ones cannot be.</summary>
    public IReadOnlyList<FairnessConstraint> Constraints { get; set; } = [];

    /// <summary>
    /// The rows that were audited, for what only the scores tell: ROC and calibration, the effect of the threshold, the fingerprint, and
    /// what drives the score. Null leaves these out.
    /// </summary>
    public IDataView? ScoredData { get; set; }

    /// <summary>The label in <see cref="ScoredData"/>.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The predictions in <see cref="ScoredData"/>, of the types a label may have.</summary>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>The probabilities in <see cref="ScoredData"/>, from 0 to 1; not needed where there is <see cref="ScoreColumnName"/>.
    /// </summary>
    public string ProbabilityColumnName { get; set; } = "Probability";

    /// <summary>The scores in <see cref="ScoredData"/>, any numbers, used where there are no probabilities.</summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>The weights in <see cref="ScoredData"/>; null weighs all rows alike.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// What each feature contributed to the score of a row, as ML.NET's CalculateFeatureContribution writes it to
    /// <see cref="ScoredData"/> with all slots and normalize: false; a vector with named slots. Used where the data has it.
    /// </summary>
    public string FeatureContributionsColumnName { get; set; } = "FeatureContributions";

    /// <summary>Other models that were audited on the same rows, to show what fairness costs.</summary>
    public IReadOnlyList<ComparedModel> OtherModels { get; set; } = [];
}
