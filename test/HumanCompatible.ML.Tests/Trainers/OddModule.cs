using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>A linear module that makes something else of its outputs.</summary>
internal sealed class OddModule : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    private readonly Linear _linear;
    private readonly Func<torch.Tensor, torch.Tensor> _change;

    internal OddModule(int inputs, Func<torch.Tensor, torch.Tensor> change)
        : base(nameof(OddModule))
    {
        (_linear, _change) = (torch.nn.Linear(inputs, 1), change);
        RegisterComponents();
    }

    public override torch.Tensor forward(torch.Tensor input) => _change(_linear.call(input));
}
