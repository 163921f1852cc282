
namespace HumanCompatible.ML.Groups;

/// <summary>A partition under the rules for missing values and for small groups.</summary>
/// <param name="Partition">The groups that count.</param>
/// <param name="Excluded">The others.</param>
/// <param name="Warnings">What the user should know.</param>
/// <param name="Problems">What the options do not allow.</param>
internal sealed record GroupFilter(GroupPartition Partition, IReadOnlyList<ExcludedGroup> Excluded, IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Problems)
{
    /// <summary>Groups of fewer rows that count are worth a warning: at 30 rows the standard error of a rate is up to 0.09.</summary>
    internal const int FewRows = 30;

    private const string Option = $"Groups.{nameof(GroupOptions.MissingValues)}";
    private const string Advice = $": fill it in, or set {Option} to {nameof(GroupPolicy.Include)} or {nameof(GroupPolicy.Exclude)}.";

    internal static GroupFilter Of(GroupPartition partition, GroupOptions options)
    {
        var excluded = new List<ExcludedGroup>();
        List<string> warnings = [], problems = [];
        if (partition.ColumnNames.Count == 0)
            return new GroupFilter(partition, excluded, warnings, problems);

        var isMissing = partition.MissingGroups.Count > 0;
        if (isMissing && options.MissingValues == GroupPolicy.Error)
            problems.Add(MissingRows(partition, "the data") + Advice);
        if (isMissing && options.MissingValues == GroupPolicy.Exclude)
        {
            warnings.Add(LeftOut(partition, "the data", "train the loss"));
            excluded.AddRange(partition.MissingGroups.Select(group
                => new ExcludedGroup(partition.GroupNames[group], $"{ExcludedGroup.Rows(partition.Counts[group])}, a missing value")));
            partition = partition.WithoutMissingValues();
        }

        var small = Below(partition, options.MinimumSize);
        var rule = $"fewer than {options.MinimumSize} rows (Groups.{nameof(options.MinimumSize)})";
        if (small.Count > 0 && options.SmallGroups == GroupPolicy.Error)
            problems.Add($"groups of {Columns(partition)} have {rule}: {ExcludedGroup.List(small)}.");
        if (small.Count > 0 && options.SmallGroups == GroupPolicy.Exclude)
        {
            warnings.Add(
                $"Groups of {Columns(partition)} have {rule}: {ExcludedGroup.List(small)}. Their rows train the loss, but these "
                + "groups are excluded from the constraints on these columns.");
            excluded.AddRange(small.Select(group
                => new ExcludedGroup(group.Name, $"{ExcludedGroup.Rows(group.Rows)}, fewer than {options.MinimumSize}")));
            partition = partition.WithoutGroupsBelow(options.MinimumSize);
        }

        if (Below(partition, FewRows) is { Count: > 0 } few)
        {
            warnings.Add(
                $"Groups of {Columns(partition)} have fewer than {FewRows} rows: {ExcludedGroup.List(few)}. Rates of so few rows are "
                + $"mostly chance; Groups.{nameof(options.MinimumSize)} leaves such groups out.");
        }

        return new GroupFilter(partition, excluded, warnings, problems);
    }

    /// <summary>
    /// The groups of the validation data under the rule for missing values; which groups are small the training data say.
    /// </summary>
    /// <exception cref="InvalidOperationException">Values are missing and must not be.</exception>
    internal static GroupPartitions OfValidation(GroupPartitions partitions, GroupOptions options,
        out IReadOnlyList<string> warnings)
    {
        GroupPartition[] missing = [.. partitions.Distinct.Where(partition => partition.MissingGroups.Count > 0)];
        if (missing.Length > 0 && options.MissingValues == GroupPolicy.Error)
            throw new InvalidOperationException(MissingRows(missing[0], "the validation data") + Advice);
        warnings = [];
        if (options.MissingValues != GroupPolicy.Exclude)
            return partitions;
        warnings = [.. missing.Select(partition => LeftOut(partition, "the validation data", "count for the accuracy"))];
        return partitions with { Distinct = [.. partitions.Distinct.Select(partition => partition.WithoutMissingValues())] };
    }

    /// <summary>"3 rows of the data without a value in 'Sex' or 'Race'".</summary>
    internal static string MissingRows(GroupPartition partition, string what)
        => $"{ExcludedGroup.Rows(partition.MissingGroups.Sum(group => partition.Counts[group]))} of {what} without a value in "
            + string.Join(" or ", partition.ColumnNames.Select(name => $"'{name}'"));

    private static string LeftOut(GroupPartition partition, string what, string use)
        => $"{MissingRows(partition, what)}: they {use}, but belong to no group of the constraints on these columns. "
            + $"{Option} = {nameof(GroupPolicy)}.{nameof(GroupPolicy.Include)} makes them a group.";

    private static List<(string Name, int Rows)> Below(GroupPartition partition, int minimum)
        => [.. partition.GroupNames.Zip(partition.Counts).Where(group => group.Second < minimum)];

    private static string Columns(GroupPartition partition) => $"'{string.Join(", ", partition.ColumnNames)}'";
}
