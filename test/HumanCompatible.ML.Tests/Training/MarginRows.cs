using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Confidence;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

/// <summary>Rows of groups with given outcomes, and the network's predictions of them.</summary>
internal sealed class MarginRows : IDisposable
{
    private readonly TrainingRows _source;
    private readonly EncodedRows _rows;

    internal MarginRows(FairnessConstraint[] constraints, int[][] outcomes)
    {
        Constraints = constraints;
        (bool Label, bool Prediction)[] cells = [(true, true), (false, true), (false, false), (true, false)];
        var rows = outcomes.SelectMany((own, group) => own.SelectMany((count, cell)
            => Enumerable.Repeat((Group: group, cells[cell].Label, cells[cell].Prediction), count))).ToList();
        (_source, _rows) = Encoded(constraints, TaskLabels.Binary, [.. rows.Select(row => row.Group)],
            [.. rows.Select(row => row.Label ? 1f : 0)]);
        Measured = Measurement.Of([.. rows.Select(row => row.Prediction ? 1f : -1)], _rows);
        Counts = CountedRows.Of([.. _source.Partitions[0].GroupNames.Zip(outcomes)]);
    }

    private MarginRows(FairnessConstraint[] constraints, TaskLabels task, int[] groups, float[] labels, float[] predictions)
    {
        Constraints = constraints;
        (_source, _rows) = Encoded(constraints, task, groups, labels);
        Measured = Measurement.Of(predictions, _rows);
        Counts = CountedRows.Of();
    }

    // Labels of deviation 1 in a unit, predicted too low by .1 of it in the second group, .2 in the third.
    internal static MarginRows OfRegression(FairnessConstraint[] constraints, int[] sizes, double unit)
    {
        int[] groups = [.. sizes.SelectMany((size, group) => Enumerable.Repeat(group, size))];
        float[] labels = [.. groups.Select((_, row) => (float)(unit * (((row * 7 % 11) - 5) / Math.Sqrt(10))))];
        return new(constraints, TaskLabels.Regression(0, unit), groups, labels,
            [.. labels.Select((label, row) => (float)((0.5 * label) - (0.1 * unit * groups[row])))]);
    }

    private static (TrainingRows Source, EncodedRows Rows) Encoded(FairnessConstraint[] constraints, TaskLabels task, int[] groups,
        float[] labels)
    {
        int[] sizes = [.. groups.CountBy(group => group).OrderBy(one => one.Key).Select(one => one.Value)];
        var partition = new GroupPartition(["G"], groups, [.. sizes.Select((_, group) => $"{(char)('a' + group)}")], sizes);
        var source = new TrainingRows(new float[labels.Length], 1, labels, null, [.. constraints.Select(_ => partition)])
        {
            Task = task,
        };
        return (source, new EncodedRows(source, constraints, torch.CPU));
    }

    internal FairnessConstraint[] Constraints { get; }

    internal Measurement Measured { get; }

    internal CountedRates Counts { get; }

    internal MarginRule Rule(double[]? widths = null, double share = 1, bool holdsAll = false)
        => new(_rows.Constraints!.Constraints, _source, widths ?? [], share, holdsAll);

    internal Evaluation Evaluate(MarginRule rule) => rule.Evaluate(Measured, Measured, TrainingPush.None);

    public void Dispose() => _rows.Dispose();
}
