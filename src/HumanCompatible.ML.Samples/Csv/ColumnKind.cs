namespace HumanCompatible.ML.Samples.Csv;

/// <summary>How a column enters the network.</summary>
internal enum ColumnKind
{
    /// <summary>As a number; a missing cell is the mean.</summary>
    Numeric,

    /// <summary>One-hot; a missing cell is a category of its own.</summary>
    Categorical,

    /// <summary>Not at all.</summary>
    Left,
}
