using System.Numerics.Tensors;
using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Features;

/// <summary>Rows to train on or to choose the epoch with: some of the rows of a table, and how they enter the network.</summary>
/// <param name="Encoder">The encoding.</param>
/// <param name="Table">The features.</param>
/// <param name="Numbers">The numbers of the rows in the table; -1 where another member of the collective has the features.</param>
/// <param name="Labels">0 or 1 per row, the number of its class, or a real number.</param>
/// <param name="Weights">The weight of each row, or null where all weigh alike.</param>
/// <param name="Partitions">The groups of the rows for each constraint.</param>
internal sealed record TrainingRows(FeatureEncoder Encoder, FeatureTable Table, int[] Numbers, float[] Labels, float[]? Weights,
    GroupPartitions Partitions)
{
    /// <summary>Rows with more than this share of entries are better multiplied as they are.</summary>
    private const double LargestShare = 0.25;

    private const int SampledRows = 4096;
    private const int RowsPerBlock = 1 << 16;

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

    /// <summary>Who has the rows together.</summary>
    internal ICollective Collective { get; init; } = Alone.Instance;

    internal int Count => Labels.Length;

    /// <summary>The average of the rows as they enter the network, weighted where they are, [inputs].</summary>
    internal float[] AverageInputs()
    {
        // By blocks that do not depend on the machine, so that the sums do not either.
        var blocks = Enumerable.Range(0, (Count + RowsPerBlock - 1) / RowsPerBlock).AsParallel().AsOrdered().Select(block =>
        {
            var sums = new Sums(new double[InputCount]);
            double total = 0;
            for (var row = block * RowsPerBlock; row < Math.Min(Count, (block + 1) * RowsPerBlock); row++)
            {
                if (Numbers[row] < 0)
                    continue;
                sums.Weight = Weights?[row] ?? 1;
                total += sums.Weight;
                Encoder.Encode(Table[Numbers[row]], ref sums);
            }

            return (sums.Values, Total: total);
        });
        var all = (Values: new double[InputCount], Total: 0.0);
        foreach (var (values, total) in blocks)
        {
            TensorPrimitives.Add(all.Values, values, all.Values);
            all.Total += total;
        }

        double[] sumsAndTotal = [.. all.Values, all.Total];
        Collective.Sum(sumsAndTotal);
        return Array.ConvertAll(sumsAndTotal[..^1], sum => (float)(sum / sumsAndTotal[^1]));
    }

    /// <summary>Whether so much of the inputs is zero that the others are better multiplied alone; told from some of the rows.</summary>
    internal bool IsSparse
    {
        get
        {
            var sample = new SparseRows(Encoder);
            var count = Math.Min(Count, SampledRows);
            long entries = 0, inputs = 0;
            for (var index = 0; index < count; index++)
            {
                if (Numbers[(int)((long)index * Count / count)] is not (>= 0 and var row))
                    continue;
                sample.Clear();
                sample.Add(Table[row]);
                (entries, inputs) = (entries + sample.Columns(0).Length, inputs + InputCount);
            }

            return entries <= LargestShare * inputs;
        }
    }

    /// <summary>Encodes some of the rows.</summary>
    /// <param name="rows">Their numbers among these.</param>
    /// <param name="inputs">Receives the inputs, <c>[rows, inputs]</c>, row after row.</param>
    internal void Encode(ReadOnlySpan<long> rows, Span<float> inputs)
    {
        for (var index = 0; index < rows.Length; index++)
            Encoder.Encode(Table[Numbers[rows[index]]], inputs.Slice(index * InputCount, InputCount));
    }

    /// <inheritdoc cref="Encode(ReadOnlySpan{long}, Span{float})"/>
    /// <param name="rows">Their numbers among these.</param>
    /// <param name="inputs">Receives them in the place of those that it has.</param>
    internal void Encode(ReadOnlySpan<long> rows, SparseRows inputs)
    {
        inputs.Clear();
        foreach (var row in rows)
            inputs.Add(Table[Numbers[row]]);
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
