using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>What the exact predictions of a network on some rows come to, as counts: those of several sets of rows add up.</summary>
internal sealed class Measurement
{
    private readonly GroupPartitions _partitions;
    private readonly GroupCounts[][] _ofConstraint;
    private readonly double[] _custom;

    private Measurement(GroupPartitions partitions, GroupCounts overall, GroupCounts[][] ofConstraint, double[] custom)
        => (_partitions, Overall, _ofConstraint, _custom) = (partitions, overall, ofConstraint, custom);

    /// <summary>The counts of all rows, those of no group included.</summary>
    internal GroupCounts Overall { get; }

    /// <summary>The mean logistic loss, weighted by example.</summary>
    internal double Loss => Overall.Rate(GroupMetric.MeanLoss);

    /// <summary>The share classified correctly, weighted by example, 0 to 1.</summary>
    internal double Accuracy => Overall.Rate(GroupMetric.Accuracy);

    /// <summary>Measures a network that is in evaluation mode, a slice of the rows at a time.</summary>
    internal static Measurement Of(TrainableNetwork network, EncodedRows rows)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var logits = new float[rows.Count];
        for (var start = 0; start < rows.Count; start += rows.SliceRows)
        {
            using var sliceScope = torch.NewDisposeScope();
            var count = Math.Min(rows.SliceRows, rows.Count - start);
            network.Forward(rows.Slice(start, count).Inputs).cpu().contiguous().data<float>().CopyTo(logits, start);
        }

        return Of(logits, rows);
    }

    /// <summary>Measures predictions that were made elsewhere.</summary>
    /// <param name="logits">The logit of each row; positive predicts positive.</param>
    /// <param name="rows">The rows.</param>
    internal static Measurement Of(float[] logits, EncodedRows rows)
    {
        var (source, partitions) = (rows.Source, rows.Source.Partitions);
        var overall = new GroupCounts();
        GroupCounts[][] counts = [.. partitions.Distinct.Select(partition
            => Enumerable.Range(0, partition.GroupCount).Select(_ => new GroupCounts()).ToArray())];
        for (var row = 0; row < logits.Length; row++)
        {
            var (label, prediction, weight) = (source.Labels[row] > 0, logits[row] > 0, source.Weights?[row] ?? 1);
            var loss = LogLoss(logits[row], label);
            overall.Add(label, prediction, weight, loss);
            for (var part = 0; part < counts.Length; part++)
            {
                if (partitions.Distinct[part].GroupOfRow[row] is >= 0 and var group)
                    counts[part][group].Add(label, prediction, weight, loss);
            }
        }

        return new Measurement(partitions, overall, [.. partitions.OfConstraint.Select(part => counts[part])], CustomValues(logits, rows));
    }

    /// <summary>Both sets of rows together. The values of custom constraints, which do not add up, are averaged by rows.</summary>
    /// <param name="other">Other rows of the same groups.</param>
    internal Measurement With(Measurement other)
    {
        double own = Overall.RowCount, all = own + other.Overall.RowCount;
        return new Measurement(_partitions, GroupCounts.Sum([Overall, other.Overall]),
            [.. _ofConstraint.Zip(other._ofConstraint, (first, second) => first.Zip(second, (a, b) => GroupCounts.Sum([a, b])).ToArray())],
            [.. _custom.Zip(other._custom, (a, b) => ((own * a) + ((all - own) * b)) / all)]);
    }

    /// <summary>The rates of the groups of a constraint.</summary>
    /// <param name="constraint">Its number.</param>
    internal IRateEstimates RatesOf(int constraint)
        => new CountedRates(_partitions[constraint].GroupNames, _ofConstraint[constraint]);

    /// <summary>The values of all custom constraints, one after the other.</summary>
    internal ReadOnlySpan<double> Custom => _custom;

    // In one piece: a custom statistic is no sum over rows.
    private static double[] CustomValues(float[] logits, EncodedRows rows)
    {
        if (rows.Constraints is not { HasCustom: true } constraints)
            return [];
        using var scope = torch.NewDisposeScope();
        var batch = rows.WithoutInputs();
        var values = constraints.CustomValues(torch.tensor(logits, device: rows.Device), batch.Labels, batch.Membership!, batch.Weights);
        return [.. values.cpu().contiguous().data<float>().Select(value => (double)value)];
    }

    private static double LogLoss(double logit, bool isPositive)
        => Math.Max(logit, 0) - (isPositive ? logit : 0) + Math.Log(1 + Math.Exp(-Math.Abs(logit)));
}
