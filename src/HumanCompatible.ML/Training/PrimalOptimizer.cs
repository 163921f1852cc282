using HumanCompatible.ML.Tensors;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Training;

/// <summary>
/// AdamW (Loshchilov and Hutter, 2019, Algorithm 2) on the weights of a network; without weight decay it is Adam (Kingma and Ba, 2015, Algorithm 1): with g the gradient,
/// m &lt;- b1 m + (1 - b1) g, v &lt;- b2 v + (1 - b2) g g, w &lt;- (1 - lr decay) w - lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps); b1 = 0.9, b2 = 0.999, eps = 1e-8.
/// </summary>
/// <remarks>The same numbers as TorchSharp's AdamW, whose number operands may be finalized while libtorch reads them (see <see cref="Scalars"/>).</remarks>
internal sealed class PrimalOptimizer : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly torch.Tensor[] _first;
    private readonly torch.Tensor[] _second;
    private readonly MoreauEnvelope? _envelope;
    private readonly double _learningRate;
    private readonly double _weightDecay;
    private long _step;

    internal PrimalOptimizer(IReadOnlyList<Parameter> parameters, double learningRate, double weightDecay, MoreauEnvelopeOptions? envelope)
    {
        using var scope = torch.NewDisposeScope();
        _parameters = parameters;
        _learningRate = learningRate;
        _weightDecay = weightDecay;
        _first = [.. parameters.Select(Zeros)];
        _second = [.. parameters.Select(Zeros)];
        _envelope = envelope is null ? null : new MoreauEnvelope(parameters, envelope.Mu, envelope.Beta);
    }

    /// <summary>Takes one step down the gradient of a number.</summary>
    internal void Step(torch.Tensor objective)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var parameter in _parameters)
            parameter.grad?.zero_();
        objective.backward();
        _envelope?.Step();
        Move();
    }

    /// <summary>A copy of what is known of each parameter.</summary>
    internal IReadOnlyList<PrimalState> Save()
    {
        var centers = _envelope?.StateDict().Centers;
        return [.. _first.Select((first, index) => new PrimalState(_step, Copy(first), Copy(_second[index]), centers?[index]))];
    }

    /// <summary>Takes over what <see cref="Save"/> gave. Where one side has no envelope, the envelope starts around the present weights.</summary>
    /// <exception cref="ArgumentException">It is that of another network; nothing has changed.</exception>
    internal void Load(IReadOnlyList<PrimalState> saved)
    {
        if (_first.Length != saved.Count || _first.Zip(saved).Any(pair => pair.First.numel() != pair.Second.FirstMoment.Length || pair.First.numel() != pair.Second.SecondMoment.Length))
            throw new ArgumentException("The state of the primal optimizer is that of another network.", nameof(saved));
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        for (var index = 0; index < saved.Count; index++)
        {
            _first[index].copy_(torch.tensor(saved[index].FirstMoment, device: torch.CPU).reshape(_first[index].shape));
            _second[index].copy_(torch.tensor(saved[index].SecondMoment, device: torch.CPU).reshape(_second[index].shape));
        }

        _step = saved.Count == 0 ? 0 : saved[0].Step;
        if (_envelope is not null && saved.All(state => state.Center is not null))
            _envelope.LoadStateDict(new MoreauEnvelopeState([.. _first.Select(first => first.shape)], [.. saved.Select(state => state.Center!)]));
    }

    public void Dispose()
    {
        foreach (var moment in _first.Concat(_second))
            moment.Dispose();
        _envelope?.Dispose();
    }

    private void Move()
    {
        using var noGradient = torch.no_grad();
        _step++;
        var scale = Math.Sqrt(1 - Math.Pow(Beta2, _step));
        var size = _learningRate / (1 - Math.Pow(Beta1, _step));
        for (var index = 0; index < _first.Length; index++)
        {
            var (weights, first, second) = (_parameters[index], _first[index], _second[index]);

            // A parameter of the user's own module that the loss does not use has none.
            if (weights.grad is not { } gradient)
                continue;
            if (_weightDecay != 0)
                weights.mul_(Scalars.Of(1 - (_learningRate * _weightDecay)));
            first.mul_(Scalars.Of(Beta1)).add_(gradient, Scalars.Of(1 - Beta1));
            second.mul_(Scalars.Of(Beta2)).addcmul_(gradient, gradient, Scalars.Of(1 - Beta2));
            var root = second.sqrt().div_(Scalars.Of(scale)).add_(Scalars.Of(Epsilon), Scalars.One);
            weights.addcdiv_(first, root, Scalars.Of(-size));
        }
    }

    private static torch.Tensor Zeros(Parameter parameter)
    {
        using var noGradient = torch.no_grad();
        return torch.zeros_like(parameter).DetachFromDisposeScope();
    }

    private static float[] Copy(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.detach().cpu().contiguous().data<float>().ToArray();
    }
}
