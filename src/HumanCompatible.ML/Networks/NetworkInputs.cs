using HumanCompatible.ML.Features;
using TorchSharp;

namespace HumanCompatible.ML.Networks;

/// <summary>The inputs of a batch: a tensor, or some of the rows of a sparse table.</summary>
/// <param name="Dense">[batch, inputs]; null where they are sparse.</param>
/// <param name="Sparse">The table; null where they are dense.</param>
/// <param name="RowNumbers">The rows of the table.</param>
internal readonly record struct NetworkInputs(torch.Tensor? Dense, SparseRows? Sparse, long[] RowNumbers)
{
    /// <summary>The number of rows.</summary>
    public long RowCount => Dense?.shape[0] ?? RowNumbers.Length;

    public static NetworkInputs Of(torch.Tensor dense) => new(dense, null, []);

    public static NetworkInputs Of(SparseRows table, long[] rowNumbers) => new(null, table, rowNumbers);
}
