using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Training;

/// <summary>AdamW (Loshchilov and Hutter, 2019) on the weights of a network; without weight decay it is Adam (Kingma and Ba, 2015).</summary>
internal sealed class PrimalOptimizer : IDisposable
{
    private readonly AdamW _optimizer;
    private readonly MoreauEnvelope? _envelope;

    internal PrimalOptimizer(IReadOnlyList<Parameter> parameters, double learningRate, double weightDecay, MoreauEnvelopeOptions? envelope)
    {
        using var scope = torch.NewDisposeScope();
        _optimizer = torch.optim.AdamW(parameters, learningRate, weight_decay: weightDecay);
        _envelope = envelope is null ? null : new MoreauEnvelope(parameters, envelope.Mu, envelope.Beta);
    }

    /// <summary>Takes one step down the gradient of a number.</summary>
    internal void Step(torch.Tensor objective)
    {
        _optimizer.zero_grad();
        objective.backward();
        _envelope?.Step();
        _optimizer.step();
    }

    /// <summary>A copy of what is known of each parameter.</summary>
    internal IReadOnlyList<PrimalState> Save()
    {
        var centers = _envelope?.StateDict().Centers;
        return [.. States().Select((state, index) => new PrimalState(state.step, Copy(state.exp_avg), Copy(state.exp_avg_sq), centers?[index]))];
    }

    /// <summary>Takes over what <see cref="Save"/> gave. Where one side has no envelope, the envelope starts around the present weights.</summary>
    /// <exception cref="ArgumentException">It is that of another network; nothing has changed.</exception>
    internal void Load(IReadOnlyList<PrimalState> saved)
    {
        var states = States().ToList();
        if (states.Count != saved.Count || states.Zip(saved).Any(pair => pair.First.exp_avg.numel() != pair.Second.FirstMoment.Length || pair.First.exp_avg_sq.numel() != pair.Second.SecondMoment.Length))
            throw new ArgumentException("The state of the primal optimizer is that of another network.", nameof(saved));
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        foreach (var (state, from) in states.Zip(saved))
        {
            state.step = from.Step;
            state.exp_avg.copy_(torch.tensor(from.FirstMoment, device: torch.CPU).reshape(state.exp_avg.shape));
            state.exp_avg_sq.copy_(torch.tensor(from.SecondMoment, device: torch.CPU).reshape(state.exp_avg_sq.shape));
        }

        if (_envelope is not null && saved.All(state => state.Center is not null))
            _envelope.LoadStateDict(new MoreauEnvelopeState([.. states.Select(state => state.exp_avg.shape)], [.. saved.Select(state => state.Center!)]));
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _envelope?.Dispose();
    }

    private IEnumerable<AdamW.State> States() => _optimizer.state_dict().State.Cast<AdamW.State>();

    private static float[] Copy(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.detach().cpu().contiguous().data<float>().ToArray();
    }
}
