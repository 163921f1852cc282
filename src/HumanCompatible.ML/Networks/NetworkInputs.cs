using HumanCompatible.ML.Features;
using TorchSharp;

namespace HumanCompatible.ML.Networks;

/// <summary>The inputs of a batch: a tensor, or sparse rows.</summary>
/// <param name="Dense">[batch, inputs]; null where they are sparse.</param>
/// <param name="Sparse">The rows; null where they are dense.</param>
internal readonly record struct NetworkInputs(torch.Tensor? Dense, SparseRows? Sparse)
{
    /// <summary>The number of rows.</summary>
    public long RowCount => Dense?.shape[0] ?? Sparse!.Count;

    public static NetworkInputs Of(torch.Tensor dense) => new(dense, null);

    public static NetworkInputs Of(SparseRows rows) => new(null, rows);
}
