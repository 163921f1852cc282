using System.Globalization;
using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Groups;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Data;

/// <summary>
/// The tables that the members of a collective have read, as one: those of the first, then those of the second, and so on. Each member has
/// the labels, weights and groups of all rows, and the features of its own.
/// </summary>
internal static class SharedTable
{
    /// <summary>The table of all members.</summary>
    /// <param name="own">What this member has read.</param>
    /// <param name="schema">The schema of the data.</param>
    /// <param name="collective">The collective.</param>
    /// <exception cref="InvalidOperationException">The members have data of different kinds, as all say; or the rows of all take more
    /// memory than they may.</exception>
    /// <exception cref="IOException">The disk of the temporary file is full, or fails.</exception>
    internal static RawTable Of(RawTable own, DataViewSchema schema, ICollective collective)
    {
        if (collective.Count == 1)
            return own;
        var told = Exchange.Gather(collective, [own.RowCount, own.Features.FeatureCount, own.Weights is null ? 0 : 1]);
        var kinds = Exchange.Gather(collective, own.Task.Classes);
        for (var member = 0; member < told.Length; member++)
        {
            if (told[member][1] != told[0][1] || told[member][2] != told[0][2] || !kinds[member].SequenceEqual(kinds[0]))
            {
                throw new InvalidOperationException(
                    $"Member {member} has {Kind(member)}, but member 0 {Kind(0)}: all read parts of one table.");
            }
        }

        string Kind(int member) => string.Create(CultureInfo.InvariantCulture, $"{told[member][1]} features, ")
            + $"{(told[member][2] > 0 ? "weights" : "no weights")} and the classes [{string.Join(", ", kinds[member])}]";

        var first = (int)told.Take(collective.Rank).Sum(numbers => numbers[0]);
        var count = checked((int)told.Sum(numbers => numbers[0]));
        own.Features.AddRowsOfOthers(count - own.RowCount);
        return own with
        {
            Labels = Exchange.Join(collective, own.Labels, first, count),
            Weights = own.Weights is null ? null : Exchange.Join(collective, own.Weights, first, count),
            Groups = own.Groups.Values.OrderBy(column => column.Name, StringComparer.Ordinal)
                .Select(column => Join(collective, column, IsByNumber(schema[column.Name]), first, count))
                .ToDictionary(column => column.Name),
            Collective = collective,
            FirstRow = first,
        };
    }

    private static bool IsByNumber(DataViewSchema.Column column) => column.Type is NumberDataViewType
        || (column.Type is KeyDataViewType && column.Annotations.Schema.GetColumnOrNull("KeyValues") is null);

    // The groups of all members in the order that their values have in one table.
    private static GroupColumn Join(ICollective collective, GroupColumn own, bool isByNumber, int first, int count)
    {
        var names = Exchange.Gather(collective, own.GroupNames);
        var missing = Exchange.Gather(collective, own.MissingCode is { } code ? [own.GroupNames[code]] : Array.Empty<string>())
            .SelectMany(all => all).FirstOrDefault();
        string[] all = [.. names.SelectMany(group => group).Distinct()];
        all = isByNumber
            ? [.. all.OrderBy(name => name == missing ? double.NegativeInfinity : double.Parse(name, CultureInfo.InvariantCulture))]
            : [.. all.OrderBy(name => name, StringComparer.Ordinal)];
        var codeOf = all.Index().ToDictionary(group => group.Item, group => group.Index);
        var codes = Exchange.Join(collective,
            Array.ConvertAll(own.CodeOfRow, group => (float)codeOf[own.GroupNames[group]]), first, count);
        return new GroupColumn(own.Name, Array.ConvertAll(codes, group => (int)group), all)
        {
            MissingCode = missing is null ? null : codeOf[missing],
        };
    }
}
