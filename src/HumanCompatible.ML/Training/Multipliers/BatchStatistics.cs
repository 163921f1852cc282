using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training.Multipliers;

/// <summary>What the constraints make of a batch, or of a member's part of it.</summary>
/// <param name="Exact">Of the exact predictions.</param>
/// <param name="Surrogate">Of the surrogates, float32, differentiable in this member's part; null where they are not needed, or no sums
/// over rows.</param>
internal sealed record BatchStatistics(double[] Exact, torch.Tensor? Surrogate)
{
    /// <summary>The numbers that the members of a collective add up.</summary>
    internal double[] Numbers
    {
        get
        {
            var numbers = new double[Exact.Length + (int)(Surrogate?.numel() ?? 0)];
            Exact.CopyTo(numbers, 0);
            if (Surrogate is not null)
                TensorValues.Read(Surrogate, numbers.AsSpan(Exact.Length));
            return numbers;
        }
    }

    /// <summary>
    /// The same of the whole batch. Gradients stay those of this member's part: the gradients of a function of sums add up to that of the
    /// whole.
    /// </summary>
    /// <param name="sums">The sums of <see cref="Numbers"/>.</param>
    internal BatchStatistics Of(ReadOnlySpan<double> sums)
    {
        var exact = sums[..Exact.Length].ToArray();
        if (Surrogate is null)
            return new(exact, null);
        using var scope = torch.NewDisposeScope();
        var total = TensorValues.CreateLike(sums[Exact.Length..], Surrogate).reshape(Surrogate.shape);
        return new(exact, Surrogate.add(total.sub(Surrogate.detach()), Scalars.One).MoveToOuterDisposeScope());
    }
}
