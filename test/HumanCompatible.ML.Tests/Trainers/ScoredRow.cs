using HumanCompatible.ML.Constraints;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>A scored row of <see cref="Worker"/> or <see cref="Person"/>, and statistics straight from their definitions.</summary>
/// <param name="Groups">The values of the group columns.</param>
/// <param name="Label">The number of the class, or the number.</param>
/// <param name="Prediction">The same that is predicted.</param>
/// <param name="Loss">-ln of the probability of the label, or the squared error.</param>
/// <param name="Weight">The weight.</param>
internal sealed record ScoredRow(IReadOnlyDictionary<string, string> Groups, double Label, double Prediction, double Loss, double Weight)
{
    /// <summary>As how many rows it counts: 1, or less where the model was trained on it.</summary>
    internal double CountsAs { get; init; } = 1;

    /// <summary>What its values count in a mean.</summary>
    internal double Share => CountsAs * Weight;

    internal static ScoredRow[] Of(IDataView scored, string? weightColumn)
    {
        string[] columns = [.. new[] { "Sex", "Region", "Veteran", "Household", "District" }
            .Where(name => scored.Schema.GetColumnOrNull(name) is not null)];
        var values = columns.Select(name => TextsOf(scored, scored.Schema[name])).ToArray();
        var groups = values[0].Select((_, row) => columns.Index().ToDictionary(one => one.Item, one => values[one.Index][row])).ToArray();
        var weights = weightColumn is null ? [.. groups.Select(_ => 1f)] : scored.GetColumn<float>(weightColumn).ToArray();
        if (scored.Schema["Label"].Type is BooleanDataViewType)
        {
            return [.. scored.GetColumn<bool>("Label").Zip(scored.GetColumn<bool>("PredictedLabel"), scored.GetColumn<float>("Score"))
                .Select((row, index) => new ScoredRow(groups[index], row.First ? 1 : 0, row.Second ? 1 : 0,
                    Math.Log(1 + Math.Exp(row.First ? -row.Third : row.Third)), weights[index]))];
        }

        if (scored.Schema["Score"].Type is not VectorDataViewType)
        {
            return [.. scored.GetColumn<float>("Wage").Zip(scored.GetColumn<float>("Score")).Select((row, index) => new ScoredRow(
                groups[index], row.First, row.Second, Math.Pow((double)row.First - row.Second, 2), weights[index]))];
        }

        return [.. scored.GetColumn<uint>("Label").Zip(scored.GetColumn<uint>("PredictedLabel"), scored.GetColumn<float[]>("Score"))
            .Select((row, index) => new ScoredRow(groups[index], row.First - 1, row.Second - 1, -Math.Log(row.Third[row.First - 1]),
                weights[index]))];
    }

    private static string[] TextsOf(IDataView view, DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => [.. view.GetColumn<string>(column)],
        BooleanDataViewType => [.. view.GetColumn<bool>(column).Select(value => value.ToString())],
        _ => [.. column.Type.RawType == typeof(int) ? view.GetColumn<int>(column).Select(value => $"{value}")
            : view.GetColumn<float>(column).Select(value => $"{value}")],
    };

    /// <summary>The name of its group of a constraint.</summary>
    internal string GroupOf(FairnessConstraint constraint) => constraint.GroupColumnNames.Count == 0 ? "(all)"
        : string.Join(", ", constraint.GroupColumnNames.Select(name => Groups[name]));

    /// <summary>The audited value of a constraint.</summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="positives">The classes that a constraint which names none is about; by default all of <see cref="Worker"/>.</param>
    internal static double ValueOf(FairnessConstraint constraint, IReadOnlyCollection<ScoredRow> rows, params double[] positives)
        => ValueOf(constraint, (_, _) => rows, positives);

    /// <summary>The audited value of a constraint whose rows do not count the same in all metrics.</summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="rowsOf">The rows as they count in the metric of a name, of a class.</param>
    /// <param name="positives">See the other.</param>
    internal static double ValueOf(FairnessConstraint constraint, Func<string, double, IReadOnlyCollection<ScoredRow>> rowsOf,
        params double[] positives)
    {
        var classes = constraint.ClassName is { } name ? [Array.IndexOf(["low", "mid", "high"], name)]
            : positives.Length > 0 ? positives : [0, 1, 2];
        var worst = new List<double>();
        foreach (var metric in constraint.Metrics)
        {
            foreach (var positive in classes)
            {
                var rows = rowsOf(metric.Name, positive);
                var groups = rows.GroupBy(row => row.GroupOf(constraint)).ToArray();
                double Rate(IEnumerable<ScoredRow> some) => some.Sum(row => row.Share * row.Numerator(metric.Name, positive))
                    / some.Sum(row => row.Share * row.Denominator(metric.Name, positive));
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

    /// <summary>What it adds above the line of a metric, of a class against the others.</summary>
    internal double Numerator(string metric, double positive)
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

    /// <summary>What it adds below the line.</summary>
    internal double Denominator(string metric, double positive) => metric switch
    {
        "TruePositiveRate" => Label == positive ? 1 : 0,
        "FalsePositiveRate" => Label != positive ? 1 : 0,
        "PositivePredictiveValue" => Prediction == positive ? 1 : 0,
        "FalseOmissionRate" => Prediction != positive ? 1 : 0,
        _ => 1,
    };
}
