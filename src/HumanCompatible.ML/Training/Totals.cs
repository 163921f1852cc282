using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Torch;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Training;

/// <summary>What the members of a collective compute of their parts of a batch, added up.</summary>
/// <param name="collective">The collective.</param>
internal sealed class Totals(ICollective collective)
{
    private float[] _gradient = [];

    /// <summary>Whether there is one member, whose part is the whole.</summary>
    internal bool IsAlone => collective.Count == 1;

    /// <summary>Replaces numbers by their sums over all members.</summary>
    internal void Add(double[] parts) => collective.Sum(parts);

    /// <summary>Puts the sums of the gradients of all members in the place of this member's.</summary>
    /// <param name="parameters">The weights, the same ones of each member.</param>
    internal void SumGradients(IReadOnlyList<Parameter> parameters)
    {
        if (IsAlone)
            return;
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] gradients = [.. parameters.Select(GradientOf)];
        var length = checked((int)gradients.Sum(gradient => gradient.numel()));
        if (_gradient.Length != length)
            _gradient = new float[length];
        Copy(gradients, (own, all) => own.CopyTo(all));
        collective.Sum(_gradient);
        Copy(gradients, (own, all) => all.CopyTo(own));
    }

    // Also a parameter that no row of this member needs has its place.
    private static torch.Tensor GradientOf(Parameter parameter) => parameter.grad ??= torch.zeros_like(parameter);

    private void Copy(torch.Tensor[] gradients, SpanAction copy)
    {
        using var noGradient = torch.no_grad();
        var start = 0;
        foreach (var gradient in gradients)
        {
            var all = _gradient.AsSpan(start, (int)gradient.numel());
            start += all.Length;
            if (HostMemory.Has(gradient))
            {
                copy(HostMemory.Of(gradient), all);
                continue;
            }

            using var local = gradient.cpu().contiguous();
            copy(HostMemory.Of(local), all);
            gradient.copy_(local);
        }
    }

    private delegate void SpanAction(Span<float> own, Span<float> all);
}
