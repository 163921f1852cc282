using System.Numerics;
using System.Runtime.InteropServices;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Torch;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// The first layer z = x W' + b of sparse rows, on the processor: of each row only the entries are multiplied. Its output enters torch as a
/// leaf of the graph; after the
/// backward pass the gradient of that leaf is carried on to W and b here.
/// </summary>
/// <param name="weight">W, [width, inputs].</param>
/// <param name="bias">b, [width].</param>
internal sealed class SparseFirstLayer(Parameter weight, Parameter bias)
{
    private readonly int _width = (int)bias.shape[0];
    private float[] _table = [];
    private (torch.Tensor Output, SparseRows Rows, long[] RowNumbers)? _pending;

    /// <summary>
    /// z, [rows, width], a leaf that takes a gradient where gradients are recorded. It belongs to the current dispose scope.
    /// </summary>
    public torch.Tensor Forward(SparseRows rows, long[] rowNumbers)
    {
        Fill(rows);
        var output = torch.empty([rowNumbers.Length, _width], dtype: torch.ScalarType.Float32, device: torch.CPU);
        HostMemory.TryGet(output, out var z);
        HostMemory.TryGet(bias, out var b);
        for (var index = 0; index < rowNumbers.Length; index++)
        {
            var sum = z.Slice(index * _width, _width);
            b.CopyTo(sum);
            var columns = rows.Columns(rowNumbers[index]);
            var values = rows.Values(rowNumbers[index]);
            for (var entry = 0; entry < columns.Length; entry++)
                AddScaled(_table.AsSpan(columns[entry] * _width, _width), values[entry], sum);
        }

        if (torch.is_grad_enabled())
        {
            output.requires_grad = true;
            _pending = (output, rows, rowNumbers);
        }

        return output;
    }

    /// <summary>
    /// After a backward pass through the last output: adds to the gradients of W and b. Does nothing where there was none.
    /// </summary>
    public void FinishBackward()
    {
        if (_pending is not var (output, rows, rowNumbers))
            return;
        _pending = null;
        using var gradient = output.grad;
        if (gradient is null)
            return;
        using var dense = gradient.contiguous();
        HostMemory.TryGet(dense, out var dz);
        using var ofWeight = GradientOf(weight);
        using var ofBias = GradientOf(bias);
        HostMemory.TryGet(ofBias, out var db);
        Array.Clear(_table);
        for (var index = 0; index < rowNumbers.Length; index++)
        {
            var row = dz.Slice(index * _width, _width);
            AddScaled(row, 1, db);
            var columns = rows.Columns(rowNumbers[index]);
            var values = rows.Values(rowNumbers[index]);
            for (var entry = 0; entry < columns.Length; entry++)
                AddScaled(row, values[entry], _table.AsSpan(columns[entry] * _width, _width));
        }

        UndoSums(rows);
        HostMemory.TryGet(ofWeight, out var dw);
        for (var unit = 0; unit < _width; unit++)
        {
            for (var input = 0; input < rows.InputCount; input++)
                dw[(unit * rows.InputCount) + input] += _table[(input * _width) + unit];
        }
    }

    // A row for each column of the table: the input's weights, then for each bin the sum of the weights of its slot up to it.
    private void Fill(SparseRows rows)
    {
        if (_table.Length != rows.ColumnCount * _width)
            _table = new float[rows.ColumnCount * _width];
        HostMemory.TryGet(weight, out var w);
        for (var unit = 0; unit < _width; unit++)
        {
            var weights = w.Slice(unit * rows.InputCount, rows.InputCount);
            for (var input = 0; input < weights.Length; input++)
                _table[(input * _width) + unit] = weights[input];
        }

        var sum = rows.InputCount;
        foreach (var run in rows.Bins)
        {
            for (var bin = 0; bin < run.Width; bin++, sum++)
            {
                var target = _table.AsSpan(sum * _width, _width);
                _table.AsSpan((run.Start + bin) * _width, _width).CopyTo(target);
                if (bin > 0)
                    AddScaled(_table.AsSpan((sum - 1) * _width, _width), 1, target);
            }
        }
    }

    // The gradient of a sum is that of each of its terms.
    private void UndoSums(SparseRows rows)
    {
        var end = rows.ColumnCount;
        for (var index = rows.Bins.Count - 1; index >= 0; index--)
        {
            var run = rows.Bins[index];
            var first = end - run.Width;
            for (var bin = run.Width - 1; bin >= 0; bin--)
            {
                var ofSum = _table.AsSpan((first + bin) * _width, _width);
                AddScaled(ofSum, 1, _table.AsSpan((run.Start + bin) * _width, _width));
                if (bin > 0)
                    AddScaled(ofSum, 1, _table.AsSpan((first + bin - 1) * _width, _width));
            }

            end = first;
        }
    }

    private static torch.Tensor GradientOf(Parameter parameter)
    {
        if (parameter.grad is { } present)
            return present;
        using var noGradient = torch.no_grad();
        using var zeros = torch.zeros_like(parameter);
        using var detached = zeros.detach();
        parameter.grad = detached;
        return parameter.grad!;
    }

    private static void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> target)
    {
        ref float from = ref MemoryMarshal.GetReference(source), to = ref MemoryMarshal.GetReference(target);
        var factors = new Vector<float>(factor);
        var index = 0;
        for (; index <= source.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            (Vector.LoadUnsafe(ref to, (nuint)index) + (factors * Vector.LoadUnsafe(ref from, (nuint)index)))
                .StoreUnsafe(ref to, (nuint)index);
        }

        for (; index < source.Length; index++)
            target[index] += factor * source[index];
    }
}
