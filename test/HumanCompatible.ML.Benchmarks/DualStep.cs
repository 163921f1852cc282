using HumanCompatible.ML.Duals;
using TorchSharp;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>A loss, m constraint values with a gradient to take, and the iALM for them: what the dual part of a step works on.</summary>
internal sealed class DualStep : IDisposable
{
    private readonly torch.Tensor _loss;
    private readonly torch.Tensor _constraints;
    private readonly torch.Tensor _values;
    private readonly double[] _numbers;
    private readonly InexactAugmentedLagrangian _optimizer;

    internal DualStep(int count)
    {
        using var scope = torch.NewDisposeScope();
        _numbers = [.. Enumerable.Range(0, count).Select(index => 0.1 * Math.Sin(index + 1))];
        _values = torch.tensor(Array.ConvertAll(_numbers, value => (float)value)).DetachFromDisposeScope();
        _constraints = _values.clone().requires_grad_().DetachFromDisposeScope();
        _loss = torch.tensor(0.5f).requires_grad_().DetachFromDisposeScope();
        _optimizer = new InexactAugmentedLagrangian(count, ConstraintKind.Inequality);
    }

    /// <summary>A dual update by numbers in managed memory, as the trainer does it.</summary>
    internal void UpdateNumbers() => _optimizer.Update(_numbers);

    /// <summary>A dual update by a tensor, as a hand-written loop does it.</summary>
    internal void Update() => _optimizer.Update(_values);

    internal void Forward()
    {
        using var lagrangian = _optimizer.Forward(_loss, _constraints);
    }

    internal void ForwardUpdate()
    {
        using var lagrangian = _optimizer.ForwardUpdate(_loss, _constraints);
    }

    public void Dispose()
    {
        _loss.Dispose();
        _constraints.Dispose();
        _values.Dispose();
    }
}
