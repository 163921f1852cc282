using System.Text.Json.Serialization;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>
/// How a model does on some rows. Differences are those between the groups of all group columns together; NaN where not defined.
/// </summary>
internal sealed record CsvPart(
    int Rows,
    double Accuracy,
    double Auc,
    double DemographicParityDifference,
    double EqualOpportunityDifference,
    double EqualizedOddsDifference,
    double LossParityDifference,
    IReadOnlyDictionary<string, CsvGroup> ByGroup)
{
    /// <summary>The audited value of each declared constraint, in their order.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> ConstraintValues { get; init; } = [];

    public static CsvPart Of(FairnessAudit audit, double auc, IReadOnlyList<FairnessConstraint> constraints) => new(
        audit.Overall.RowCount,
        audit.Overall.Accuracy,
        auc,
        audit.DemographicParityDifference,
        audit.EqualOpportunityDifference,
        audit.EqualizedOddsDifference,
        audit.LossParityDifference,
        audit.Intersection.Groups.ToDictionary(group => group.Name, CsvGroup.Of))
    {
        ConstraintValues = [.. constraints.Select(audit.ValueOf)],
    };
}
