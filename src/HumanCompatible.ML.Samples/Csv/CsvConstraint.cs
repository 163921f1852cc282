using System.Globalization;
using HumanCompatible.ML.Constraints;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>A constraint as the command line names it: <c>dp:0.05</c>, or with columns of its own <c>dp:0.05@sex+race</c>.</summary>
/// <param name="Word">Which constraint.</param>
/// <param name="Bound">Its bound.</param>
/// <param name="Groups">The columns of its groups; null for those of <c>--group</c>.</param>
internal sealed record CsvConstraint(string Word, double Bound, IReadOnlyList<string>? Groups)
{
    private const string Difference = " between the groups of {0} by at most {1}";

    // Of each the word, what it is called, what it promises and how it is declared.
    private static readonly (string Word, string Meaning, string Promise, Func<ColumnNames, double, FairnessConstraint> Declare)[] Known =
    [
        ("dp", "demographic parity", "the share of positive predictions differs" + Difference, Fairness.DemographicParity),
        ("di", "disparate impact, a ratio", "no group of {0} has less than {1} times the share of positive predictions of another",
            Fairness.DisparateImpact),
        ("eo", "equalized odds", "the shares of positives and of negatives that are predicted positive differ" + Difference,
            Fairness.EqualizedOdds),
        ("eopp", "equal opportunity", "the share of positives that are predicted positive differs" + Difference, Fairness.EqualOpportunity),
        ("fpr", "predictive equality", "the share of negatives that are predicted positive differs" + Difference,
            Fairness.PredictiveEquality),
        ("acc", "accuracy parity", "the share of right predictions differs" + Difference, Fairness.AccuracyParity),
        ("ppv", "predictive parity", "the share of positive predictions that are right differs" + Difference, Fairness.PredictiveParity),
        ("for", "false omission rate parity", "the share of negative predictions that are wrong differs" + Difference,
            Fairness.FalseOmissionRateParity),
        ("loss", "loss parity", "the mean loss differs" + Difference, Fairness.LossParity),
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
        if (parts.Length < 2 || !CsvArguments.TryRead(parts[1].Trim(), out var bound))
        {
            throw new SampleInputException(
                $"--constraint {text}: must be written as {word}:BOUND, with a point before the fraction, such as {word}:0.05.");
        }
        if (!IsBound(word, bound))
            throw new SampleInputException($"--constraint {text}: the bound must be {RangeOf(word)}, got {parts[1].Trim()}.");
        return new CsvConstraint(word, bound, scope.Length < 2 ? null : CsvArguments.Split("--constraint", text, scope[1], '+'));
    }

    /// <summary>Whether the statistic must be at least the bound, not at most.</summary>
    public bool IsLowerBound => Declare(["any"]) is ParityConstraint { Comparison: GroupComparison.Ratio };

    /// <summary>Checks bounds that are to replace its own.</summary>
    /// <exception cref="SampleInputException">Some are out of its range.</exception>
    public void CheckBounds(string option, IReadOnlyList<double> bounds)
    {
        List<string> wrong = [.. bounds.Where(bound => !IsBound(Word, bound))
            .Select(bound => bound.ToString(CultureInfo.InvariantCulture))];
        if (wrong.Count > 0)
            throw new SampleInputException($"{option}: a bound of {Word} must be {RangeOf(Word)}, got {string.Join(", ", wrong)}.");
    }

    private static bool IsBound(string word, double bound) => bound >= 0 && bound <= (word == "loss" ? double.MaxValue : 1);

    private static string RangeOf(string word) => word == "loss" ? "a finite number of at least 0" : "a number from 0 to 1";

    /// <summary>What it promises, in plain words.</summary>
    public string Promise(IReadOnlyList<string> groups) => string.Format(CultureInfo.InvariantCulture,
        Known.Single(known => known.Word == Word).Promise, string.Join(" and ", Groups ?? groups), Bound);

    /// <summary>The declaration, on the columns of its own or on <paramref name="groups"/>.</summary>
    public FairnessConstraint Declare(IReadOnlyList<string> groups)
        => Known.Single(known => known.Word == Word).Declare([.. Groups ?? groups], Bound);
}
