using HumanCompatible.ML.Auditing;
namespace HumanCompatible.ML.Samples.Csv;

/// <summary>The audited statistics of one group; NaN where not defined.</summary>
internal sealed record CsvGroup(
    int Rows,
    double BaseRate,
    double SelectionRate,
    double TruePositiveRate,
    double FalsePositiveRate,
    double PositivePredictiveValue,
    double FalseOmissionRate,
    double Accuracy,
    double Loss)
{
    public static CsvGroup Of(GroupStatistics group) => new(
        group.RowCount,
        group.BaseRate,
        group.SelectionRate,
        group.TruePositiveRate,
        group.FalsePositiveRate,
        group.PositivePredictiveValue,
        group.FalseOmissionRate,
        group.Accuracy,
        group.MeanLoss);
}
