using System.Collections.Immutable;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// All that a dual optimizer knows, as plain values that share nothing with it: its clocks and, for every block, options, multipliers,
/// penalties and averages. Immutable; safe for use by several threads at once.
/// </summary>
public sealed record DualOptimizerState
{
    /// <summary>Epochs ended.</summary>
    public required long Epoch { get; init; }

    /// <summary>Updates made.</summary>
    public required long Updates { get; init; }

    /// <summary>The blocks in the order of the constraint vector.</summary>
    public required ImmutableArray<DualBlockState> Blocks { get; init; }

    /// <summary>The state as JSON, from which <see cref="FromJson"/> reads it bit for bit.</summary>
    /// <returns>The text, on one line.</returns>
    public string ToJson() => DualJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote. It names methods by words of a closed list, never types.</summary>
    /// <param name="json">The text.</param>
    /// <returns>The state.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="FormatException">The text is no such state, lacks a member or has an unknown one, or a value is out of its range;
    /// the message lists all of those.</exception>
    public static DualOptimizerState FromJson(string json)
        => DualJson.Read<DualOptimizerState>(json, "state", (state, problems) => state.Validate(problems));

    /// <summary>Reports everything by which the state contradicts itself.</summary>
    internal void Validate(Problems problems)
    {
        problems.AtLeast(nameof(Epoch), Epoch, 0);
        problems.AtLeast(nameof(Updates), Updates, 0);
        foreach (var block in Blocks.IsDefault ? [] : Blocks)
        {
            if (block is null)
                problems.Add($"{nameof(Blocks)} must hold no null.");
            else
                block.Validate(problems.For($"block '{block.Name}'"));
        }
    }
}
