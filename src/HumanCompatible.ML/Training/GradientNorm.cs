using System.Numerics.Tensors;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Training;

/// <summary>The Euclidean norm of the gradient of all weights together.</summary>
internal static class GradientNorm
{
    /// <summary>Scales the gradient down to a norm, where it is longer.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="layer">The layer of the first parameter where that has its gradient apart; else null.</param>
    /// <param name="most">The norm, above 0.</param>
    internal static void Clip(IReadOnlyList<Parameter> parameters, LazyFirstLayer? layer, double most)
    {
        using var noGradient = torch.no_grad();
        torch.Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad).OfType<torch.Tensor>()];
        var squares = gradients.Sum(SumOfSquares);
        for (var position = 0; position < layer?.Touched.Length; position++)
            squares += TensorPrimitives.SumOfSquares<float>(layer.Gradient(position));
        var norm = Math.Sqrt(squares);
        if (!(norm > most))
            return;
        var factor = most / norm;
        foreach (var gradient in gradients)
            gradient.mul_(Scalars.Of(factor));
        for (var position = 0; position < layer?.Touched.Length; position++)
            TensorPrimitives.Multiply(layer.Gradient(position), (float)factor, layer.Gradient(position));
    }

    private static double SumOfSquares(torch.Tensor gradient)
    {
        if (HostMemory.Has(gradient))
            return TensorPrimitives.SumOfSquares<float>(HostMemory.Of(gradient));
        using var squares = gradient.square();
        using var sum = squares.sum();
        return sum.item<float>();
    }
}
