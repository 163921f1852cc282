using System.Globalization;

namespace HumanCompatible.ML.Scoring;

/// <summary>What a column contributes to the score of a row, see <see cref="ContributionGroups"/>.</summary>
/// <param name="Column">The name of the column.</param>
/// <param name="Value">The sum of the contributions of its slots: positive where the column raises the score.</param>
public sealed record ColumnContribution(string Column, double Value)
{
    /// <summary>The column and its contribution.</summary>
    /// <returns>For example <c>occupation -0.4213</c>.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Column} {Value:+0.0000;-0.0000;0.0000}");
}
