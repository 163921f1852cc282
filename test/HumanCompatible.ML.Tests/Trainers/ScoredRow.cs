using HumanCompatible.ML.Constraints;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>A scored row of <see cref="Worker"/>, and the statistics of constraints straight from their definitions.</summary>
/// <param name="Groups">The values of the group columns.</param>
/// <param name="Label">The number of the class, or the number.</param>
/// <param name="Prediction">The same that is predicted.</param>
/// <param name="Loss">-ln of the probability of the label, or the squared error.</param>
/// <param name="Weight">The weight.</param>
internal sealed record ScoredRow(IReadOnlyDictionary<string, string> Groups, double Label, double Prediction, double Loss, double Weight)
{
    internal static ScoredRow[] Of(IDataView scored, string? weightColumn)
    {
        var groups = scored.GetColumn<string>("Sex").Zip(scored.GetColumn<string>("Region"), scored.GetColumn<bool>("Veteran"))
            .Select(row => new Dictionary<string, string>
            {
                ["Sex"] = row.First,
                ["Region"] = row.Second,
                ["Veteran"] = row.Third.ToString(),
            }).ToArray();
        var weights = weightColumn is null ? [.. groups.Select(_ => 1f)] : scored.GetColumn<float>(weightColumn).ToArray();
        if (scored.Schema["Score"].Type is not VectorDataViewType)
        {
            return [.. scored.GetColumn<float>("Wage").Zip(scored.GetColumn<float>("Score")).Select((row, index) => new ScoredRow(
                groups[index], row.First, row.Second, Math.Pow((double)row.First - row.Second, 2), weights[index]))];
        }

        return [.. scored.GetColumn<uint>("Label").Zip(scored.GetColumn<uint>("PredictedLabel"), scored.GetColumn<float[]>("Score"))
            .Select((row, index) => new ScoredRow(groups[index], row.First - 1, row.Second - 1, -Math.Log(row.Third[row.First - 1]),
                weights[index]))];
    }

    /// <summary>The audited value of a constraint.</summary>
    internal static double ValueOf(FairnessConstraint constraint, ScoredRow[] rows)
    {
        var groups = rows.GroupBy(row => string.Join('|', constraint.GroupColumnNames.Select(name => row.Groups[name]))).ToArray();
        double[] classes = constraint.ClassName is { } name ? [Array.IndexOf(["low", "mid", "high"], name)] : [0, 1, 2];
        var worst = new List<double>();
        foreach (var metric in constraint.Metrics)
        {
            foreach (var positive in classes)
            {
                double Rate(IEnumerable<ScoredRow> some) => some.Sum(row => row.Weight * row.Numerator(metric.Name, positive))
                    / some.Sum(row => row.Weight * row.Denominator(metric.Name, positive));
                double[] rates = [.. groups.Select(Rate)];
                worst.Add(constraint is not ParityConstraint parity ? constraint.IsLowerBound ? rates.Min() : rates.Max()
                    : parity.Comparison == GroupComparison.Ratio ? rates.Min() / rates.Max()
                    : parity.Baseline == GroupBaseline.Overall ? rates.Max(rate => Math.Abs(rate - Rate(rows)))
                    : parity.Baseline == GroupBaseline.ReferenceGroup ? rates.Max(rate
                        => Math.Abs(rate - Rate(groups.Single(group => group.Key == parity.ReferenceGroup))))
                    : rates.Max() - rates.Min());
            }
        }

        return constraint.IsLowerBound ? worst.Min() : worst.Max();
    }

    private double Numerator(string metric, double positive)
    {
        var (isPositive, isPredicted) = (Label == positive, Prediction == positive);
        return metric switch
        {
            "SelectionRate" => isPredicted ? 1 : 0,
            "TruePositiveRate" or "PositivePredictiveValue" => isPositive && isPredicted ? 1 : 0,
            "FalsePositiveRate" => !isPositive && isPredicted ? 1 : 0,
            "FalseOmissionRate" => isPositive && !isPredicted ? 1 : 0,
            "Accuracy" => Label == Prediction ? 1 : 0,
            "MeanLoss" => Loss,
            "MeanPrediction" => Prediction,
            "MeanResidual" => Label - Prediction,
            _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
        };
    }

    private double Denominator(string metric, double positive) => metric switch
    {
        "TruePositiveRate" => Label == positive ? 1 : 0,
        "FalsePositiveRate" => Label != positive ? 1 : 0,
        "PositivePredictiveValue" => Prediction == positive ? 1 : 0,
        "FalseOmissionRate" => Prediction != positive ? 1 : 0,
        _ => 1,
    };
}
