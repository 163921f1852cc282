using System.Collections.Immutable;

namespace HumanCompatible.ML.Duals;

/// <content>Saving and loading.</content>
public abstract partial class DualOptimizer
{
    /// <summary>A deep copy of all that this optimizer knows: clocks, options, multipliers, penalties and averages.</summary>
    /// <returns>The state, which later updates do not reach.</returns>
    public DualOptimizerState StateDict() => new()
    {
        Epoch = Epoch,
        Updates = _updates,
        Blocks = [.. _blocks.Select(block => block.Save(_duals.AsSpan(block.Offset, block.Count)))],
    };

    /// <summary>
    /// Takes over a state of the same method and blocks, its options included. The type and device of this optimizer stay.
    /// </summary>
    /// <param name="state">What <see cref="StateDict"/> gave; it is copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="state"/> is null.</exception>
    /// <exception cref="ArgumentException">The method, a block or a value does not fit; the message lists all of it, and nothing has
    /// changed.</exception>
    public void LoadStateDict(DualOptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var problems = new Problems();
        state.Validate(problems);
        ValidateBlocks(state.Blocks.IsDefault ? [] : state.Blocks, problems);
        problems.ThrowIfAny(nameof(LoadStateDict));

        foreach (var (block, loaded) in _blocks.Zip(state.Blocks))
        {
            block.Load(loaded);
            loaded.Duals.CopyTo(_duals, block.Offset);
        }

        (Epoch, _updates) = (state.Epoch, state.Updates);
    }

    private void ValidateBlocks(ImmutableArray<DualBlockState> loaded, Problems problems)
    {
        if (loaded.Length != _blocks.Count)
            problems.Add($"the state must have {_blocks.Count} block(s), got {loaded.Length}.");
        foreach (var (own, other) in _blocks.Zip(loaded).Where(pair => pair.Second is not null))
        {
            var of = problems.For($"block '{own.Name}'");
            if (other.GetType() != own.StateType)
                of.Add($"the state must be a {own.StateType.Name}, got a {other.GetType().Name}.");
            if (other.Name != own.Name)
                of.Add($"its name in the state must be the same, got '{other.Name}'.");
            if (!other.Duals.IsDefaultOrEmpty && other.Duals.Length != own.Count)
                of.Add($"the state must hold {own.Count} constraint(s), got {other.Duals.Length}.");
            if (other.ConstraintKind != own.Kind)
                of.Add($"{nameof(other.ConstraintKind)} must be {own.Kind}, got {other.ConstraintKind}.");
        }
    }
}
