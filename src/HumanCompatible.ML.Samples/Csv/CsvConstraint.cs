using System.Globalization;
using HumanCompatible.ML.Constraints;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>A constraint as the command line names it: <c>dp:0.05</c>, or with columns of its own <c>dp:0.05@sex+race</c>.</summary>
/// <param name="Word">Which constraint.</param>
/// <param name="Bound">Its bound.</param>
/// <param name="Groups">The columns of its groups; null for those of <c>--group</c>.</param>
internal sealed record CsvConstraint(string Word, double Bound, IReadOnlyList<string>? Groups)
{
    private static readonly (string Word, string Meaning, Func<ColumnNames, double, FairnessConstraint> Declare)[] Known =
    [
        ("dp", "demographic parity", Fairness.DemographicParity),
        ("di", "disparate impact, a ratio", Fairness.DisparateImpact),
        ("eo", "equalized odds", Fairness.EqualizedOdds),
        ("eopp", "equal opportunity", Fairness.EqualOpportunity),
        ("fpr", "predictive equality", Fairness.PredictiveEquality),
        ("acc", "accuracy parity", Fairness.AccuracyParity),
        ("ppv", "predictive parity", Fairness.PredictiveParity),
        ("for", "false omission rate parity", Fairness.FalseOmissionRateParity),
        ("loss", "loss parity", Fairness.LossParity),
    ];

    /// <summary>The words with their meanings, for help.</summary>
    public static string Words => string.Join(", ", Known.Select(known => $"{known.Word} ({known.Meaning})"));

    public static CsvConstraint Parse(string text)
    {
        var scope = text.Split('@', 2);
        var parts = scope[0].Split(':', 2);
        var word = parts[0].Trim();
        if (!Known.Any(known => known.Word == word))
            throw new SampleInputException($"--constraint {text}: there is no constraint '{word}'; there are {Words}.");
        if (parts.Length < 2 || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var bound))
            throw new SampleInputException($"--constraint {text}: must be written as {word}:BOUND, such as {word}:0.05.");
        var (most, range) = word == "loss" ? (double.MaxValue, "a finite number of at least 0") : (1, "a number from 0 to 1");
        if (!(bound >= 0 && bound <= most))
            throw new SampleInputException($"--constraint {text}: the bound must be {range}, got {parts[1].Trim()}.");
        return new CsvConstraint(word, bound, scope.Length < 2 ? null : [.. scope[1].Split('+').Select(name => name.Trim())]);
    }

    /// <summary>The declaration, on the columns of its own or on <paramref name="groups"/>.</summary>
    public FairnessConstraint Declare(IReadOnlyList<string> groups)
        => Known.Single(known => known.Word == Word).Declare([.. Groups ?? groups], Bound);
}
