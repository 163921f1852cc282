using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Data;

/// <summary>
/// One person of the census table, as a PredictionEngine takes them. Neither <c>income</c> nor anything but the features is needed to
/// predict.
/// </summary>
internal class CensusPerson
{
    [ColumnName("age")] public float Age { get; set; }

    [ColumnName("education-num")] public float YearsOfEducation { get; set; }

    [ColumnName("capital-gain")] public float CapitalGain { get; set; }

    [ColumnName("capital-loss")] public float CapitalLoss { get; set; }

    [ColumnName("hours-per-week")] public float HoursPerWeek { get; set; }

    [ColumnName("workclass")] public string Workclass { get; set; } = "";

    [ColumnName("education")] public string Education { get; set; } = "";

    [ColumnName("marital-status")] public string MaritalStatus { get; set; } = "";

    [ColumnName("occupation")] public string Occupation { get; set; } = "";

    [ColumnName("relationship")] public string Relationship { get; set; } = "";

    [ColumnName(CensusColumns.Race)] public string Race { get; set; } = "";

    [ColumnName(CensusColumns.Sex)] public string Sex { get; set; } = "";

    [ColumnName("native-country")] public string NativeCountry { get; set; } = "";
}
