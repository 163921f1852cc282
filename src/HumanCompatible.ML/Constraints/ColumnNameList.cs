using System.Collections;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// A list of column names that nobody can change and that equals another with the same names in the same order, so that records holding it
/// are equal by value.
/// </summary>
internal sealed class ColumnNameList : IReadOnlyList<string>, IEquatable<ColumnNameList>
{
    private readonly string[] _names;

    private ColumnNameList(string[] names) => _names = names;

    internal static ColumnNameList Of(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names as ColumnNameList ?? new ColumnNameList([.. names]);
    }

    public int Count => _names.Length;

    public string this[int index] => _names[index];

    public bool Equals(ColumnNameList? other) => other is not null && _names.AsSpan().SequenceEqual(other._names);

    public override bool Equals(object? obj) => Equals(obj as ColumnNameList);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var name in _names) hash.Add(name, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", _names)}]";

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_names).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
