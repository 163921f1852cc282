using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Features;

/// <summary>Rows to train on or to choose the epoch with.</summary>
/// <param name="Features">What enters the network, [rows, inputs], row after row.</param>
/// <param name="InputCount">Inputs per row.</param>
/// <param name="Labels">0 or 1 per row, the number of its class, or a real number.</param>
/// <param name="Weights">The weight of each row, or null where all weigh alike.</param>
/// <param name="Partitions">The groups of the rows for each constraint.</param>
internal sealed record TrainingRows(float[] Features, int InputCount, float[] Labels, float[]? Weights,
    GroupPartitions Partitions)
{
    /// <summary>Where the bins of encoded slots are among the inputs.</summary>
    internal IReadOnlyList<Bins> Bins { get; init; } = [];

    /// <summary>What is learned of the labels.</summary>
    internal TaskLabels Task { get; init; } = TaskLabels.Binary;

    internal int Count => Labels.Length;

    /// <summary>The average of the rows, weighted where they are, [inputs].</summary>
    internal float[] AverageInputs()
    {
        var sums = new double[InputCount];
        double total = 0;
        for (var row = 0; row < Count; row++)
        {
            double weight = Weights?[row] ?? 1;
            total += weight;
            var inputs = Features.AsSpan(row * InputCount, InputCount);
            for (var input = 0; input < inputs.Length; input++)
                sums[input] += weight * inputs[input];
        }

        return Array.ConvertAll(sums, sum => (float)(sum / total));
    }
}
