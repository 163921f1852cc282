namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>The rows of a population as text.</summary>
/// <param name="Numbers">The columns of numbers; an empty cell is a missing number.</param>
/// <param name="Categories">The columns of text, those of the groups among them; an empty cell of a group is a missing value.</param>
/// <param name="Rows">Each row: the numbers, the categories, then the label as 1 or 0.</param>
internal sealed record PopulationRows(IReadOnlyList<string> Numbers, IReadOnlyList<string> Categories, IReadOnlyList<string[]> Rows);
