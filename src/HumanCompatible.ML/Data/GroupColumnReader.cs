using System.Globalization;
using HumanCompatible.ML.Groups;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Data;

/// <summary>
/// Reads a group column in somebody's cursor pass: <see cref="Create"/> once, <see cref="Bind"/> to the cursor, <see cref="Read"/> after
/// each MoveNext, then <see cref="ToGroups()"/>.
/// </summary>
/// <remarks>
/// Text, key, Boolean and integer-valued numbers make groups, one per distinct value. Empty text, the missing key and NaN are the group
/// <see cref="Missing"/>; the group of a value that reads like that is named by it in quotes.
/// The groups are ordered by name (ordinal; numbers by value), so neither names nor codes depend on the order of rows.
/// </remarks>
internal abstract class GroupColumnReader
{
    /// <summary>The name of the group of rows whose value is missing.</summary>
    internal const string Missing = "(missing)";

    /// <summary>The largest number of groups: a column with more identifies rows rather than groups.</summary>
    internal const int LargestGroupCount = 1000;

    private readonly GrowingColumn<int> _codes = new();

    private protected GroupColumnReader(DataViewSchema.Column column) => Column = column;

    internal DataViewSchema.Column Column { get; }

    /// <summary>A reader of the column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="parameterName">The caller's parameter that named it, for the exception.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column's type makes no groups.</exception>
    internal static GroupColumnReader Create(DataViewSchema.Column column, string parameterName = "groupColumnNames") => column.Type switch
    {
        TextDataViewType => new GroupTextReader(column),
        BooleanDataViewType => new GroupBooleanReader(column),
        KeyDataViewType key when key.RawType == typeof(uint) => new GroupKeyReader<uint>(column),
        KeyDataViewType key when key.RawType == typeof(byte) => new GroupKeyReader<byte>(column),
        KeyDataViewType key when key.RawType == typeof(ushort) => new GroupKeyReader<ushort>(column),
        KeyDataViewType key when key.RawType == typeof(ulong) => new GroupKeyReader<ulong>(column),
        NumberDataViewType number when number.RawType == typeof(float) => new GroupNumberReader<float>(column),
        NumberDataViewType number when number.RawType == typeof(double) => new GroupNumberReader<double>(column),
        NumberDataViewType number when number.RawType == typeof(sbyte) => new GroupNumberReader<sbyte>(column),
        NumberDataViewType number when number.RawType == typeof(byte) => new GroupNumberReader<byte>(column),
        NumberDataViewType number when number.RawType == typeof(short) => new GroupNumberReader<short>(column),
        NumberDataViewType number when number.RawType == typeof(ushort) => new GroupNumberReader<ushort>(column),
        NumberDataViewType number when number.RawType == typeof(int) => new GroupNumberReader<int>(column),
        NumberDataViewType number when number.RawType == typeof(uint) => new GroupNumberReader<uint>(column),
        NumberDataViewType number when number.RawType == typeof(long) => new GroupNumberReader<long>(column),
        NumberDataViewType number when number.RawType == typeof(ulong) => new GroupNumberReader<ulong>(column),
        _ => throw SchemaMismatch.WrongType(parameterName, "group", column.Name, GroupColumnTypes.Expected, column.Type.ToString()!),
    };

    /// <summary>Takes the getters of a row or cursor in which the column is active.</summary>
    internal abstract void Bind(DataViewRow row);

    /// <summary>Reads the value of the current row.</summary>
    /// <exception cref="InvalidOperationException">The value makes no group, or there are too many groups.</exception>
    internal void Read() => _codes.Add(ReadCode(_codes.Count));

    /// <summary>Reads the value of the current row and keeps no more of it than its code.</summary>
    /// <param name="row">The number of the row, for the exception.</param>
    /// <returns>The code, for <see cref="ToGroups(IReadOnlyList{int})"/>: from 0 in the order in which values appear.</returns>
    /// <exception cref="InvalidOperationException">The value makes no group, or there are too many groups.</exception>
    internal int ReadCodeOf(int row) => ReadCode(row);

    /// <summary>The rows read so far and their groups.</summary>
    internal GroupColumn ToGroups() => ToGroups(_codes);

    /// <summary>The groups of what was read, for some codes.</summary>
    /// <param name="codesRead">The codes as they were read.</param>
    internal GroupColumn ToGroups(IReadOnlyList<int> codesRead)
    {
        (var names, var order) = OrderedNames();
        var rank = new int[order.Length];
        for (var i = 0; i < order.Length; i++) rank[order[i]] = i;
        if (names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidOperationException($"Group column '{Column.Name}' has two keys of the same name, '{twice.Key}'.");
        var codes = new int[codesRead.Count];
        for (var row = 0; row < codes.Length; row++) codes[row] = rank[codesRead[row]];
        return new GroupColumn(Column.Name, codes,
            [.. order.Select(code => names[code])])
        { MissingCode = MissingCode is int missing ? rank[missing] : null };
    }

    /// <summary>The code of the current row's value, in first-seen order.</summary>
    private protected abstract int ReadCode(int rowIndex);

    /// <summary>The code of missing values, in first-seen order; null where none was read.</summary>
    private protected abstract int? MissingCode { get; }

    /// <summary>The name of each code, and the codes in the order that their groups take.</summary>
    private protected abstract (string[] Names, int[] Order) OrderedNames();

    // "(missing)" takes a pair of quotes, and so does every text that is "(missing)" in quotes already: no two values get one name.
    private protected static string NameOf(string value)
    {
        var quotes = (value.Length - Missing.Length) / 2;
        return quotes >= 0 && value == new string('"', quotes) + Missing + new string('"', quotes) ? $"\"{value}\"" : value;
    }

    private protected void CheckCount(int groups)
    {
        if (groups > LargestGroupCount)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"Group column '{Column.Name}' has more than {LargestGroupCount:N0} different values; "
                    + $"a group column must name groups, not rows."));
        }
    }
}
