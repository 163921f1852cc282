using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
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
    private readonly FairnessConstraint[] _constraints;
    private readonly IRowCounts[][] _ofConstraint; // the groups of each, or of each metric, as training rows do not count the same in all
    private readonly double[] _custom;
    private IReadOnlyList<IReadOnlyList<double>>? _shifts;

    private Measurement(TaskLabels task, GroupPartitions partitions, FairnessConstraint[] constraints, IRowCounts overall,
        IRowCounts[][] ofConstraint, double[] custom)
        => (_task, _partitions, _constraints, Overall, _ofConstraint, _custom)
            = (task, partitions, constraints, overall, ofConstraint, custom);

    /// <summary>The counts of all rows, those of no group included.</summary>
    internal IRowCounts Overall { get; }

    /// <summary>The mean loss, weighted by example.</summary>
    internal double Loss => Overall.Rate(GroupMetric.MeanLoss);

    /// <summary>By how much the mean loss is less than on rows that were not trained on, 0 at least; without a unit.</summary>
    internal double OptimismBeside(Measurement heldOut)
        => Math.Max(0, heldOut.Loss - Loss) / _task.UnitOf(GroupMetric.MeanLoss);

    /// <summary>The share classified correctly, weighted by example, 0 to 1; of a regression R squared.</summary>
    internal double Accuracy => Overall.Accuracy;

    /// <summary>sqrt(a (1 - a) / n) of the accuracy a of n rows, of weighted rows their effective number; 0 of a regression.</summary>
    internal double StandardErrorOfAccuracy
    {
        get
        {
            if (_task.Task == LearningTask.Regression)
                return 0;
            var accuracy = Overall.Estimate(GroupMetric.Accuracy);
            return accuracy.IsDefined ? Math.Sqrt(accuracy.Value * (1 - accuracy.Value) / accuracy.Size) : 0;
        }
    }

    /// <summary>Measures a network that is in evaluation mode, a slice of the rows at a time.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">The rows; each member of their collective goes through its part, and all get the counts of all.</param>
    /// <param name="cancellation">Ends it within a slice.</param>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    internal static Measurement Of(TrainableNetwork network, EncodedRows rows, CancellationToken cancellation = default)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var (counter, width) = (new Counter(rows), rows.Task.Labels.OutputCount);

        // In one piece: a custom statistic is no sum over rows.
        var all = rows.Constraints is { HasCustom: true } ? new float[checked(rows.Count * width)] : null;
        foreach (var slice in rows.Slices)
        {
            cancellation.ThrowIfCancellationRequested();
            using var sliceScope = torch.NewDisposeScope();
            var outputs = rows.Task.Output(network.Forward(rows.InputsOf(slice))).cpu().contiguous().data<float>().ToArray();
            counter.Add(slice, outputs);
            if (all is not null)
                outputs.CopyTo(all, (int)slice[0] * width);
        }

        return counter.Sum(all is null ? [] : CustomValues(all, rows));
    }

    /// <summary>Measures predictions that were made elsewhere.</summary>
    /// <param name="outputs">The outputs of each row, see <see cref="TaskLabels.Outcome"/>, row after row.</param>
    /// <param name="rows">The rows.</param>
    internal static Measurement Of(float[] outputs, EncodedRows rows)
    {
        var counter = new Counter(rows);
        counter.Add([.. Enumerable.Range(0, rows.Count).Select(row => (long)row)], outputs);
        return counter.Sum(rows.Constraints is { HasCustom: true } ? CustomValues(outputs, rows) : []);
    }

    /// <summary>
    /// Both sets of rows together. The values of custom constraints, which do not add up, are averaged by rows; of the others, these rows
    /// count as much as they tell of rows that were not trained on.
    /// </summary>
    /// <param name="other">Other rows of the same groups, which were not trained on.</param>
    /// <param name="weights">
    /// What each of these rows counts as, of every constraint the rates in the order of <see cref="TrainingFlattery.IndexOf"/>.
    /// </param>
    internal Measurement With(Measurement other, IReadOnlyList<IReadOnlyList<double>> weights)
    {
        double own = Overall.RowCount, all = own + other.Overall.RowCount;
        return new Measurement(_task, _partitions, _constraints, Sum(Overall, other.Overall),
            [.. _ofConstraint.Select((groups, constraint) => weights[constraint].Select((weight, rate)
                => Sum(groups[rate % groups.Length], other._ofConstraint[constraint][rate % groups.Length], weight)).ToArray())],
            [.. _custom.Zip(other._custom, (a, b) => ((own * a) + ((all - own) * b)) / all)]);
    }

    /// <summary>The same counts, of which more is expected of each rate than they say.</summary>
    /// <param name="shifts">What is added to each, of every constraint in the order of <see cref="TrainingFlattery.IndexOf"/>.</param>
    internal Measurement Shifted(IReadOnlyList<IReadOnlyList<double>> shifts)
        => new(_task, _partitions, _constraints, Overall, _ofConstraint, _custom) { _shifts = shifts };

    /// <summary>The rates of the groups of a constraint.</summary>
    /// <param name="constraint">Its number.</param>
    internal IRateEstimates RatesOf(int constraint)
    {
        var (names, counts) = (_partitions[constraint].GroupNames, _ofConstraint[constraint]);
        IRateEstimates rates = counts.Length <= names.Count ? new CountedRates(names, counts, _task)
            : new RatesOfMetrics(_constraints[constraint].Metrics,
                [.. counts.Chunk(names.Count).Select(groups => new CountedRates(names, groups, _task))]);
        return _shifts is null || _constraints[constraint] is CustomConstraint ? rates
            : new ShiftedRates(_constraints[constraint], rates, _shifts[constraint]);
    }

    /// <summary>Weights of the rates of a constraint, 0 for those that these rows do not define.</summary>
    /// <param name="constraint">Its number.</param>
    /// <param name="weights">In the order of <see cref="TrainingFlattery.IndexOf"/>.</param>
    internal IReadOnlyList<double> WhereDefined(int constraint, IReadOnlyList<double> weights)
    {
        var (declared, rates) = (_constraints[constraint], RatesOf(constraint));
        var groups = rates.GroupNames.Count;
        return declared is CustomConstraint ? weights
            : [.. weights.Select((weight, rate) => rates.Estimate(declared.Metrics[rate / groups], rate % groups).IsDefined ? weight : 0)];
    }

    /// <summary>The values of all custom constraints, one after the other.</summary>
    internal ReadOnlySpan<double> Custom => _custom;

    private static double[] CustomValues(float[] outputs, EncodedRows rows)
    {
        using var scope = torch.NewDisposeScope();
        var batch = rows.WithoutInputs();
        var values = rows.Constraints!.CustomValues(torch.tensor(outputs, rows.Task.ShapeFor(rows.Count), device: rows.Device),
            batch.Labels, batch.Membership!, batch.Weights);
        return [.. values.cpu().contiguous().data<float>().Select(value => (double)value)];
    }

    private IRowCounts Sum(IRowCounts first, IRowCounts second, double weight = 1)
    {
        var sum = _task.NewCounts();
        if (weight > 0)
            sum.Add(first);
        if (weight < 1)
            sum.Replace(count => weight * count);
        sum.Add(second);
        return sum;
    }

    private sealed class Counter(EncodedRows rows)
    {
        private readonly IRowCounts _overall = rows.Source.Task.NewCounts();
        private readonly IRowCounts[][] _counts = [.. rows.Source.Partitions.Distinct.Select(partition
            => Enumerable.Range(0, partition.GroupCount).Select(_ => rows.Source.Task.NewCounts()).ToArray())];

        public void Add(long[] numbers, float[] outputs)
        {
            var (source, partitions, task) = (rows.Source, rows.Source.Partitions, rows.Source.Task);
            for (var index = 0; index < numbers.Length; index++)
            {
                var row = numbers[index];
                var output = outputs.AsSpan(index * task.OutputCount, task.OutputCount);
                var outcome = task.Outcome(source.Labels[row], output, source.Weights?[row] ?? 1);
                _overall.Add(outcome);
                for (var part = 0; part < _counts.Length; part++)
                {
                    if (partitions.Distinct[part].GroupOfRow[row] is >= 0 and var group)
                        _counts[part][group].Add(outcome);
                }
            }
        }

        // Over all members of the collective.
        public Measurement Sum(double[] custom)
        {
            if (rows.Collective.Count > 1)
            {
                var sums = new List<double>();
                Replace(sum =>
                {
                    sums.Add(sum);
                    return sum;
                });
                double[] values = [.. sums];
                rows.Collective.Sum(values);
                var next = 0;
                Replace(_ => values[next++]);
            }

            var (task, partitions) = (rows.Source.Task, rows.Source.Partitions);
            return new Measurement(task, partitions, [.. rows.Constraints?.Constraints.Select(entry => entry.Declaration) ?? []], _overall,
                [.. partitions.OfConstraint.Select(part => _counts[part])], custom);
        }

        private void Replace(Func<double, double> replace)
        {
            _overall.Replace(replace);
            foreach (var counts in _counts.SelectMany(counts => counts))
                counts.Replace(replace);
        }
    }
}
