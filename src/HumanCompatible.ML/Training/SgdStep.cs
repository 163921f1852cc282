using System.Numerics.Tensors;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// One step of stochastic gradient descent with momentum on one parameter (Sutskever et al., 2013, as torch has it), with decoupled weight
/// decay: with g the gradient, m &lt;- momentum m + g, w &lt;- (1 - lr decay) w - lr m.
/// </summary>
/// <param name="learningRate">lr.</param>
/// <param name="weightDecay">decay.</param>
/// <param name="momentum">momentum.</param>
internal sealed class SgdStep(double learningRate, double weightDecay, double momentum) : WeightStep(1 - (learningRate * weightDecay))
{
    internal override void ApplyOnDevice(torch.Tensor weights, torch.Tensor gradient, torch.Tensor first, torch.Tensor? second)
    {
        first.mul_(Scalars.Of(momentum)).add_(gradient, Scalars.One);
        if (Decay != 1)
            weights.mul_(Scalars.Of(Decay));
        weights.add_(first, Scalars.Of(-learningRate));
    }

    internal override void Apply(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
    {
        TensorPrimitives.MultiplyAdd(first, (float)momentum, gradient, first);
        if (Decay != 1)
            TensorPrimitives.Multiply(weights, (float)Decay, weights);
        TensorPrimitives.MultiplyAdd(first, (float)-learningRate, weights, weights);
    }
}
