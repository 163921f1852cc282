using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>What the csv command is asked to do.</summary>
internal sealed record CsvOptions
{
    /// <summary>The table to train on; where no test table is named, also to test on.</summary>
    public required string File { get; init; }

    /// <summary>The table to test on; null to hold out <see cref="TestFraction"/> of <see cref="File"/>.</summary>
    public string? TestFile { get; init; }

    /// <summary>The share of the rows to test on, between 0 and 1.</summary>
    public double TestFraction { get; init; } = 0.3;

    /// <summary>The lines at the start of the test table that are not part of it.</summary>
    public int SkippedTestLines { get; init; }

    /// <summary>The column to predict.</summary>
    public required string Label { get; init; }

    /// <summary>The value of the label that counts as positive; all others are negative.</summary>
    public required string Positive { get; init; }

    /// <summary>The columns whose combinations of values are the groups.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>The constraints; none trains without.</summary>
    public IReadOnlyList<CsvConstraint> Constraints { get; init; } = [];

    /// <summary>One run for each.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1];

    /// <summary>Columns that are categories, whatever they look like.</summary>
    public IReadOnlyList<string> Categorical { get; init; } = [];

    /// <summary>Columns that are numbers, whatever they look like.</summary>
    public IReadOnlyList<string> Numeric { get; init; } = [];

    /// <summary>Columns that are not features.</summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];

    /// <summary>Rows to keep: of each named column only those with one of the values.</summary>
    public IReadOnlyList<CsvFilter> Filters { get; init; } = [];

    /// <summary>The column with the weights of the rows; null weighs all alike.</summary>
    public string? Weight { get; init; }

    /// <summary>The trainer's option of that name: with which confidence the bounds are to hold on unseen data; null for none.</summary>
    public double? Confidence { get; init; }

    /// <summary>The trainer's option: the fewest training rows of a group that the constraints speak of.</summary>
    public int MinimumGroupSize { get; init; } = new GroupOptions().MinimumSize;

    /// <summary>The trainer's option: what is done with rows without a value in a group column.</summary>
    public GroupPolicy MissingGroups { get; init; } = new GroupOptions().MissingValues;

    /// <summary>The trainer's option: where the network is trained.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Which texts mean that a value is missing.</summary>
    public MissingValues Missing { get; init; } = MissingValues.Usual;

    /// <summary>What stands before the fractions of numbers; null to guess.</summary>
    public DecimalSign? Decimal { get; init; }

    /// <summary>The names of the columns of a file without a header; null where the first line is the header.</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>What separates the cells; null to guess.</summary>
    public char? Separator { get; init; }

    /// <summary>Where the report is written; null for nowhere.</summary>
    public string? JsonPath { get; init; }

    /// <summary>Where the page is written; null for nowhere.</summary>
    public string? ReportPath { get; init; }

    /// <summary>Where the best model is saved; null for nowhere.</summary>
    public string? ModelPath { get; init; }

    // What the pipeline names its own columns; a later column of a name hides an earlier one.
    private static readonly string[] TakenNames = ["Features", "Score", "Probability", "PredictedLabel"];

    /// <summary>Checks that the columns that the options name are in the table, in one role each, and have no name that training needs.
    /// </summary>
    /// <exception cref="SampleInputException">One is not.</exception>
    public void Check(CsvTable table)
    {
        CheckColumns(table);
        if (Groups.Append(Label).FirstOrDefault(TakenNames.Contains) is { } taken)
            throw new SampleInputException($"The column '{taken}' has a name that the model gives to a column of its own. Rename it.");
    }

    /// <summary>Checks that the columns that the options name are in the table, and in one role each.</summary>
    /// <exception cref="SampleInputException">One is not.</exception>
    public void CheckColumns(CsvTable table)
    {
        table.IndexOf("--label", Label);
        foreach (var (option, names) in new[] { ("--group", Groups), ("--categorical", Categorical), ("--numeric", Numeric),
            ("--drop", Dropped), ("--weight", Weight is null ? [] : [Weight]) })
        {
            foreach (var name in names)
            {
                table.IndexOf(option, name);
                if (name == Label)
                    throw new SampleInputException($"{option} {name}: that is the label.");
            }
        }
        foreach (var constraint in Constraints)
        {
            if (constraint.Groups?.FirstOrDefault(name => !Groups.Contains(name)) is { } stranger)
            {
                throw new SampleInputException($"--constraint {constraint.Word}: '{stranger}' is not one of the columns of --group "
                    + $"({CsvTable.Listed(Groups)}).");
            }
        }
        if (Numeric.FirstOrDefault(Categorical.Contains) is { } both)
            throw new SampleInputException($"--numeric {both}: --categorical names it, too.");
        if (Weight is not null && Groups.Concat(Categorical).Contains(Weight))
            throw new SampleInputException($"--weight {Weight}: --{(Groups.Contains(Weight) ? "group" : "categorical")} names it, too.");
        if (Numeric.FirstOrDefault(Groups.Contains) is { } group)
            throw new SampleInputException($"--numeric {group}: --group names it, too, and the values of a group column are categories.");
    }
}
