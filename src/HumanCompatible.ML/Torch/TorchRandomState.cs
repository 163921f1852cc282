using TorchSharp;

namespace HumanCompatible.ML.Torch;

/// <summary>
/// A random state for code that can only draw from torch's process-wide processor generator (a user's factory, a user's dropout layer).
/// While such code runs, that generator holds this state; before and after it, what the caller left there. Runs exclude each other, so that
/// two trainings at once do not mix their states.
/// </summary>
internal sealed class TorchRandomState : IDisposable
{
    private static readonly Lock Exclusive = new();
    private torch.Tensor _state;

    /// <summary>The state of a generator of this seed.</summary>
    public TorchRandomState(long seed) => _state = StateOf(seed);

    /// <summary>Replaces the state by that of a generator of this seed.</summary>
    public void Reseed(long seed)
    {
        lock (Exclusive)
        {
            _state.Dispose();
            _state = StateOf(seed);
        }
    }

    /// <summary>Runs code on this state, then keeps the state that it left behind.</summary>
    public T Run<T>(Func<T> code)
    {
        lock (Exclusive)
        {
            using var callers = torch.get_rng_state();
            torch.set_rng_state(_state);
            try
            {
                return code();
            }
            finally
            {
                _state.Dispose();
                _state = torch.get_rng_state().DetachFromDisposeScope();
                torch.set_rng_state(callers);
            }
        }
    }

    /// <summary>Frees the state.</summary>
    public void Dispose() => _state.Dispose();

    private static torch.Tensor StateOf(long seed)
    {
        using torch.Generator generator = new((ulong)seed);
        return generator.get_state().DetachFromDisposeScope();
    }
}
