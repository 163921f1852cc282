using System.Runtime.InteropServices;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// The order in which rows are gone through once, batch after batch. Random, it is made a window at a time: the runs of neighbors that make
/// up the next window are drawn, and their rows shuffled. It depends on the seed and the sizes alone, so that it is the same wherever the
/// rows are.
/// </summary>
internal sealed class RowOrder : IDisposable
{
    private readonly int _count;
    private readonly RowWindow _sizes;
    private readonly torch.Device _device;
    private readonly torch.Generator? _random;
    private readonly long[] _runs = [];
    private long _nextWindow;
    private torch.Tensor _window;
    private int _used;

    /// <param name="count">The number of rows.</param>
    /// <param name="sizes">The sizes of windows and runs.</param>
    /// <param name="seed">Decides.</param>
    /// <param name="device">Where the numbers of the rows are wanted.</param>
    internal RowOrder(int count, RowWindow sizes, long seed, torch.Device device)
    {
        (_count, _sizes, _device, _random) = (count, sizes, device, new torch.Generator((ulong)seed));
        if (count > sizes.Rows)
        {
            using var runs = torch.randperm((count + sizes.Run - 1) / sizes.Run, device: torch.CPU, generator: _random);
            _runs = runs.data<long>().ToArray();
        }

        _window = NextWindow();
    }

    /// <summary>An order that is known.</summary>
    /// <param name="rows">The numbers of the rows; taken over.</param>
    internal RowOrder(torch.Tensor rows) => (_window, _device) = (rows.DetachFromDisposeScope(), rows.device);

    /// <summary>The numbers of the next rows; they belong to the current dispose scope.</summary>
    /// <param name="count">How many; not more than are left.</param>
    internal torch.Tensor Next(int count)
    {
        var left = (int)_window.size(0) - _used;
        if (count <= left)
        {
            _used += count;
            return _window.narrow(0, _used - count, count);
        }

        using var scope = torch.NewDisposeScope();
        List<torch.Tensor> parts = [];
        while (count > left)
        {
            parts.Add(_window.narrow(0, _used, left));
            count -= left;
            _window.Dispose();
            (_window, _used) = (NextWindow(), 0);
            left = (int)_window.size(0);
        }

        _used = count;
        return torch.cat([.. parts, _window.narrow(0, 0, count)], 0).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _window.Dispose();
        _random?.Dispose();
    }

    private torch.Tensor NextWindow()
    {
        using var scope = torch.NewDisposeScope();
        var rows = _runs.Length == 0 ? null : Rows();
        var order = torch.randperm(rows?.size(0) ?? _count, device: torch.CPU, generator: _random);
        return (rows is null ? order : rows.index_select(0, order)).to(_device).DetachFromDisposeScope();
    }

    // Those of the next runs. All windows have nearly as many. They are no array, which would be garbage that is collected late.
    private torch.Tensor Rows()
    {
        var inWindow = _sizes.Rows / _sizes.Run;
        var windows = (_runs.Length + inWindow - 1) / inWindow;
        var start = _runs.Length * _nextWindow / windows;
        var runs = _runs.AsSpan((int)start, (int)((_runs.Length * (++_nextWindow) / windows) - start));
        var isLastRunIn = runs.Contains(_runs.Length - 1);
        var rows = torch.empty((runs.Length * _sizes.Run) - (isLastRunIn ? (_runs.Length * (long)_sizes.Run) - _count : 0),
            dtype: torch.ScalarType.Int64, device: torch.CPU);
        var numbers = MemoryMarshal.Cast<byte, long>(rows.bytes);
        var next = 0;
        foreach (var run in runs)
        {
            var end = Math.Min((run + 1) * _sizes.Run, _count);
            for (var row = run * _sizes.Run; row < end; row++)
                numbers[next++] = row;
        }

        return rows;
    }
}
