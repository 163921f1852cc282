using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>What all optimizers share: groups, states by parameter, and their files.</summary>
public abstract class OptimizerHelper : torch.optim.Optimizer
{
    private protected readonly Dictionary<nint, OptimizerState> states = [];
    private readonly List<OptimizerState> created = [];

    public virtual StateDictionary state_dict()
    {
        var result = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            result.Options.Add(group.Options);
            var indices = new List<int>();
            foreach (var parameter in group.Parameters)
            {
                indices.Add(result.State.Count);
                result.State.Add(states[parameter.Handle]);
            }
            result.StateIndexRef.Add(indices);
        }
        return result;
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        CheckCounts(own, state_dict.Options.Count, state_dict.State.Count);
        for (var i = 0; i < own.Options.Count; i++)
            if (own.Options[i] != state_dict.Options[i]) own.Options[i].LoadStateDict(state_dict.Options[i]);
        for (var i = 0; i < own.State.Count; i++)
            if (own.State[i] != state_dict.State[i]) own.State[i].LoadStateDict(state_dict.State[i]);
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        writer.Write(GetType().Name);
        var own = state_dict();
        writer.Encode(own.Options.Count);
        writer.Encode(own.State.Count);
        foreach (var options in own.Options) options.SaveStateDict(writer);
        foreach (var state in own.State) state.SaveStateDict(writer);
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    public void load_state_dict(BinaryReader reader)
    {
        var kind = reader.ReadString();
        if (kind != GetType().Name)
            throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{kind}' in the loaded stream.");
        var (groups, count) = (reader.Decode(), reader.Decode());
        var own = state_dict();
        CheckCounts(own, groups, count);
        foreach (var options in own.Options) options.LoadStateDict(reader);
        foreach (var state in own.State) state.LoadStateDict(reader);
    }

    /// <summary>Moves the states to where the parameters went.</summary>
    public void to(torch.Device device)
    {
        foreach (var state in state_dict().State) state.to(device);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var state in created) (state as IDisposable)?.Dispose();
        base.Dispose(disposing);
    }

    private protected void AddGroup(ParamGroup group, OptimizerOptions options, Func<Parameter, OptimizerState> stateOf)
    {
        options.InitialLearningRate = options.LearningRate!.Value;
        group.Options = options;
        _parameter_groups.Add(group);
        foreach (var parameter in group.Parameters)
        {
            var state = stateOf(parameter);
            states[parameter.Handle] = state;
            created.Add(state);
            state.Initialize(options);
        }
    }

    /// <summary>Evaluates the closure, if there is one, and steps each group, without autograd and in a scope of its own.</summary>
    private protected torch.Tensor? Step(Func<torch.Tensor>? closure, Action<ParamGroup> stepGroup)
    {
        torch.Tensor? loss = null;
        if (closure is not null)
        {
            using var enabled = torch.enable_grad();
            loss = closure();
        }
        using var disabled = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        foreach (var group in _parameter_groups) stepGroup(group);
        return loss;
    }

    private static void CheckCounts(StateDictionary own, long groups, long states)
    {
        if (groups != own.Options.Count) throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
        if (states != own.State.Count) throw new ArgumentException("Invalid optimizer state -- different number of states.");
    }
}
