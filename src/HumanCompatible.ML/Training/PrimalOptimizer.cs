using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Training;

/// <summary>Adam (Kingma and Ba, 2015), or AdamW (Loshchilov and Hutter, 2019) where there is weight decay, on the weights of a network.</summary>
internal sealed class PrimalOptimizer : IDisposable
{
    private readonly torch.optim.Optimizer _optimizer;

    internal PrimalOptimizer(IReadOnlyList<Parameter> parameters, double learningRate, double weightDecay)
    {
        using var scope = torch.NewDisposeScope();
        _optimizer = weightDecay == 0
            ? torch.optim.Adam(parameters, learningRate)
            : torch.optim.AdamW(parameters, learningRate, weight_decay: weightDecay);
    }

    /// <summary>Takes one step down the gradient of a number.</summary>
    internal void Step(torch.Tensor objective)
    {
        _optimizer.zero_grad();
        objective.backward();
        _optimizer.step();
    }

    public void Dispose() => _optimizer.Dispose();
}
