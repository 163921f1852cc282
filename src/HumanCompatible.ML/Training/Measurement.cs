using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>What the exact predictions of a network on some rows come to, as counts: those of several sets of rows add up.</summary>
internal sealed class Measurement
{
    private readonly TaskLabels _task;
    private readonly GroupPartitions _partitions;
    private readonly IRowCounts[][] _ofConstraint;
    private readonly double[] _custom;

    private Measurement(TaskLabels task, GroupPartitions partitions, IRowCounts overall, IRowCounts[][] ofConstraint, double[] custom)
        => (_task, _partitions, Overall, _ofConstraint, _custom) = (task, partitions, overall, ofConstraint, custom);

    /// <summary>The counts of all rows, those of no group included.</summary>
    internal IRowCounts Overall { get; }

    /// <summary>The mean loss, weighted by example.</summary>
    internal double Loss => Overall.Rate(GroupMetric.MeanLoss);

    /// <summary>The share classified correctly, weighted by example, 0 to 1; of a regression R squared.</summary>
    internal double Accuracy => Overall.Accuracy;

    /// <summary>Measures a network that is in evaluation mode, a slice of the rows at a time.</summary>
    internal static Measurement Of(TrainableNetwork network, EncodedRows rows)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var width = rows.Task.Labels.OutputCount;
        var outputs = new float[rows.Count * width];
        for (var start = 0; start < rows.Count; start += rows.SliceRows)
        {
            using var sliceScope = torch.NewDisposeScope();
            var count = Math.Min(rows.SliceRows, rows.Count - start);
            rows.Task.Output(network.Forward(rows.Slice(start, count).Inputs)).cpu().contiguous().data<float>()
                .CopyTo(outputs, start * width);
        }

        return Of(outputs, rows);
    }

    /// <summary>Measures predictions that were made elsewhere.</summary>
    /// <param name="outputs">The outputs of each row, see <see cref="TaskLabels.Outcome"/>, row after row.</param>
    /// <param name="rows">The rows.</param>
    internal static Measurement Of(float[] outputs, EncodedRows rows)
    {
        var (source, partitions, task) = (rows.Source, rows.Source.Partitions, rows.Source.Task);
        var overall = task.NewCounts();
        IRowCounts[][] counts = [.. partitions.Distinct.Select(partition
            => Enumerable.Range(0, partition.GroupCount).Select(_ => task.NewCounts()).ToArray())];
        for (var row = 0; row < source.Count; row++)
        {
            var outcome = task.Outcome(source.Labels[row], outputs.AsSpan(row * task.OutputCount, task.OutputCount),
                source.Weights?[row] ?? 1);
            overall.Add(outcome);
            for (var part = 0; part < counts.Length; part++)
            {
                if (partitions.Distinct[part].GroupOfRow[row] is >= 0 and var group)
                    counts[part][group].Add(outcome);
            }
        }

        return new Measurement(task, partitions, overall, [.. partitions.OfConstraint.Select(part => counts[part])],
            CustomValues(outputs, rows));
    }

    /// <summary>Both sets of rows together. The values of custom constraints, which do not add up, are averaged by rows.</summary>
    /// <param name="other">Other rows of the same groups.</param>
    internal Measurement With(Measurement other)
    {
        double own = Overall.RowCount, all = own + other.Overall.RowCount;
        return new Measurement(_task, _partitions, Sum(Overall, other.Overall),
            [.. _ofConstraint.Zip(other._ofConstraint, (first, second) => first.Zip(second, Sum).ToArray())],
            [.. _custom.Zip(other._custom, (a, b) => ((own * a) + ((all - own) * b)) / all)]);
    }

    /// <summary>The rates of the groups of a constraint.</summary>
    /// <param name="constraint">Its number.</param>
    internal IRateEstimates RatesOf(int constraint)
        => new CountedRates(_partitions[constraint].GroupNames, _ofConstraint[constraint], _task);

    /// <summary>The values of all custom constraints, one after the other.</summary>
    internal ReadOnlySpan<double> Custom => _custom;

    // In one piece: a custom statistic is no sum over rows.
    private static double[] CustomValues(float[] outputs, EncodedRows rows)
    {
        if (rows.Constraints is not { HasCustom: true } constraints)
            return [];
        using var scope = torch.NewDisposeScope();
        var batch = rows.WithoutInputs();
        var values = constraints.CustomValues(torch.tensor(outputs, rows.Task.ShapeFor(rows.Count), device: rows.Device), batch.Labels,
            batch.Membership!, batch.Weights);
        return [.. values.cpu().contiguous().data<float>().Select(value => (double)value)];
    }

    private IRowCounts Sum(IRowCounts first, IRowCounts second)
    {
        var sum = _task.NewCounts();
        sum.Add(first);
        sum.Add(second);
        return sum;
    }
}
