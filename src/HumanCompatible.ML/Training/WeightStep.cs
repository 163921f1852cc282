using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>One step of a primal method on the weights of one parameter.</summary>
/// <param name="decay">What the weights are multiplied by.</param>
internal abstract class WeightStep(double decay)
{
    /// <summary>What the weights are multiplied by.</summary>
    internal double Decay => decay;

    /// <summary>Changes the parameter and its moments; without autograd.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="first">The decayed mean of their gradients.</param>
    /// <param name="second">The decayed mean of the squares; null where the method keeps none.</param>
    internal void Apply(torch.Tensor weights, torch.Tensor gradient, torch.Tensor first, torch.Tensor? second)
    {
        if (HostMemory.Has(weights, gradient, first, second ?? first))
        {
            Apply(HostMemory.Of(weights), HostMemory.Of(gradient), HostMemory.Of(first),
                second is null ? default : HostMemory.Of(second));
        }
        else
        {
            ApplyOnDevice(weights, gradient, first, second);
        }
    }

    /// <summary>The same by calls of libtorch, for any device and element type.</summary>
    internal abstract void ApplyOnDevice(torch.Tensor weights, torch.Tensor gradient, torch.Tensor first, torch.Tensor? second);

    /// <summary>The same for a part of a parameter.</summary>
    internal abstract void Apply(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second);
}
