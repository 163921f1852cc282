using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Training;

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
    /// ConstrainedModelParameters)"/> does, and how it was trained is shown. Null for a model of another trainer.
    /// </summary>
    public ConstrainedModelParameters? Model { get; set; }

    /// <summary>Declarations to judge, beside those of <see cref="Model"/>; custom ones cannot be.</summary>
    public IReadOnlyList<FairnessConstraint> Constraints { get; set; } = [];

    /// <summary>
    /// What each feature contributed to the score of a row, as ML.NET's CalculateFeatureContribution writes it to the audited data with all
    /// slots and normalize: false; a vector with named slots. Used where the data has it.
    /// </summary>
    public string FeatureContributionsColumnName { get; set; } = "FeatureContributions";

    /// <summary>
    /// What the columns that make the features are called in the report, by their names in the data. Empty: a slot is of the column that
    /// stands before the first full stop of its name.
    /// </summary>
    public IReadOnlyDictionary<string, string> FeatureNames { get; set; } = new Dictionary<string, string>();

    /// <summary>Other models that were audited on the same rows, to show what fairness costs.</summary>
    public IReadOnlyList<ComparedModel> OtherModels { get; set; } = [];

    /// <exception cref="ArgumentException">A member, or an entry of one, is null that may not be.</exception>
    internal void Validate()
    {
        var problems = new Problems();
        problems.NotNull(nameof(Title), Title);
        problems.NotNull(nameof(ModelName), ModelName);
        problems.NotNull(nameof(FeatureContributionsColumnName), FeatureContributionsColumnName);
        problems.NotNull(nameof(FeatureNames), FeatureNames);
        Entries(problems, nameof(Constraints), Constraints);
        Entries(problems, nameof(OtherModels), OtherModels);
        problems.ThrowIfAny(nameof(FairnessReportOptions));
    }

    private static void Entries(Problems problems, string name, IReadOnlyList<object?>? entries)
    {
        if (!problems.NotNull(name, entries))
            return;
        for (var index = 0; index < entries.Count; index++)
            problems.NotNull($"{name}[{index}]", entries[index]);
    }
}
