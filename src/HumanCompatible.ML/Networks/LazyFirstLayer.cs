using HumanCompatible.ML.Features;
using HumanCompatible.ML.Torch;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// The first layer z = x W' + b of sparse rows of very many inputs, on the processor: a step reads, and its gradient has, only the weights
/// of the inputs that its rows have. W' lies in memory input after input, so that these are together. In torch's graph z depends on b
/// alone; a backward pass leaves the gradient of W here, as <see cref="Touched"/> inputs and their <see cref="Gradient"/>.
/// </summary>
internal sealed class LazyFirstLayer : IDisposable
{
    private readonly int _width;
    private readonly torch.Tensor _table;
    private readonly Parameter _bias;

    // Where the gradient of an input or a sum stands, or -1.
    private int[] _placeOf = [];
    private int[] _touched = [];
    private int _touchedCount;
    private int _places;
    private float[] _gradient = [];

    // The sums of the weights of each slot's first bins, [bins, width].
    private float[] _sums = [];

    /// <param name="weight">W, [width, inputs], a view of [inputs, width].</param>
    /// <param name="bias">b, [width].</param>
    public LazyFirstLayer(Parameter weight, Parameter bias)
    {
        (_table, _bias, _width) = (Table(weight), bias, (int)bias.shape[0]);
        InputCount = (int)weight.shape[1];
    }

    /// <summary>The number of inputs.</summary>
    public int InputCount { get; }

    /// <summary>The inputs whose weights have a gradient, in no order.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _touchedCount);

    /// <summary>The gradient of the weights of a touched input, [width].</summary>
    /// <param name="position">Its position among <see cref="Touched"/>.</param>
    public Span<float> Gradient(int position) => _gradient.AsSpan(_placeOf[_touched[position]] * _width, _width);

    /// <summary>[inputs, width] of [width, inputs], the same numbers in memory; detached from dispose scopes.</summary>
    public static torch.Tensor Table(torch.Tensor weight)
    {
        using var noGradient = torch.no_grad();
        using var detached = weight.detach();
        return detached.t().DetachFromDisposeScope();
    }

    /// <summary>Forgets the gradient.</summary>
    public void ClearGradient()
    {
        foreach (var input in Touched)
            _placeOf[input] = -1;
        _touchedCount = 0;
        _places = 0;
    }

    /// <summary>z, [rows, width]. It belongs to the current dispose scope.</summary>
    public torch.Tensor Forward(SparseRows rows)
        => torch.is_grad_enabled() ? Product.apply(_bias, this, rows) : Multiply(rows);

    public void Dispose() => _table.Dispose();

    private torch.Tensor Multiply(SparseRows rows)
    {
        var output = torch.empty([rows.Count, _width], dtype: torch.ScalarType.Float32, device: torch.CPU);
        Span<float> z = HostMemory.Of(output), b = HostMemory.Of(_bias), table = HostMemory.Of(_table);
        FillSums(rows, table);
        for (var index = 0; index < rows.Count; index++)
        {
            var sum = z.Slice(index * _width, _width);
            b.CopyTo(sum);
            var columns = rows.Columns(index);
            var values = rows.Values(index);
            for (var entry = 0; entry < columns.Length; entry++)
            {
                var column = columns[entry];
                SparseFirstLayer.AddScaled(column < InputCount ? Row(table, column) : Row(_sums, column - InputCount), values[entry], sum);
            }
        }

        return output;
    }

    private torch.Tensor Gradients(SparseRows rows, torch.Tensor gradient)
    {
        using var dense = gradient.contiguous();
        var ofBias = torch.zeros([_width], dtype: torch.ScalarType.Float32, device: torch.CPU);
        Span<float> dz = HostMemory.Of(dense), db = HostMemory.Of(ofBias);
        if (_placeOf.Length < rows.ColumnCount)
        {
            var known = _placeOf.Length;
            Array.Resize(ref _placeOf, rows.ColumnCount);
            Array.Fill(_placeOf, -1, known, rows.ColumnCount - known);
        }

        for (var index = 0; index < rows.Count; index++)
        {
            var row = dz.Slice(index * _width, _width);
            SparseFirstLayer.AddScaled(row, 1, db);
            var columns = rows.Columns(index);
            var values = rows.Values(index);
            for (var entry = 0; entry < columns.Length; entry++)
                SparseFirstLayer.AddScaled(row, values[entry], Place(columns[entry]));
        }

        UndoSums(rows);
        return ofBias;
    }

    private void FillSums(SparseRows rows, ReadOnlySpan<float> table)
    {
        if (_sums.Length < (rows.ColumnCount - InputCount) * _width)
            _sums = new float[(rows.ColumnCount - InputCount) * _width];
        var sum = 0;
        foreach (var run in rows.Bins)
        {
            for (var bin = 0; bin < run.Width; bin++, sum++)
            {
                var target = _sums.AsSpan(sum * _width, _width);
                Row(table, run.Start + bin).CopyTo(target);
                if (bin > 0)
                    SparseFirstLayer.AddScaled(Row(_sums, sum - 1), 1, target);
            }
        }
    }

    // The gradient of a sum is that of each of its terms. Sums are touched like inputs at first, and are no more in the end.
    private void UndoSums(SparseRows rows)
    {
        if (rows.ColumnCount == InputCount)
            return;
        var end = rows.ColumnCount;
        foreach (var run in rows.Bins.Reverse())
        {
            var last = run.Width - 1;
            end -= run.Width;
            while (last >= 0 && _placeOf[end + last] < 0)
                last--;
            for (var bin = last; bin >= 0; bin--)
            {
                Place(end + bin);
                Place(run.Start + bin);
                if (bin > 0)
                    SparseFirstLayer.AddScaled(Row(_gradient, _placeOf[end + bin]), 1, Place(end + bin - 1));
                SparseFirstLayer.AddScaled(Row(_gradient, _placeOf[end + bin]), 1, Place(run.Start + bin));
            }
        }

        var kept = 0;
        foreach (var column in Touched)
        {
            if (column < InputCount)
                _touched[kept++] = column;
            else
                _placeOf[column] = -1;
        }

        _touchedCount = kept;
    }

    // The gradient of a column, 0 at first.
    private Span<float> Place(int column)
    {
        if (_placeOf[column] < 0)
        {
            if (_touchedCount == _touched.Length)
                Array.Resize(ref _touched, Math.Max(1024, 2 * _touchedCount));
            _touched[_touchedCount++] = column;
            _placeOf[column] = _places++;
            if (_places * _width > _gradient.Length)
                Array.Resize(ref _gradient, 2 * _places * _width);
            _gradient.AsSpan(_placeOf[column] * _width, _width).Clear();
        }

        return _gradient.AsSpan(_placeOf[column] * _width, _width);
    }

    private ReadOnlySpan<float> Row(ReadOnlySpan<float> table, int row) => table.Slice(row * _width, _width);

    private sealed class Product : torch.autograd.SingleTensorFunction<Product>
    {
        private const string Batch = "batch";

        public override string Name => nameof(LazyFirstLayer);

        public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
        {
            var (layer, rows) = ((LazyFirstLayer)vars[1], (SparseRows)vars[2]);
            ctx.save_data(Batch, (layer, rows));
            return layer.Multiply(rows);
        }

        public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
        {
            var (layer, rows) = ((LazyFirstLayer, SparseRows))ctx.get_data(Batch);
            return [layer.Gradients(rows, grad_output), null!, null!];
        }
    }
}
