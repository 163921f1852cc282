using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// Rows for steps and measurements, with the constraints compiled for them. Features stay as they were read and are encoded a batch at a
/// time; everything else that a step needs is beside them as one tensor on the device. For a device other than the processor the
/// encoded features are kept as well, unless they are in a file: there, or here where it has too little memory.
/// </summary>
internal sealed class EncodedRows : IDisposable
{
    private const int LabelColumn = 0;
    private const int WeightColumn = 1;
    private const int MembershipColumn = 2;

    /// <summary>On a device 1 GiB of inputs is kept; of more, those that are mostly zero are encoded a batch at a time.</summary>
    private const long LargestTensor = 1L << 28;

    // 64 MiB are encoded at a time for another device.
    private const long LargestBlock = 1L << 24;

    private const int UsualSlice = 8192;
    private const int LargestSlice = 1 << 24;

    // A span cannot be as long as a tensor.
    private const int RowsPerBlock = 1 << 16;

    private readonly RowWindow _window;
    private readonly torch.Tensor? _inputs;
    private readonly SparseRows? _sparse;
    private readonly torch.Tensor _rest = null!;

    /// <param name="rows">The rows.</param>
    /// <param name="constraints">The constraints; none where the groups of the rows do not matter.</param>
    /// <param name="device">Where the tensors live.</param>
    /// <param name="takesSparse">Whether inputs may come sparse; they do where most of them are zero.</param>
    /// <param name="collective">Who trains on the rows together; null for one alone.</param>
    internal EncodedRows(TrainingRows rows, IReadOnlyList<FairnessConstraint> constraints, torch.Device device, bool takesSparse = false,
        ICollective? collective = null)
    {
        (Source, Task, Collective) = (rows, new ConstraintTask(rows.Task), collective ?? rows.Collective);
        _window = RowWindow.Of(rows);
        try
        {
            // Only ratios of weights matter: with mean 1, the sums of weights near the ends of Single stay within it.
            var mean = rows.Weights?.Average(weight => (double)weight) ?? 1;
            var weights = rows.Weights is null ? null : Array.ConvertAll(rows.Weights, weight => (float)(weight / mean));
            Constraints = constraints.Count == 0 ? null : CompiledConstraints.Compile(constraints, rows.Partitions, device,
                task: Task, probe: new ProbeRows(rows.Labels, weights));
            _rest = LabelsWeightsMembership(weights, device);
            _sparse = takesSparse && rows.IsSparse ? new SparseRows(rows.Encoder) : null;
            _inputs = device.type == DeviceType.CPU || rows.Table.IsInFile
                || ((long)rows.Count * rows.InputCount > LargestTensor && rows.IsSparse) ? null : Dense(rows, device);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The rows of others, to be used beside them on another thread.</summary>
    /// <param name="others">The others, which live longer.</param>
    /// <param name="constraints">Their constraints.</param>
    /// <param name="collective">Who trains on the rows together.</param>
    internal EncodedRows(EncodedRows others, IReadOnlyList<FairnessConstraint> constraints, ICollective collective)
    {
        (Source, Task, Collective, _window) = (others.Source, others.Task, collective, others._window);
        Constraints = constraints.Count == 0 ? null
            : CompiledConstraints.Compile(constraints, Source.Partitions, others.Device, task: Task);
        _sparse = others._sparse is null ? null : new SparseRows(Source.Encoder);
        _rest = others._rest.alias().DetachFromDisposeScope();
    }

    /// <summary>The rows in managed memory.</summary>
    internal TrainingRows Source { get; }

    /// <summary>What is learned of them.</summary>
    internal ConstraintTask Task { get; }

    /// <summary>Who trains on the rows together.</summary>
    internal ICollective Collective { get; }

    /// <summary>The constraints compiled for these rows; null without constraints.</summary>
    internal CompiledConstraints? Constraints { get; }

    internal int Count => Source.Count;

    /// <summary>Whether inputs are multiplied by what is not zero in them.</summary>
    internal bool IsSparse => _sparse is not null;

    internal torch.Device Device => _rest.device;

    /// <summary>
    /// The rows of the given numbers; the tensors belong to the current dispose scope, and sparse inputs are valid until others are asked
    /// for.
    /// </summary>
    internal Batch Gather(torch.Tensor rowNumbers) => Split(
        _inputs is not null ? NetworkInputs.Of(OnDevice(_inputs.index_select(0, rowNumbers.to(_inputs.device))))
            : Encode(Numbers(rowNumbers)),
        _rest.index_select(0, rowNumbers));

    /// <summary>A random order of the rows.</summary>
    internal RowOrder Order(long seed) => new(Count, _window, seed, Device);

    /// <summary>How many rows to take at a time, where all are gone through.</summary>
    internal int SliceRows => IsSparse ? UsualSlice : Math.Clamp(LargestSlice / Source.InputCount, 1, UsualSlice);

    /// <summary>The rows that this member of the collective goes through where all rows are gone through, some at a time.</summary>
    internal IEnumerable<long[]> Slices => Own(Enumerable.Range(0, Count).Select(row => (long)row), Count).Chunk(SliceRows);

    /// <summary>This member's part of the rows of a batch.</summary>
    /// <param name="rowNumbers">The rows.</param>
    /// <returns>
    /// The part, at least one row, and its share of the rows; the share is 0 where that row only stands in for none. It belongs to the
    /// current dispose scope.
    /// </returns>
    /// <exception cref="InvalidOperationException">This member has the features of no row.</exception>
    internal (torch.Tensor Rows, double Share) PartOf(torch.Tensor rowNumbers)
    {
        if (Collective.Count == 1)
            return (rowNumbers, 1);
        var count = (int)rowNumbers.size(0);
        if (Source.Collective.Count == 1 && Share.Of(count, Collective) is var (first, end) && end > first)
            return (rowNumbers.narrow(0, first, end - first), (double)(end - first) / count);
        long[] own = [.. Own(Numbers(rowNumbers), count)];
        return (torch.tensor(own.Length > 0 ? own : [StandIn()], device: rowNumbers.device), (double)own.Length / count);
    }

    private long StandIn() => Array.FindIndex(Source.Numbers, number => number >= 0) is >= 0 and var row ? row
        : throw new InvalidOperationException($"Of the rows that member {Collective.Rank} has read none is trained on: give it more.");

    // Those whose features nobody else has, or a run of them.
    private IEnumerable<long> Own(IEnumerable<long> rows, int count)
    {
        if (Source.Collective.Count > 1)
            return rows.Where(row => Source.Numbers[row] >= 0);
        var (first, end) = Share.Of(count, Collective);
        return rows.Skip(first).Take(end - first);
    }

    /// <summary>The inputs of some rows; see <see cref="Gather"/>.</summary>
    internal NetworkInputs InputsOf(long[] rows) => _inputs is null ? Encode(rows)
        : NetworkInputs.Of(OnDevice(_inputs.index_select(0, torch.tensor(rows, device: _inputs.device))));

    /// <summary>
    /// How many rows the batch has that begins at a row: a single row at the end, which has no variance, joins the batch before it.
    /// </summary>
    internal static int BatchAt(int start, int batchSize, int count)
        => batchSize > 1 && count - start == batchSize + 1 ? batchSize + 1 : Math.Min(batchSize, count - start);

    /// <summary>All rows without their inputs; the tensors belong to the current dispose scope.</summary>
    internal Batch WithoutInputs() => Split(default, _rest);

    /// <summary>A run of rows; see <see cref="Gather"/>.</summary>
    internal Batch Slice(int start, int count) => Split(
        _inputs is not null ? NetworkInputs.Of(OnDevice(_inputs.narrow(0, start, count)))
            : Encode([.. Enumerable.Range(start, count).Select(row => (long)row)]),
        _rest.narrow(0, start, count));

    public void Dispose()
    {
        // The constructor may have failed half way: what it did not reach is null.
        _inputs?.Dispose();
        _rest?.Dispose();
        Constraints?.Dispose();
    }

    private static long[] Numbers(torch.Tensor rowNumbers)
    {
        using var local = rowNumbers.cpu();
        return local.data<long>().ToArray();
    }

    private NetworkInputs Encode(long[] numbers)
    {
        if (_sparse is not null)
        {
            Source.Encode(numbers, _sparse);
            return NetworkInputs.Of(_sparse);
        }

        var batch = torch.empty([numbers.Length, Source.InputCount], dtype: torch.ScalarType.Float32, device: torch.CPU);
        Source.Encode(numbers, HostMemory.Of(batch));
        return NetworkInputs.Of(OnDevice(batch));
    }

    private torch.Tensor OnDevice(torch.Tensor inputs) => inputs.device_type == Device.type ? inputs : inputs.to(Device);

    // Encoded where it is to stay; a block of rows at a time, as a span cannot be as long as a tensor.
    private static torch.Tensor Dense(TrainingRows rows, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var inputs = TorchDevice.Allocate([rows.Count, rows.InputCount], device, spare: LargestTensor);
        var isOnHost = inputs.device_type == DeviceType.CPU;
        var blockRows = (int)Math.Clamp(LargestBlock / Math.Max(rows.InputCount, 1), 1, RowsPerBlock);
        for (var start = 0; start < rows.Count; start += blockRows)
        {
            long[] numbers = [.. Enumerable.Range(start, Math.Min(blockRows, rows.Count - start)).Select(row => (long)row)];
            using var block = inputs.narrow(0, start, numbers.Length);
            using var encoded = isOnHost ? null : torch.empty(block.shape, torch.ScalarType.Float32, torch.CPU);
            rows.Encode(numbers, HostMemory.Of(encoded ?? block));
            if (encoded is not null)
                block.copy_(encoded);
        }

        return inputs.DetachFromDisposeScope();
    }

    private torch.Tensor LabelsWeightsMembership(float[]? weights, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var layout = Constraints?.Layout;
        var width = MembershipColumn + (layout?.CompactWidth ?? 0);
        var all = torch.empty([Count, width], dtype: torch.ScalarType.Float32, device: torch.CPU);
        foreach (var start in Blocks(Count))
        {
            using var block = all.narrow(0, start, Math.Min(RowsPerBlock, Count - start));
            var values = HostMemory.Of(block);
            for (var row = start; !values.IsEmpty; row++, values = values[width..])
            {
                var weight = weights?[row] ?? 1;
                (values[LabelColumn], values[WeightColumn]) = (Source.Labels[row], weight);
                layout?.Compact(row, weight, values[MembershipColumn..width]);
            }
        }

        return all.to(device).DetachFromDisposeScope();
    }

    private static IEnumerable<int> Blocks(int count)
        => Enumerable.Range(0, (count + RowsPerBlock - 1) / RowsPerBlock).Select(block => block * RowsPerBlock);

    private Batch Split(NetworkInputs inputs, torch.Tensor rest) => new(
        inputs,
        rest.select(1, LabelColumn).contiguous(),
        Source.Weights is null ? null : rest.select(1, WeightColumn),
        Constraints?.Layout.Expand(rest, MembershipColumn));

    /// <summary>What a step needs of its rows.</summary>
    /// <param name="Inputs">[batch, inputs], dense or sparse.</param>
    /// <param name="Labels">[batch]: 0 or 1, class numbers, or real numbers.</param>
    /// <param name="Weights">[batch], with mean 1 over all rows, or null where all weigh alike.</param>
    /// <param name="Membership">[batch, groups], or null without constraints.</param>
    internal readonly record struct Batch(NetworkInputs Inputs, torch.Tensor Labels, torch.Tensor? Weights, torch.Tensor? Membership)
    {
        /// <summary>The rows by those of the whole batch, of which these are a part; 0 where they only stand in for no row.</summary>
        internal double Share { get; init; } = 1;
    }
}
