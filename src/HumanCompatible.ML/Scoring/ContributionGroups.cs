using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Scoring;

/// <summary>
/// Adds up the contributions of feature slots (ML.NET's CalculateFeatureContribution) by the columns that the slots came from, such as all
/// slots of a one-hot encoded occupation.
/// </summary>
/// <remarks>
/// ML.NET's Concatenate names a slot after its column, <c>age</c>, or after its column and the slot in it, <c>occupation.Sales</c>. A slot
/// belongs to the column that is given, else to what stands before the first full stop; one without a name is <c>Slot 7</c>.
/// </remarks>
public sealed class ContributionGroups
{
    private readonly int[] _columnOfSlot;

    private ContributionGroups(string[] columns, int[] columnOfSlot) => (Columns, _columnOfSlot) = (columns, columnOfSlot);

    /// <summary>The columns, in the order of their first slots.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Takes the slot names of a column of contributions or of features.</summary>
    /// <param name="column">The column, such as <c>view.Schema["FeatureContributions"]</c>.</param>
    /// <param name="sourceColumnNames">The concatenated columns, where one has a full stop in its name; none where the first full stop of
    /// a slot's name ends the column's.</param>
    /// <returns>The groups.</returns>
    /// <exception cref="ArgumentException">The column is no vector, or its slots have no names; or source columns are given and a slot
    /// belongs to none of them. The message names the slot.</exception>
    public static ContributionGroups Of(DataViewSchema.Column column, params IReadOnlyCollection<string> sourceColumnNames)
    {
        ArgumentNullException.ThrowIfNull(sourceColumnNames);
        if (column.Type is not VectorDataViewType { Size: > 0 } vector || !column.HasSlotNames())
        {
            throw new ArgumentException($"The column '{column.Name}' must be a vector whose slots have names, as those of features from "
                + $"Concatenate do; its type is {column.Type}{(column.Type is VectorDataViewType ? ", without slot names" : "")}.",
                nameof(column));
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        var numbers = new OrderedDictionary<string, int>();
        var columnOfSlot = new int[vector.Size];
        foreach (var (slot, name) in names.DenseValues().Index())
        {
            var source = SourceOf(name.ToString(), slot, sourceColumnNames);
            numbers.TryAdd(source, numbers.Count);
            columnOfSlot[slot] = numbers[source];
        }

        return new ContributionGroups([.. numbers.Keys], columnOfSlot);
    }

    /// <summary>The contributions of the columns to the score of a row, the most negative first.</summary>
    /// <param name="contributions">Those of the slots, as the row has them.</param>
    /// <returns>One element for each column.</returns>
    /// <exception cref="ArgumentException">There are more or fewer contributions than slots.</exception>
    public IReadOnlyList<ColumnContribution> Sum(in VBuffer<float> contributions)
    {
        if (contributions.Length != _columnOfSlot.Length)
        {
            throw new ArgumentException($"There are {_columnOfSlot.Length} slots, got {contributions.Length} contributions.",
                nameof(contributions));
        }

        var sums = new double[Columns.Count];
        foreach (var (slot, value) in contributions.Items())
            sums[_columnOfSlot[slot]] += value;
        return [.. Columns.Zip(sums, (column, sum) => new ColumnContribution(column, sum)).OrderBy(contribution => contribution.Value)];
    }

    private static string SourceOf(string slotName, int slot, IReadOnlyCollection<string> sources)
    {
        if (slotName.Length == 0)
            return string.Create(CultureInfo.InvariantCulture, $"Slot {slot}");
        if (sources.Count > 0)
        {
            return sources.Where(source => slotName == source || slotName.StartsWith(source + ".", StringComparison.Ordinal))
                .MaxBy(source => source.Length) ?? throw new ArgumentException(
                    $"Slot {slot}, '{slotName}', belongs to none of the columns {string.Join(", ", sources.Select(Problems.Quote))}.",
                    nameof(sources));
        }

        return slotName.Split('.')[0];
    }
}
