using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Features;

/// <summary>Rows to train on or to choose the epoch with: some of the rows of a table, and how they enter the network.</summary>
/// <param name="Encoder">The encoding.</param>
/// <param name="Table">The features.</param>
/// <param name="Numbers">The numbers of the rows in the table.</param>
/// <param name="Labels">0 or 1 per row, the number of its class, or a real number.</param>
/// <param name="Weights">The weight of each row, or null where all weigh alike.</param>
/// <param name="Partitions">The groups of the rows for each constraint.</param>
internal sealed record TrainingRows(FeatureEncoder Encoder, FeatureTable Table, int[] Numbers, float[] Labels, float[]? Weights,
    GroupPartitions Partitions)
{
    /// <summary>Rows whose features enter the network as they are.</summary>
    /// <param name="features">[rows, inputs], row after row.</param>
    /// <param name="inputCount">Inputs per row.</param>
    /// <param name="labels">See <see cref="Labels"/>.</param>
    /// <param name="weights">See <see cref="Weights"/>.</param>
    /// <param name="partitions">See <see cref="Partitions"/>.</param>
    internal TrainingRows(float[] features, int inputCount, float[] labels, float[]? weights, GroupPartitions partitions)
        : this(FeatureEncoder.Identity(inputCount), FeatureTable.Of(features, inputCount),
            [.. Enumerable.Range(0, labels.Length)], labels, weights, partitions)
    {
    }

    /// <summary>Inputs of the network per row.</summary>
    internal int InputCount => Encoder.OutputCount;

    /// <summary>What is learned of the labels.</summary>
    internal TaskLabels Task { get; init; } = TaskLabels.Binary;

    internal int Count => Labels.Length;

    /// <summary>The average of the rows as they enter the network, weighted where they are, [inputs].</summary>
    internal float[] AverageInputs()
    {
        var sums = new Sums(new double[InputCount]);
        double total = 0;
        for (var row = 0; row < Count; row++)
        {
            sums.Weight = Weights?[row] ?? 1;
            total += sums.Weight;
            Encoder.Encode(Table[Numbers[row]], ref sums);
        }

        return Array.ConvertAll(sums.Values, sum => (float)(sum / total));
    }

    /// <summary>The rows by what is not zero in their inputs, or null where too little of them is.</summary>
    internal SparseRows? Sparse() => SparseRows.TryOf(Encoder, Table, Numbers);

    /// <summary>Encodes a run of the rows.</summary>
    /// <param name="start">The first.</param>
    /// <param name="inputs">Receives the inputs, <c>[rows, inputs]</c>, row after row; its length says how many rows.</param>
    internal void Encode(int start, Span<float> inputs)
    {
        for (var row = start; !inputs.IsEmpty; row++, inputs = inputs[InputCount..])
            Encoder.Encode(Table[Numbers[row]], inputs[..InputCount]);
    }

    private struct Sums(double[] values) : IEntrySink
    {
        internal double Weight;

        internal readonly double[] Values => values;

        public readonly void Add(int input, float value, Span<float> target) => values[input] += Weight * value;

        public readonly void AddRun(int start, int count, int firstBin, Span<float> target)
        {
            for (var input = start; input < start + count; input++)
                values[input] += Weight;
        }
    }
}
