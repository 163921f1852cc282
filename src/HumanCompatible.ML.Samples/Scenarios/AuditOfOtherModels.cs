using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Samples.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>The audit needs a label, a predicted label and group columns, whoever made the predictions: here a rule of thumb instead of a model.</summary>
internal sealed class AuditOfOtherModels : IScenario
{
    public string Name => "audit-of-other-models";

    public string Description => "Audit predictions that did not come from this library: a rule of thumb on education and marriage.";

    public void Run(ScenarioContext context)
    {
        var audit = AuditRule(context);
        foreach (var group in audit.Intersection.Groups)
            context.Say($"{group.Name}: selection rate {group[GroupMetric.SelectionRate]:0.0000}");
        var sex = audit.Intersection;
        context.Say($"demographic parity difference {sex.DemographicParityDifference:0.0000}");
        context.Say($"equalized odds difference {sex.EqualizedOddsDifference:0.0000}");
    }

    /// <summary>The rule predicts a high income for the married with at least 13 years of education.</summary>
    public static FairnessAudit AuditRule(ScenarioContext context)
    {
        var predictions = context.ML.Data.CreateEnumerable<Judged>(context.Test, reuseRowObject: false, ignoreMissingColumns: true).ToList();
        foreach (var person in predictions)
            person.PredictedLabel = Predict(person);
        return context.ML.Constrained().Audit.BinaryClassification(
            context.ML.Data.LoadFromEnumerable(predictions), groupColumnNames: [CensusColumns.Sex], labelColumnName: CensusColumns.Income);
    }

    public static bool Predict(CensusPerson person)
        => person.YearsOfEducation >= 13 && person.MaritalStatus.StartsWith("Married", StringComparison.Ordinal);

    private sealed class Judged : CensusPerson
    {
        [ColumnName(CensusColumns.Income)] public bool Income { get; set; }

        public bool PredictedLabel { get; set; }
    }
}
