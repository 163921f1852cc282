using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// The rows as tensors on the device: the inputs, and beside them everything else a step needs, so that two gathers make a batch.
/// </summary>
internal sealed class EncodedRows : IDisposable
{
    private const int LabelColumn = 0;
    private const int WeightColumn = 1;
    private const int MembershipColumn = 2;
    private readonly torch.Tensor? _inputs;
    private readonly SparseRows? _sparse;
    private readonly torch.Tensor _rest;
    private readonly MembershipLayout? _layout;
    private readonly bool _isWeighted;

    /// <param name="rows">The rows.</param>
    /// <param name="layout">The groups of the rows; null without constraints.</param>
    /// <param name="device">Where the tensors live.</param>
    /// <param name="takesSparse">Whether inputs may come sparse; they do where most of them are zero.</param>
    internal EncodedRows(TrainingRows rows, MembershipLayout? layout, torch.Device device, bool takesSparse = false)
    {
        Count = rows.Count;
        using var scope = torch.NewDisposeScope();
        var labels = torch.tensor(rows.Labels, device: torch.CPU);
        _isWeighted = rows.Weights is not null;
        var weights = rows.Weights is null ? labels
            : torch.tensor(rows.Weights, device: torch.CPU).div(Scalars.Of(rows.Weights.Average(weight => (double)weight)));
        _layout = layout;
        var head = torch.stack([labels, weights], 1);
        _rest = (layout is null ? head
            : torch.cat([head, torch.tensor(layout.Compact(rows.Weights), [Count, layout.CompactWidth], device: torch.CPU)], 1))
            .to(device).DetachFromDisposeScope();

        _sparse = takesSparse ? SparseRows.TryOf(rows.Features, rows.InputCount, rows.Bins) : null;
        if (_sparse is not null)
            return;

        // A tensor made of an array may share its memory, whose alignment differs from run to run and with it the last bits of products.
        _inputs = torch.tensor(rows.Features, [rows.Count, rows.InputCount], device: torch.CPU).to(device, copy: true)
            .DetachFromDisposeScope();
    }

    internal int Count { get; }

    internal torch.Device Device => _rest.device;

    /// <summary>The rows of the given numbers; the tensors belong to the current dispose scope.</summary>
    internal Batch Gather(torch.Tensor rowNumbers) => Split(
        _sparse is null ? NetworkInputs.Of(_inputs!.index_select(0, rowNumbers))
            : NetworkInputs.Of(_sparse, rowNumbers.data<long>().ToArray()),
        _rest.index_select(0, rowNumbers));

    /// <summary>A run of rows without copying them; the tensors belong to the current dispose scope.</summary>
    internal Batch Slice(int start, int count) => Split(
        _sparse is null ? NetworkInputs.Of(_inputs!.narrow(0, start, count))
            : NetworkInputs.Of(_sparse, [.. Enumerable.Range(start, count).Select(row => (long)row)]),
        _rest.narrow(0, start, count));

    public void Dispose()
    {
        _inputs?.Dispose();
        _rest.Dispose();
    }

    private Batch Split(NetworkInputs inputs, torch.Tensor rest) => new(
        inputs,
        rest.select(1, LabelColumn),
        _isWeighted ? rest.select(1, WeightColumn) : null,
        _layout?.Expand(rest.narrow(1, MembershipColumn, _layout.CompactWidth)));

    /// <summary>What a step needs of its rows.</summary>
    /// <param name="Inputs">[batch, inputs], dense or sparse.</param>
    /// <param name="Labels">[batch], 0 or 1.</param>
    /// <param name="Weights">[batch], with mean 1 over all rows, or null where all weigh alike.</param>
    /// <param name="Membership">[batch, groups], or null without constraints.</param>
    internal readonly record struct Batch(NetworkInputs Inputs, torch.Tensor Labels, torch.Tensor? Weights, torch.Tensor? Membership);
}
