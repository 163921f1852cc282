using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// Rows as tensors on the device, with the constraints compiled for them: the inputs, and beside them everything else a step needs, so that
/// two gathers make a batch.
/// </summary>
internal sealed class EncodedRows : IDisposable
{
    private const int LabelColumn = 0;
    private const int WeightColumn = 1;
    private const int MembershipColumn = 2;

    /// <summary>For what takes tensors only, 1 GiB of inputs is kept as a tensor; more stays sparse where it is, batches apart.</summary>
    private const long LargestTensor = 1L << 28;

    // 64 MiB are encoded at a time for another device.
    private const long LargestBlock = 1L << 24;

    private const int UsualSlice = 8192;
    private const int LargestSlice = 1 << 24;

    private readonly bool _takesSparse;
    private readonly torch.Tensor? _inputs;
    private readonly SparseRows? _sparse;
    private readonly torch.Tensor _rest = null!;

    /// <param name="rows">The rows.</param>
    /// <param name="constraints">The constraints; none where the groups of the rows do not matter.</param>
    /// <param name="device">Where the tensors live.</param>
    /// <param name="takesSparse">Whether inputs may come sparse; they do where most of them are zero.</param>
    internal EncodedRows(TrainingRows rows, IReadOnlyList<FairnessConstraint> constraints, torch.Device device, bool takesSparse = false)
    {
        (Source, Task) = (rows, new ConstraintTask(rows.Task));
        _takesSparse = takesSparse;
        try
        {
            // Only ratios of weights matter: with mean 1, the sums of weights near the ends of Single stay within it.
            var mean = rows.Weights?.Average(weight => (double)weight) ?? 1;
            var weights = rows.Weights is null ? null : Array.ConvertAll(rows.Weights, weight => (float)(weight / mean));
            Constraints = constraints.Count == 0 ? null : CompiledConstraints.Compile(constraints, rows.Partitions, device,
                task: Task, probe: new ProbeRows(rows.Labels, weights));
            _rest = LabelsWeightsMembership(weights, device);
            _sparse = takesSparse || (long)rows.Count * rows.InputCount > LargestTensor ? rows.Sparse() : null;
            _inputs = _sparse is null ? Dense(rows, device) : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The rows in managed memory.</summary>
    internal TrainingRows Source { get; }

    /// <summary>What is learned of them.</summary>
    internal ConstraintTask Task { get; }

    /// <summary>The constraints compiled for these rows; null without constraints.</summary>
    internal CompiledConstraints? Constraints { get; }

    internal int Count => Source.Count;

    /// <summary>Whether inputs are multiplied by what is not zero in them.</summary>
    internal bool IsSparse => _takesSparse && _sparse is not null;

    internal torch.Device Device => _rest.device;

    /// <summary>The rows of the given numbers; the tensors belong to the current dispose scope.</summary>
    internal Batch Gather(torch.Tensor rowNumbers) => Split(
        _sparse is null ? NetworkInputs.Of(OnDevice(_inputs!.index_select(0, rowNumbers.to(_inputs.device))))
            : Sparse(_sparse, rowNumbers.cpu().data<long>().ToArray()),
        _rest.index_select(0, rowNumbers));

    /// <summary>How many rows to take at a time, where all are gone through.</summary>
    internal int SliceRows => _takesSparse || _sparse is null ? UsualSlice : Math.Clamp(LargestSlice / Source.InputCount, 1, UsualSlice);

    /// <summary>
    /// How many rows the batch has that begins at a row: a single row at the end, which has no variance, joins the batch before it.
    /// </summary>
    internal static int BatchAt(int start, int batchSize, int count)
        => batchSize > 1 && count - start == batchSize + 1 ? batchSize + 1 : Math.Min(batchSize, count - start);

    /// <summary>All rows without their inputs; the tensors belong to the current dispose scope.</summary>
    internal Batch WithoutInputs() => Split(default, _rest);

    /// <summary>A run of rows without copying them; the tensors belong to the current dispose scope.</summary>
    internal Batch Slice(int start, int count) => Split(
        _sparse is null ? NetworkInputs.Of(OnDevice(_inputs!.narrow(0, start, count)))
            : Sparse(_sparse, [.. Enumerable.Range(start, count).Select(row => (long)row)]),
        _rest.narrow(0, start, count));

    public void Dispose()
    {
        // The constructor may have failed half way: what it did not reach is null.
        _inputs?.Dispose();
        _rest?.Dispose();
        Constraints?.Dispose();
    }

    private NetworkInputs Sparse(SparseRows rows, long[] numbers)
    {
        if (_takesSparse)
            return NetworkInputs.Of(rows, numbers);
        var batch = torch.empty([numbers.Length, rows.InputCount], dtype: torch.ScalarType.Float32, device: torch.CPU);
        var inputs = HostMemory.Of(batch);
        for (var index = 0; index < numbers.Length; index++)
            rows.CopyTo(numbers[index], inputs.Slice(index * rows.InputCount, rows.InputCount));
        return NetworkInputs.Of(OnDevice(batch));
    }

    private torch.Tensor OnDevice(torch.Tensor inputs) => inputs.device_type == Device.type ? inputs : inputs.to(Device);

    // Encoded where it is to stay; a block of rows at a time, as a span cannot be as long as a tensor.
    private static torch.Tensor Dense(TrainingRows rows, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var inputs = TorchDevice.Allocate([rows.Count, rows.InputCount], device, spare: LargestTensor);
        var isOnHost = inputs.device_type == DeviceType.CPU;
        var blockRows = (int)Math.Clamp((isOnHost ? LargestTensor : LargestBlock) / Math.Max(rows.InputCount, 1), 1, int.MaxValue);
        for (var start = 0; start < rows.Count; start += blockRows)
        {
            using var block = inputs.narrow(0, start, Math.Min(blockRows, rows.Count - start));
            using var encoded = isOnHost ? null : torch.empty(block.shape, torch.ScalarType.Float32, torch.CPU);
            rows.Encode(start, HostMemory.Of(encoded ?? block));
            if (encoded is not null)
                block.copy_(encoded);
        }

        return inputs.DetachFromDisposeScope();
    }

    private torch.Tensor LabelsWeightsMembership(float[]? weights, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var labels = torch.tensor(Source.Labels, device: torch.CPU);
        var head = torch.stack([labels, weights is null ? labels : torch.tensor(weights, device: torch.CPU)], 1);
        var all = Constraints is not { Layout: var layout } ? head : torch.cat(
            [head, torch.tensor(layout.Compact(weights), [Count, layout.CompactWidth], device: torch.CPU)], 1);
        return all.to(device).DetachFromDisposeScope();
    }

    private Batch Split(NetworkInputs inputs, torch.Tensor rest) => new(
        inputs,
        rest.select(1, LabelColumn),
        Source.Weights is null ? null : rest.select(1, WeightColumn),
        Constraints?.Layout.Expand(rest.narrow(1, MembershipColumn, Constraints.Layout.CompactWidth)));

    /// <summary>What a step needs of its rows.</summary>
    /// <param name="Inputs">[batch, inputs], dense or sparse.</param>
    /// <param name="Labels">[batch]: 0 or 1, class numbers, or real numbers.</param>
    /// <param name="Weights">[batch], with mean 1 over all rows, or null where all weigh alike.</param>
    /// <param name="Membership">[batch, groups], or null without constraints.</param>
    internal readonly record struct Batch(NetworkInputs Inputs, torch.Tensor Labels, torch.Tensor? Weights, torch.Tensor? Membership);
}
