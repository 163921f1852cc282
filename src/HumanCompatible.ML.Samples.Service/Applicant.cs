using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Service;

/// <summary>
/// What is asked: one person of the census table, with the features of the demo's model, of which sex and race are two.
/// </summary>
internal sealed class Applicant
{
    [ColumnName("age")] public required float Age { get; init; }

    [ColumnName("education-num")] public required float YearsOfEducation { get; init; }

    [ColumnName("capital-gain")] public required float CapitalGain { get; init; }

    [ColumnName("capital-loss")] public required float CapitalLoss { get; init; }

    [ColumnName("hours-per-week")] public required float HoursPerWeek { get; init; }

    [ColumnName("workclass")] public required string Workclass { get; init; }

    [ColumnName("education")] public required string Education { get; init; }

    [ColumnName("marital-status")] public required string MaritalStatus { get; init; }

    [ColumnName("occupation")] public required string Occupation { get; init; }

    [ColumnName("relationship")] public required string Relationship { get; init; }

    [ColumnName("race")] public required string Race { get; init; }

    [ColumnName("sex")] public required string Sex { get; init; }

    [ColumnName("native-country")] public required string NativeCountry { get; init; }
}
