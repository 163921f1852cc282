using FsCheck;
using FsCheck.Fluent;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Constraints.Compiled;

internal static class CompiledConstraintsExtensions
{
    /// <summary>The membership matrix of all rows, [rows, GroupCount].</summary>
    internal static Tensor Membership(this CompiledConstraints compiled, float[]? weights)
    {
        long[] rows = [.. Enumerable.Range(0, compiled.Layout.RowCount).Select(row => (long)row)];
        using var compact = torch.tensor(compiled.Layout.Compact(rows, weights), [rows.Length, compiled.Layout.CompactWidth],
            dtype: compiled.ElementType);
        return compiled.Layout.Expand(compact);
    }
}

/// <summary>
/// A small table of logits, labels, weights and two group columns, and the naive loops that the tensor form is compared with.
/// </summary>
internal sealed record ConstraintScenario(double[] Logits, float[] Labels, float[] Weights, int[] Sex, int[] Race)
{
    private static readonly string[] SexNames = ["Female", "Male"];
    private static readonly string[] RaceNames = ["Asian", "Black", "White"];

    public int RowCount => Logits.Length;

    public GroupPartition BySex { get; } = GroupPartition.Intersect([new GroupColumn("Sex", Sex, SexNames)]);

    public GroupPartition ByRace { get; } = GroupPartition.Intersect([new GroupColumn("Race", Race, RaceNames)]);

    public GroupPartition ByBoth { get; } = GroupPartition.Intersect(
        [new GroupColumn("Sex", Sex, SexNames), new GroupColumn("Race", Race, RaceNames)]);

    public GroupPartition PartitionOf(FairnessConstraint constraint) => constraint.GroupColumnNames.Count switch
    {
        0 => _whole ??= GroupPartition.Whole(RowCount),
        1 => constraint.GroupColumnNames[0] == "Sex" ? BySex : ByRace,
        _ => ByBoth,
    };

    public GroupPartitions PartitionsOf(IReadOnlyList<FairnessConstraint> constraints)
        => GroupPartitions.By([.. constraints.Select(constraint => constraint.GroupColumnNames)], index => PartitionOf(constraints[index]));

    private GroupPartition? _whole;

    public double Exact(int row) => Logits[row] > 0 ? 1 : 0;

    public double Surrogate(int row, double sharpness = 2) => 1 / (1 + Math.Exp(-sharpness * Logits[row]));

    public double LogLoss(int row) => Math.Max(Logits[row], 0) - Logits[row] * Labels[row] + Math.Log(1 + Math.Exp(-Math.Abs(Logits[row])));

    /// <summary>
    /// The metric over the rows that <paramref name="include"/> admits, straight from its definition; NaN where undefined.
    /// </summary>
    public double Metric(GroupMetric metric, Func<int, bool> include, Func<int, double> predict)
    {
        var (numerator, denominator) = Sums(metric, include, predict);
        return denominator == 0 ? double.NaN : numerator / denominator;
    }

    /// <summary>The two sums whose ratio the metric is.</summary>
    public (double Numerator, double Denominator) Sums(GroupMetric metric, Func<int, bool> include, Func<int, double> predict)
    {
        double numerator = 0, denominator = 0;
        for (var row = 0; row < RowCount; row++)
        {
            if (!include(row)) continue;
            double p = predict(row), y = Labels[row], w = Weights[row];
            (var n, var d) = metric.Name switch
            {
                nameof(GroupMetric.SelectionRate) => (p, 1),
                nameof(GroupMetric.TruePositiveRate) => (p * y, y),
                nameof(GroupMetric.FalsePositiveRate) => (p * (1 - y), 1 - y),
                nameof(GroupMetric.TrueNegativeRate) => ((1 - p) * (1 - y), 1 - y),
                nameof(GroupMetric.FalseNegativeRate) => ((1 - p) * y, y),
                nameof(GroupMetric.PositivePredictiveValue) => (p * y, p),
                nameof(GroupMetric.FalseOmissionRate) => ((1 - p) * y, 1 - p),
                nameof(GroupMetric.Accuracy) => (p * y + (1 - p) * (1 - y), 1),
                nameof(GroupMetric.ErrorRate) => (1 - p * y - (1 - p) * (1 - y), 1),
                nameof(GroupMetric.MeanLoss) => (LogLoss(row), 1.0),
                "NegativePredictiveValue" => ((1 - p) * (1 - y), 1 - p),
                _ => throw new ArgumentOutOfRangeException(nameof(metric)),
            };
            numerator += w * n;
            denominator += w * d;
        }

        return (numerator, denominator);
    }

    public double GroupRate(GroupMetric metric, GroupPartition partition, int group, Func<int, double> predict) =>
        Metric(metric, row => partition.GroupOfRow[row] == group, predict);

    /// <summary>The exact predictions as the audit counts them.</summary>
    public CountedRates Counted(GroupPartition partition)
    {
        GroupCounts[] counts = [.. partition.GroupNames.Select(_ => new GroupCounts())];
        for (var row = 0; row < RowCount; row++)
            counts[partition.GroupOfRow[row]].Add(Labels[row] > 0, Logits[row] > 0, Weights[row], LogLoss(row));
        return new CountedRates(partition.GroupNames, counts);
    }

    public static Arbitrary<ConstraintScenario> Any { get; } = (
        from rows in Gen.Choose(1, 40)
        from logits in Gen.ArrayOf(from z in Gen.Choose(-3000, 3000) select z == 0 ? 0.001 : z / 1000.0, rows)
        from labels in Gen.ArrayOf(from y in Gen.Choose(0, 1) select (float)y, rows)
        from weighted in Gen.Choose(0, 1)
        from weights in Gen.ArrayOf(from w in Gen.Choose(0, 8) select weighted == 0 ? 1f : w / 4f, rows)
        from sex in Gen.ArrayOf(Gen.Choose(0, 1), rows)
        from race in Gen.ArrayOf(Gen.Choose(0, 2), rows)
        select new ConstraintScenario(logits, labels, weights, sex, race)).ToArbitrary();

    /// <summary>Eight rows whose rates by sex are: selection 1/4 and 3/4, TPR 1/2 and 1, FPR 0 and 1/2.</summary>
    public static ConstraintScenario Small { get; } = new(
        [1, -1, -1, -1, 1, 1, 1, -1],
        [1, 1, 0, 0, 1, 1, 0, 0],
        [1, 1, 1, 1, 1, 1, 1, 1],
        [0, 0, 0, 0, 1, 1, 1, 1],
        [0, 1, 0, 2, 0, 1, 0, 2]);
}
