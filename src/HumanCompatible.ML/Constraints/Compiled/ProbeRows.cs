using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>The rows that custom constraints are tried with.</summary>
/// <param name="Labels">The label of each row.</param>
/// <param name="Weights">The weight of each row, or null where all weigh alike.</param>
internal sealed record ProbeRows(float[] Labels, float[]? Weights)
{
    /// <summary>Some of the rows, spread evenly, as tensors: labels, weights with mean 1 over all rows, and membership.</summary>
    /// <param name="membership">[rows, columns].</param>
    /// <param name="type">The type of the elements.</param>
    /// <param name="device">Where they are.</param>
    internal (Tensor Labels, Tensor Weights, Tensor Membership) Sample(Tensor membership, ScalarType type, Device device)
    {
        var count = Math.Min(Labels.Length, CustomStatistics.LargestProbe);
        long[] rows = [.. Enumerable.Range(0, count).Select(i => (long)i * Labels.Length / count)];
        var mean = Weights?.Average(weight => (double)weight) ?? 1;
        float[] weights = [.. rows.Select(row => Weights is null ? 1 : (float)(Weights[row] / mean))];
        return (
            torch.tensor([.. rows.Select(row => Labels[row])], dtype: type, device: device),
            torch.tensor(weights, dtype: type, device: device),
            membership.index_select(0, torch.tensor(rows, device: device)));
    }
}
