using System.Numerics.Tensors;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// A learned factor s for each input of the first layer, so that inputs that matter are soon large and others stay small. The weights that
/// the network has are W = V diag(s): the optimizer moves V and s by dL/dV = dL/dW diag(s) and ds_i = sum_u dL/dW_ui V_ui, so that in
/// scoring the factors cost nothing. They are not decayed, and take steps <see cref="Speed"/> times as large.
/// </summary>
/// <remarks>
/// The factors of bins start small, others at 1: at first the network sees the standardized values, and learns the finer steps where they
/// pay. Source: the first layer of RealMLP (Holzmüller, Grinsztajn and Steinwart, 2024, "Better by Default", section 3.2) has such a
/// factor for each feature; one for each bin and their starts are an addition. Accuracy gained by the factors, all else the same, on a
/// third of Adult's training rows (4 seeds) .0030, and on generated tables of 10,000 rows (2 seeds each): thresholds .0086, mixed columns
/// .0079, linear .0022; on ACSIncome nothing was seen (6 seeds). At speed 3 thresholds lose .0017, the others at most .0005; at 12 no table
/// differs by more than .0005. Of bins that start at .3 mixed columns lose .0022, and thresholds gain .0027.
/// </remarks>
internal sealed class InputScale : IDisposable
{
    private const double Speed = 6;
    private const float StartOfBins = 0.03f;

    private readonly torch.Tensor _weights;
    private readonly torch.Tensor _unscaled;
    private readonly torch.Tensor _factors;
    private readonly torch.Tensor _first;
    private readonly torch.Tensor _second;

    /// <summary>Takes on weights whose factors are 1.</summary>
    /// <param name="weights">W, [units, inputs], contiguous.</param>
    internal InputScale(torch.Tensor weights)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        _weights = weights;
        _unscaled = weights.detach().clone().DetachFromDisposeScope();
        _factors = torch.ones(weights.shape[1], dtype: weights.dtype, device: weights.device).DetachFromDisposeScope();
        _first = torch.zeros_like(_factors).DetachFromDisposeScope();
        _second = torch.zeros_like(_factors).DetachFromDisposeScope();
    }

    /// <summary>The factor of each input before the first step.</summary>
    internal static float[] Start(FeatureEncoder encoder)
    {
        var factors = new float[encoder.OutputCount];
        Array.Fill(factors, 1);
        foreach (var run in encoder.Bins)
            factors.AsSpan(run.Start, run.Width).Fill(StartOfBins);
        return factors;
    }

    /// <summary>Sets the factors, and W after them.</summary>
    /// <param name="factors">One for each input.</param>
    internal void SetFactors(float[] factors)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        _factors.copy_(torch.tensor(factors, device: torch.CPU));
        Multiply();
    }

    /// <summary>Moves V, s and with them W; without autograd.</summary>
    /// <param name="ofWeights">The step of V.</param>
    /// <param name="learningRate">The learning rate of V.</param>
    /// <param name="number">The number of the step, from 1.</param>
    /// <param name="gradient">dL/dW; left as dL/dV.</param>
    /// <param name="first">The first moments of V.</param>
    /// <param name="second">Its second moments.</param>
    internal void Apply(WeightStep ofWeights, double learningRate, long number, torch.Tensor gradient, torch.Tensor first,
        torch.Tensor second)
    {
        using var ofFactors = Gradients(gradient);
        ofWeights.Apply(_unscaled, gradient, first, second);
        new AdamWStep(Speed * learningRate, 0, number).Apply(_factors, ofFactors, _first, _second);
        Multiply();
    }

    /// <summary>A copy of V, s and its moments.</summary>
    internal InputScaleState Save() => new(Copy(_unscaled), Copy(_factors), Copy(_first), Copy(_second));

    /// <summary>Takes over what <see cref="Save"/> gave, where the network has the weights of that time.</summary>
    /// <exception cref="ArgumentException">It is that of another network; nothing has changed.</exception>
    internal void Load(InputScaleState saved)
    {
        (torch.Tensor To, float[] From)[] parts =
            [(_unscaled, saved.Unscaled), (_factors, saved.Factors), (_first, saved.FirstMoment), (_second, saved.SecondMoment)];
        if (Array.Exists(parts, part => part.To.numel() != part.From.Length))
            throw new ArgumentException("The factors of the inputs are those of another network.", nameof(saved));
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        foreach (var (to, from) in parts)
            to.copy_(torch.tensor(from, device: torch.CPU).reshape(to.shape));
    }

    public void Dispose()
    {
        _unscaled.Dispose();
        _factors.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    /// <summary>The gradient of s; that of W becomes that of V.</summary>
    internal torch.Tensor Gradients(torch.Tensor gradient)
    {
        if (!HostMemory.Has(gradient, _unscaled, _factors))
            return GradientsOnDevice(gradient);
        var ofFactors = torch.zeros_like(_factors);
        Span<float> all = HostMemory.Of(gradient), sums = HostMemory.Of(ofFactors), unscaled = HostMemory.Of(_unscaled),
            factors = HostMemory.Of(_factors);
        for (var start = 0; start < all.Length; start += factors.Length)
        {
            var row = all.Slice(start, factors.Length);
            TensorPrimitives.MultiplyAdd(row, unscaled.Slice(start, factors.Length), sums, sums);
            TensorPrimitives.Multiply(row, factors, row);
        }

        return ofFactors;
    }

    /// <summary>The same by calls of libtorch, for any device.</summary>
    internal torch.Tensor GradientsOnDevice(torch.Tensor gradient)
    {
        using var products = gradient.mul(_unscaled);
        gradient.mul_(_factors);
        return products.sum(dim: 0);
    }

    /// <summary>Gives the network W.</summary>
    internal void Multiply()
    {
        if (!HostMemory.Has(_weights, _unscaled, _factors))
        {
            MultiplyOnDevice();
            return;
        }

        Span<float> all = HostMemory.Of(_weights), unscaled = HostMemory.Of(_unscaled), factors = HostMemory.Of(_factors);
        for (var start = 0; start < all.Length; start += factors.Length)
            TensorPrimitives.Multiply(unscaled.Slice(start, factors.Length), factors, all.Slice(start, factors.Length));
    }

    /// <summary>The same by calls of libtorch, for any device.</summary>
    internal void MultiplyOnDevice()
    {
        using var product = _unscaled.mul(_factors);
        _weights.copy_(product);
    }

    private static float[] Copy(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.cpu().contiguous().data<float>().ToArray();
    }
}

/// <summary>What the primal optimizer knows of the factors of the inputs.</summary>
/// <param name="Unscaled">V, [units, inputs], row-major.</param>
/// <param name="Factors">s, [inputs].</param>
/// <param name="FirstMoment">The decayed mean of its gradients.</param>
/// <param name="SecondMoment">The decayed mean of their squares.</param>
internal sealed record InputScaleState(float[] Unscaled, float[] Factors, float[] FirstMoment, float[] SecondMoment);
