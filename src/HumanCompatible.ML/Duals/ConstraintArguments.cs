using HumanCompatible.ML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// Checks what a caller passes as loss and constraints, and reads the values; every message says which constraint, what was expected and
/// what came.
/// </summary>
internal sealed class ConstraintArguments(DualOptimizer owner)
{
    private const string Unchanged = "The multipliers are unchanged.";
    private readonly double[] _lossValue = new double[1];
    private double[] _values = [];

    /// <summary>The constraint values, block after block; the span is valid until the next call.</summary>
    public ReadOnlySpan<double> Read(Tensor constraints)
    {
        CheckConstraints(constraints);
        var span = Buffer();
        TensorValues.Read(constraints, span);
        CheckFinite(span);
        return span;
    }

    /// <summary>The same of values in managed memory.</summary>
    public ReadOnlySpan<double> Read(ReadOnlySpan<double> constraints)
    {
        if (constraints.Length != owner.ConstraintCount)
        {
            throw new ArgumentException(
                $"constraints must hold {owner.ConstraintCount} numbers, got {constraints.Length}. {Unchanged}", nameof(constraints));
        }

        CheckFinite(constraints);
        return constraints;
    }

    /// <summary>As <see cref="Read(Tensor)"/>, checking the loss first; off the CPU both travel in one copy.</summary>
    public ReadOnlySpan<double> Read(Tensor loss, Tensor constraints)
    {
        ArgumentNullException.ThrowIfNull(loss);
        CheckConstraints(constraints);
        CheckLoss(loss, constraints);
        var span = Buffer();
        if (loss.device_type == DeviceType.CPU)
        {
            TensorValues.Read(loss, _lossValue);
            TensorValues.Read(constraints, span);
        }
        else
        {
            TensorValues.ReadTogether(loss, _lossValue, constraints, span);
        }

        if (!double.IsFinite(_lossValue[0]))
        {
            throw new NotFiniteNumberException(
                $"loss must be finite, got {Problems.Text(_lossValue[0])}. {Unchanged}", _lossValue[0]);
        }

        CheckFinite(span);
        return span;
    }

    private Span<double> Buffer()
    {
        if (_values.Length != owner.ConstraintCount)
            _values = new double[owner.ConstraintCount];
        return _values;
    }

    private void CheckConstraints(Tensor constraints)
    {
        ArgumentNullException.ThrowIfNull(constraints);
        var expected = owner.ConstraintCount;
        if (!HasShape(constraints, expected))
        {
            var blocks = string.Join(", ", owner.Blocks.Select(block => $"{block.Count} of block '{block.Name}'"));
            throw new ArgumentException($"constraints must have shape [{expected}] ({blocks}), got {Shape(constraints)}.",
                nameof(constraints));
        }

        CheckType(constraints, nameof(constraints));
    }

    private static void CheckLoss(Tensor loss, Tensor constraints)
    {
        if (loss.numel() != 1)
            throw new ArgumentException($"loss must be one number, got shape {Shape(loss)}.", nameof(loss));
        CheckType(loss, nameof(loss));
        if (loss.dtype != constraints.dtype)
        {
            throw new ArgumentException($"constraints must be {loss.dtype} as the loss is, got {constraints.dtype}.",
                nameof(constraints));
        }

        if (loss.device_type != constraints.device_type || loss.device_index != constraints.device_index)
        {
            throw new ArgumentException($"constraints must be on {loss.device} as the loss is, got {constraints.device}.",
                nameof(constraints));
        }
    }

    private static void CheckType(Tensor tensor, string name)
    {
        if (tensor.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"{name} must be Float32 or Float64, got {tensor.dtype}.", name);
    }

    private void CheckFinite(ReadOnlySpan<double> span)
    {
        for (var b = 0; b < owner.Blocks.Count; b++)
        {
            var block = owner.Blocks[b];
            for (var j = 0; j < block.Count; j++)
            {
                var value = span[block.Offset + j];
                if (!double.IsFinite(value))
                {
                    throw new NotFiniteNumberException(
                        $"Constraint {j} of block '{block.Name}' (position {block.Offset + j} of {span.Length}) must be finite, got "
                        + $"{Problems.Text(value)}. {Unchanged}", value);
                }
            }
        }
    }

    private static bool HasShape(Tensor tensor, int count)
        => tensor.numel() == count && tensor.Dimensions == (count == 1 ? Math.Min(tensor.Dimensions, 1) : 1);

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
