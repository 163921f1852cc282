using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// All that a dual optimizer knows, as plain values that share nothing with it: its clocks and, for every block, options, multipliers,
/// penalties and averages. Immutable; safe for use by several threads at once.
/// </summary>
public sealed record DualOptimizerState
{
    [JsonConstructor]
    internal DualOptimizerState()
    {
    }

    /// <summary>Epochs ended.</summary>
    [JsonInclude]
    [JsonRequired]
    public long Epoch { get; internal init; }

    /// <summary>Updates made.</summary>
    [JsonInclude]
    [JsonRequired]
    internal long Updates { get; init; }

    /// <summary>The blocks in the order of the constraint vector.</summary>
    [JsonInclude]
    [JsonRequired]
    internal ImmutableArray<DualBlockState> Blocks { get; init; }

    /// <summary>The state as JSON, from which <see cref="FromJson"/> reads it bit for bit.</summary>
    /// <returns>The text, on one line.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, JsonDialect.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote. It names methods by words of a closed list, never types.</summary>
    /// <param name="json">The text.</param>
    /// <returns>The state.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="FormatException">The text is no such state, lacks a member or has an unknown one, or a value is out of its range;
    /// the message lists all of those.</exception>
    public static DualOptimizerState FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var problems = new List<string>();
        try
        {
            var state = JsonSerializer.Deserialize<DualOptimizerState>(json, JsonDialect.Options) ?? throw new JsonException("It is null.");
            state.Validate(new(problems));
            if (problems.Count == 0)
                return state;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new FormatException($"The state of a dual optimizer cannot be read: {exception.Message}", exception);
        }

        throw new FormatException($"The state of a dual optimizer cannot be used: {string.Join(" ", problems)}");
    }

    /// <summary>Whether another state is the same, bit for bit.</summary>
    /// <param name="other">The other state.</param>
    /// <returns>Whether <see cref="ToJson"/> writes the same of both.</returns>
    public bool Equals(DualOptimizerState? other) => other is not null && ToJson() == other.ToJson();

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Epoch, Updates, Blocks.Length);

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

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
