using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// The columns that define groups, written as <c>"Sex"</c> or <c>["Sex", "Race"]</c>. Several columns mean the groups of their
/// intersection: each combination of values is a group. None, <c>[]</c>, means all rows as one group. Immutable; equal by value.
/// </summary>
[CollectionBuilder(typeof(ColumnNames), nameof(Create))]
[JsonConverter(typeof(Json))]
public readonly record struct ColumnNames : IReadOnlyList<string>
{
    private readonly string[]? _names;

    private ColumnNames(string[] names) => _names = names;

    /// <summary>The number of columns.</summary>
    internal int Count => Names.Length;

    internal string this[int index] => Names[index];

    int IReadOnlyCollection<string>.Count => Count;

    string IReadOnlyList<string>.this[int index] => this[index];

    private string[] Names => _names ?? [];

    /// <summary>Some columns; what <c>["Sex", "Race"]</c> calls.</summary>
    /// <param name="names">Their names, which are copied.</param>
    /// <returns>The columns.</returns>
    public static ColumnNames Create(ReadOnlySpan<string> names) => new(names.ToArray());

    /// <summary>One column.</summary>
    /// <param name="name">Its name.</param>
    public static implicit operator ColumnNames(string name) => new([name]);

    /// <summary>Some columns.</summary>
    /// <param name="names">Their names, which are copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="names"/> is null.</exception>
    public static implicit operator ColumnNames(string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return Create(names);
    }

    /// <summary>Whether others have the same names in the same order.</summary>
    /// <param name="other">The others.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Equals(ColumnNames other) => Names.AsSpan().SequenceEqual(other.Names);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var name in Names)
            hash.Add(name, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    /// <summary>The names in brackets, such as <c>[Sex, Race]</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"[{string.Join(", ", Names)}]";

    /// <summary>Goes through the names.</summary>
    /// <returns>The enumerator.</returns>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)Names).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>In a file columns are an array of names.</summary>
    internal sealed class Json : JsonConverter<ColumnNames>
    {
        public override ColumnNames Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => JsonSerializer.Deserialize<string[]>(ref reader, options) ?? throw new JsonException("Columns must not be null.");

        public override void Write(Utf8JsonWriter writer, ColumnNames value, JsonSerializerOptions options)
            => JsonSerializer.Serialize(writer, value.Names, options);
    }
}
