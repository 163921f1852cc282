namespace HumanCompatible.ML.Samples.Csv;

/// <summary>A row that is used.</summary>
/// <param name="Cells">Its cells.</param>
/// <param name="IsPositive">Whether its label is the positive value.</param>
internal sealed record CsvRow(string[] Cells, bool IsPositive);
