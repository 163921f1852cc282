using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Training;

/// <summary>
/// Moves the weights of a network by a <see cref="PrimalMethod"/>; with an envelope around the weights where one is asked for.
/// </summary>
/// <remarks>
/// It gives the numbers of TorchSharp's AdamW and SGD to rounding. Those make number operands that may be finalized while libtorch reads
/// them (see <see cref="Scalars"/>).
/// </remarks>
internal sealed class PrimalOptimizer : IDisposable
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly PrimalOptions _options;
    private readonly torch.Tensor[] _first;
    private readonly torch.Tensor[]? _second;
    private readonly MoreauEnvelope? _envelope;
    private readonly LazyFirstLayer? _layer;
    private readonly LazyStep? _lazy;
    private readonly InputScale? _scale;
    private readonly double _learningRate;
    private readonly double _weightDecay;
    private long _step;

    /// <param name="parameters">The weights.</param>
    /// <param name="learningRate">Above 0.</param>
    /// <param name="weightDecay">At least 0.</param>
    /// <param name="options">The method and what is added to it; the decay is given apart.</param>
    /// <param name="layer">The layer of the first parameter where that has its gradient apart, without an envelope; else null.</param>
    /// <param name="scalesInputs">Whether the first parameter, [units, inputs], has a learned factor for each input: with AdamW, and not
    /// where <paramref name="layer"/> is given.</param>
    internal PrimalOptimizer(IReadOnlyList<Parameter> parameters, double learningRate, double weightDecay, PrimalOptions options,
        LazyFirstLayer? layer = null, bool scalesInputs = false)
    {
        using var scope = torch.NewDisposeScope();
        (_parameters, _options, _learningRate, _weightDecay) = (parameters, options, learningRate, weightDecay);
        _first = [.. parameters.Select(Zeros)];
        _second = options.Method == PrimalMethod.AdamW ? [.. parameters.Select(Zeros)] : null;
        _envelope = options.MoreauEnvelope is { } envelope ? new MoreauEnvelope(parameters, envelope.Mu, envelope.Beta) : null;
        _scale = scalesInputs ? new InputScale(parameters[0]) : null;
        _layer = layer;
        _lazy = layer is null ? null : new LazyStep(layer, parameters[0], _first[0], _second?[0]);
    }

    /// <summary>Sets the factors of the inputs, where there are any, before the first step; the weights are multiplied by them.</summary>
    internal void Start(float[] factors) => _scale?.SetFactors(factors);

    /// <summary>Takes one step down the gradient of a number.</summary>
    /// <param name="objective">The number.</param>
    /// <param name="rateFactor">What the step size is multiplied by.</param>
    /// <param name="onGradients">Called with the weights when their gradients are known, to change these.</param>
    /// <param name="beforeMove">Called when the gradients are final and nothing has moved.</param>
    internal void Step(torch.Tensor objective, double rateFactor = 1, Action<IReadOnlyList<Parameter>>? onGradients = null,
        Action? beforeMove = null)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var parameter in _parameters)
            parameter.grad = null;
        _layer?.ClearGradient();
        objective.backward();
        onGradients?.Invoke(_parameters);
        if (_options.MaximumGradientNorm is { } most)
            GradientNorm.Clip(_parameters, _layer, most);
        _envelope?.Step();
        beforeMove?.Invoke();
        Move(_learningRate * rateFactor);
    }

    /// <summary>Brings weights up to date whose decay was put off.</summary>
    internal void EndEpoch() => _lazy?.CatchUp();

    /// <summary>A copy of what is known of each parameter.</summary>
    internal IReadOnlyList<PrimalState> Save()
    {
        var centers = _envelope?.StateDict();
        return [.. _first.Select((first, index)
            => new PrimalState(_step, Copy(first), _second is null ? [] : Copy(_second[index]), centers?[index])
            {
                Scale = index == 0 ? _scale?.Save() : null,
            })];
    }

    /// <summary>
    /// Takes over what <see cref="Save"/> gave. Where one side has no envelope, the envelope starts around the present weights. What
    /// another method knew says nothing here.
    /// </summary>
    /// <exception cref="ArgumentException">It is that of another network; nothing has changed.</exception>
    internal void Load(IReadOnlyList<PrimalState> saved)
    {
        if (_first.Length != saved.Count || _first.Zip(saved).Any(pair => pair.First.numel() != pair.Second.FirstMoment.Length
            || (pair.Second.SecondMoment.Length != 0 && pair.First.numel() != pair.Second.SecondMoment.Length)))
        {
            throw new ArgumentException("The state of the primal optimizer is that of another network.", nameof(saved));
        }

        if (saved is [{ Scale: { } scale }, ..])
            _scale?.Load(scale);
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        if (_envelope is not null && saved.All(state => state.Center is not null))
            _envelope.LoadStateDict([.. saved.Select(state => state.Center!)]);
        if (saved.Any(state => state.SecondMoment.Length == 0 != _second is null))
            return;
        for (var index = 0; index < saved.Count; index++)
        {
            _first[index].copy_(torch.tensor(saved[index].FirstMoment, device: torch.CPU).reshape(_first[index].shape));
            _second?[index].copy_(torch.tensor(saved[index].SecondMoment, device: torch.CPU).reshape(_first[index].shape));
        }

        _step = saved.Count == 0 ? 0 : saved[0].Step;
        _lazy?.Restart();
    }

    public void Dispose()
    {
        foreach (var moment in _first.Concat(_second ?? []))
            moment.Dispose();
        _envelope?.Dispose();
        _lazy?.Dispose();
        _scale?.Dispose();
    }

    private void Move(double learningRate)
    {
        using var noGradient = torch.no_grad();
        _step++;
        WeightStep step = _second is null ? new SgdStep(learningRate, _weightDecay, _options.MomentumOrDefault)
            : new AdamWStep(learningRate, _weightDecay, _step);
        for (var index = 0; index < _first.Length; index++)
        {
            // A parameter of the user's own module that the loss does not use has no gradient.
            if (_parameters[index].grad is not { } gradient)
                continue;
            if (index == 0 && _scale is not null)
                _scale.Apply(step, learningRate, _step, gradient, _first[0], _second![0]);
            else
                step.Apply(_parameters[index], gradient, _first[index], _second?[index]);
        }

        _lazy?.Apply(step);
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
