using HumanCompatible.ML.Features;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>A <see cref="GroupBalancedOrder"/> for tensors: the order of an epoch, and the weights of its batches.</summary>
internal sealed class GroupBalancedBatches : IDisposable
{
    private readonly GroupBalancedOrder _order;
    private readonly torch.Tensor _weights;

    /// <param name="rows">The rows to draw from.</param>
    /// <param name="batchSize">Rows per batch.</param>
    /// <param name="device">Where the rows are.</param>
    internal GroupBalancedBatches(TrainingRows rows, int batchSize, torch.Device device)
    {
        _order = new GroupBalancedOrder(rows.Partitions.Cells(new int[rows.Count]), batchSize);
        using var scope = torch.NewDisposeScope();
        _weights = torch.tensor(_order.Weights, device: torch.CPU).to(device, copy: true).DetachFromDisposeScope();
    }

    /// <summary>The row numbers of an epoch, [rows]; the tensor belongs to the current dispose scope.</summary>
    internal torch.Tensor Order(long seed) => torch.tensor(_order.Epoch(seed), device: torch.CPU).to(_weights.device);

    /// <summary>
    /// The batch with the weights of its rows multiplied into the weights of the loss and into the membership; its tensors belong to the
    /// current dispose scope.
    /// </summary>
    /// <param name="batch">The rows of <paramref name="rowNumbers"/>.</param>
    /// <param name="rowNumbers">Their numbers.</param>
    internal EncodedRows.Batch Weigh(EncodedRows.Batch batch, torch.Tensor rowNumbers)
    {
        var weights = _weights.index_select(0, rowNumbers);
        return batch with { Weights = batch.Weights?.mul(weights) ?? weights, Membership = batch.Membership?.mul(weights.unsqueeze(1)) };
    }

    public void Dispose() => _weights.Dispose();
}
