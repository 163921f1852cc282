using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Training;

/// <summary>
/// Rows of groups whose true rates are known: the label and the hard prediction of a row are drawn with the probabilities of its group.
/// </summary>
/// <param name="Names">The groups.</param>
/// <param name="Shares">How many of the rows each group has, adding up to 1.</param>
/// <param name="Positive">P(y = 1) of each group.</param>
/// <param name="Recall">P(prediction 1 | y = 1).</param>
/// <param name="Fallout">P(prediction 1 | y = 0).</param>
internal sealed record SyntheticGroups(string[] Names, double[] Shares, double[] Positive, double[] Recall, double[] Fallout) : IGroupRates
{
    internal static SyntheticGroups Three { get; } =
        new(["a", "b", "c"], [0.5, 0.3, 0.2], [0.5, 0.3, 0.4], [0.8, 0.7, 0.9], [0.3, 0.2, 0.35]);

    public IReadOnlyList<string> GroupNames => Names;

    /// <summary>The true rate; of the mean loss that of logits of 1 and -1.</summary>
    public double Rate(GroupMetric metric, int group) => Rate(metric, Table(group));

    public double OverallRate(GroupMetric metric)
    {
        var all = new double[4];
        for (var group = 0; group < Names.Length; group++)
        {
            var table = Table(group);
            for (var cell = 0; cell < 4; cell++)
                all[cell] += Shares[group] * table[cell];
        }

        return Rate(metric, all);
    }

    internal TrainingRows Draw(int count, Random random, FairnessConstraint constraint, out float[] logits, float[]? weights = null)
    {
        var (labels, groups) = (new float[count], new int[count]);
        logits = new float[count];
        for (var row = 0; row < count; row++)
        {
            var at = random.NextDouble();
            var group = at < Shares[0] ? 0 : at < Shares[0] + Shares[1] ? 1 : 2;
            labels[row] = random.NextDouble() < Positive[group] ? 1 : 0;
            logits[row] = random.NextDouble() < (labels[row] > 0 ? Recall[group] : Fallout[group]) ? 1 : -1;
            groups[row] = group;
        }

        var partition = constraint.GroupColumnNames.Count == 0
            ? GroupPartition.Whole(count)
            : new GroupPartition(constraint.GroupColumnNames, groups, Names,
                [.. Names.Select((_, group) => groups.Count(other => other == group))]);
        return new TrainingRows([], 0, labels, weights, [partition]);
    }

    // TP, FP, TN, FN.
    private double[] Table(int group)
    {
        var (p, t, f) = (Positive[group], Recall[group], Fallout[group]);
        return [p * t, (1 - p) * f, (1 - p) * (1 - f), p * (1 - t)];
    }

    private static double Rate(GroupMetric metric, double[] table)
    {
        var (tp, fp, tn, fn) = (table[0], table[1], table[2], table[3]);
        var all = tp + fp + tn + fn;
        return metric.Name switch
        {
            nameof(GroupMetric.SelectionRate) => (tp + fp) / all,
            nameof(GroupMetric.TruePositiveRate) => tp / (tp + fn),
            nameof(GroupMetric.FalsePositiveRate) => fp / (fp + tn),
            nameof(GroupMetric.TrueNegativeRate) => tn / (fp + tn),
            nameof(GroupMetric.FalseNegativeRate) => fn / (tp + fn),
            nameof(GroupMetric.PositivePredictiveValue) => tp / (tp + fp),
            nameof(GroupMetric.FalseOmissionRate) => fn / (fn + tn),
            nameof(GroupMetric.Accuracy) => (tp + tn) / all,
            nameof(GroupMetric.ErrorRate) => (fp + fn) / all,
            nameof(GroupMetric.MeanLoss) => (Math.Log(1 + Math.Exp(-1)) * (tp + tn) + Math.Log(1 + Math.E) * (fp + fn)) / all,
            _ => throw new ArgumentOutOfRangeException(nameof(metric)),
        };
    }
}
