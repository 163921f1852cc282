using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Data;

/// <summary>Makes readers of columns of numbers that are divided into bins.</summary>
internal static class GroupBinEdges
{
    /// <summary>A reader of a column, in bins where it has edges.</summary>
    /// <exception cref="ArgumentException">The edges are not finite and ascending, or the column holds no numbers.</exception>
    internal static GroupColumnReader CreateReader(DataViewSchema.Column column,
        IReadOnlyDictionary<string, IReadOnlyList<double>>? groupBins, string parameterName)
    {
        if (groupBins is null || !groupBins.TryGetValue(column.Name, out var edges))
            return GroupColumnReader.Create(column, parameterName);
        if (edges is not { Count: > 0 } || !edges.All(double.IsFinite) || edges.Zip(edges.Skip(1)).Any(two => two.First >= two.Second))
        {
            throw new ArgumentException($"The bins of '{column.Name}' must be divided by at least one edge, all finite and ascending, got "
                + $"[{string.Join(", ", (edges ?? []).Select(edge => edge.ToString(CultureInfo.InvariantCulture)))}].", nameof(groupBins));
        }

        var array = edges.ToArray();
        if (column.Type is not NumberDataViewType)
            throw SchemaMismatch.WrongType(parameterName, "group", column.Name, "a number, for it has bins", column.Type.ToString()!);
        return Type.GetTypeCode(column.Type.RawType) switch
        {
            TypeCode.Single => new GroupBinReader<float>(column, array),
            TypeCode.Double => new GroupBinReader<double>(column, array),
            TypeCode.SByte => new GroupBinReader<sbyte>(column, array),
            TypeCode.Byte => new GroupBinReader<byte>(column, array),
            TypeCode.Int16 => new GroupBinReader<short>(column, array),
            TypeCode.UInt16 => new GroupBinReader<ushort>(column, array),
            TypeCode.Int32 => new GroupBinReader<int>(column, array),
            TypeCode.UInt32 => new GroupBinReader<uint>(column, array),
            TypeCode.Int64 => new GroupBinReader<long>(column, array),
            _ => new GroupBinReader<ulong>(column, array),
        };
    }

    /// <summary>Checks that every column with bins is one of those that divide the rows.</summary>
    /// <exception cref="ArgumentException">One is not.</exception>
    internal static void CheckNames(IReadOnlyDictionary<string, IReadOnlyList<double>>? groupBins, IReadOnlyList<string> columnNames)
    {
        if (groupBins?.Keys.FirstOrDefault(name => !columnNames.Contains(name)) is { } other)
            throw new ArgumentException($"'{other}' has bins, but is no group or control column.", nameof(groupBins));
    }
}
