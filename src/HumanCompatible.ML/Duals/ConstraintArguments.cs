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
    private const string Unchanged = "The duals are unchanged.";
    private double[] _values = [];
    private readonly double[] _lossValue = new double[1];

    /// <summary>The constraint values, group after group; the span is valid until the next call.</summary>
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
            throw new ArgumentException($"constraints has {constraints.Length} numbers; expected {owner.ConstraintCount}. {Unchanged}",
                nameof(constraints));
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
            throw new NotFiniteNumberException($"loss is {Problems.Text(_lossValue[0])}; expected a finite number. {Unchanged}",
                _lossValue[0]);
        }

        CheckFinite(span);
        return span;
    }

    /// <summary>One tensor from one per group, in the order of the groups.</summary>
    public Tensor Join(IReadOnlyList<Tensor> constraints)
    {
        ArgumentNullException.ThrowIfNull(constraints);
        var groups = owner.Groups;
        if (constraints.Count != groups.Count)
        {
            throw new ArgumentException(
                $"constraints holds {constraints.Count} tensor(s); expected {groups.Count}, one per group: {Names()}.",
                nameof(constraints));
        }

        var parts = new Tensor[groups.Count];
        for (var g = 0; g < parts.Length; g++)
        {
            var part = constraints[g] ?? throw new ArgumentException($"constraints of group '{groups[g].Name}' is null.",
                nameof(constraints));
            CheckPart(part, groups[g], constraints[0]);
            parts[g] = part;
        }

        return Concatenate(parts);
    }

    /// <summary>One tensor from one per group, found by the names of the groups.</summary>
    public Tensor Join(IReadOnlyDictionary<string, Tensor> constraints)
    {
        ArgumentNullException.ThrowIfNull(constraints);
        var groups = owner.Groups;
        var missing = groups.Where(group => !constraints.ContainsKey(group.Name)).Select(group => $"'{group.Name}'").ToList();
        var unknown = constraints.Keys.Where(name => groups.All(group => group.Name != name)).Order(StringComparer.Ordinal)
            .Select(name => $"'{name}'").ToList();
        if (missing.Count + unknown.Count > 0)
        {
            var lacks = missing.Count == 0 ? "" : $"lacks {string.Join(", ", missing)}";
            var has = unknown.Count == 0 ? "" : $"has unknown {string.Join(", ", unknown)}";
            throw new ArgumentException(
                $"constraints {string.Join(" and ", new[] { lacks, has }.Where(text => text.Length > 0))}; expected the groups {Names()}.",
                nameof(constraints));
        }

        return Join(groups.Select(group => constraints[group.Name]).ToArray());
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
            var groups = string.Join(", ", owner.Groups.Select(group => $"{group.Count} of group '{group.Name}'"));
            throw new ArgumentException($"constraints has shape {Shape(constraints)}; expected [{expected}]: {groups}.",
                nameof(constraints));
        }

        CheckType(constraints, "constraints");
    }

    private static void CheckLoss(Tensor loss, Tensor constraints)
    {
        if (loss.numel() != 1)
            throw new ArgumentException($"loss has shape {Shape(loss)}; expected one number.", nameof(loss));
        CheckType(loss, "loss");
        if (loss.dtype != constraints.dtype)
        {
            throw new ArgumentException($"loss is {loss.dtype} and constraints is {constraints.dtype}; expected the same type.",
                nameof(constraints));
        }

        if (loss.device_type != constraints.device_type || loss.device_index != constraints.device_index)
        {
            throw new ArgumentException($"loss is on {loss.device} and constraints on {constraints.device}; expected the same device.",
                nameof(constraints));
        }
    }

    private static void CheckPart(Tensor part, DualConstraintGroup group, Tensor first)
    {
        var name = $"constraints of group '{group.Name}'";
        if (!HasShape(part, group.Count))
            throw new ArgumentException($"{name} has shape {Shape(part)}; expected [{group.Count}].");
        CheckType(part, name);
        if (part.dtype != first.dtype)
            throw new ArgumentException($"{name} is {part.dtype}; expected {first.dtype}, the type of the first group.");
        if (part.device_type != first.device_type || part.device_index != first.device_index)
            throw new ArgumentException($"{name} is on {part.device}; expected {first.device}, the device of the first group.");
    }

    private static void CheckType(Tensor tensor, string name)
    {
        if (tensor.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"{name} is {tensor.dtype}; expected Float32 or Float64.");
    }

    private void CheckFinite(ReadOnlySpan<double> span)
    {
        var groups = owner.Groups;
        for (var g = 0; g < groups.Count; g++)
        {
            var group = groups[g];
            for (var j = 0; j < group.Count; j++)
            {
                var value = span[group.Offset + j];
                if (!double.IsFinite(value))
                {
                    throw new NotFiniteNumberException(
                        $"Constraint {j} of group '{group.Name}' (position {group.Offset + j} of {span.Length}) is "
                            + $"{Problems.Text(value)}; expected a finite number. {Unchanged}", value);
                }
            }
        }
    }

    private static bool HasShape(Tensor tensor, int count)
        => tensor.numel() == count && tensor.Dimensions == (count == 1 ? Math.Min(tensor.Dimensions, 1) : 1);

    private static Tensor Concatenate(Tensor[] parts)
    {
        var flat = new Tensor[parts.Length];
        try
        {
            for (var g = 0; g < parts.Length; g++)
                flat[g] = parts[g].reshape(-1);
            return torch.cat(flat);
        }
        finally
        {
            foreach (var part in flat)
                part?.Dispose();
        }
    }

    private string Names() => string.Join(", ", owner.Groups.Select(group => $"'{group.Name}'"));

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
