using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting;

/// <summary>Statistics, declarations and verdicts as people say them who do not work with them.</summary>
internal static class PlainWords
{
    private static readonly Dictionary<GroupMetric, (string Title, string Share)> Metrics = new()
    {
        [GroupMetric.SelectionRate] = ("Positive decisions", "the share of people who get a positive decision"),
        [GroupMetric.TruePositiveRate] = ("Positives found", "the share of the truly positive who get a positive decision"),
        [GroupMetric.FalsePositiveRate] = ("False alarms", "the share of the truly negative who get a positive decision"),
        [GroupMetric.TrueNegativeRate] = ("Negatives found", "the share of the truly negative who get a negative decision"),
        [GroupMetric.FalseNegativeRate] = ("Positives missed", "the share of the truly positive who get a negative decision"),
        [GroupMetric.PositivePredictiveValue] = ("Right when positive", "the share of the positive decisions that are right"),
        [GroupMetric.FalseOmissionRate] = ("Wrong when negative", "the share of the negative decisions that are wrong"),
        [GroupMetric.Accuracy] = ("Right decisions", "the share of the decisions that are right"),
        [GroupMetric.ErrorRate] = ("Wrong decisions", "the share of the decisions that are wrong"),
        [GroupMetric.MeanLoss] = ("Mean loss", "how far the probabilities are from the truth on average (log loss, lower is better)"),
    };

    internal static string Title(GroupMetric metric) => Metrics.GetValueOrDefault(metric.Unclassed, (metric.Name, metric.Name)).Item1;

    internal static string Share(GroupMetric metric) => Metrics.GetValueOrDefault(metric.Unclassed, (metric.Name, metric.Name)).Item2;

    /// <summary>The technical name, such as <c>true positive rate</c>.</summary>
    internal static string Technical(GroupMetric metric) => Words(metric.Name).ToLowerInvariant();

    /// <summary>What a declaration promises.</summary>
    internal static string Promise(FairnessConstraint constraint)
    {
        if (constraint is CustomConstraint)
            return $"A statistic of the model owner's own is at most {Numbers.Of(constraint, constraint.Bound)}.";
        var share = string.Join(", and ", constraint.Metrics.Select(Share).Distinct());
        var differ = constraint.Metrics.Select(Share).Distinct().Count() > 1 ? "differ" : "differs";
        var bound = Numbers.Of(constraint, constraint.Bound);
        var groups = constraint.GroupColumnNames.Count == 0 ? "all people together"
            : $"every group of {string.Join(" and ", constraint.GroupColumnNames)}";
        return Capital(constraint is ParityConstraint parity
            ? (parity.Baseline, parity.Comparison) switch
            {
                (GroupBaseline.Pairwise, GroupComparison.Difference)
                    => $"{share} {differ} by at most {bound} between any two groups of {Columns(constraint)}.",
                (GroupBaseline.Pairwise, _)
                    => $"{share} is in no group of {Columns(constraint)} less than {bound} of what it is in another.",
                (var baseline, GroupComparison.Difference)
                    => $"{share} {differ} in {groups} by at most {bound} from that of {BaselineName(parity)}.",
                _ => $"{share} of {groups} and that of {BaselineName(parity)}: the smaller is at least {bound} of the larger.",
            }
            : $"{share} is {(constraint.IsLowerBound ? "at least" : "at most")} {bound} in {groups}.");
    }

    /// <summary>
    /// The name, that of the library as words: <c>Equalized odds (Sex)</c> for <c>EqualizedOdds(Sex)</c>.
    /// </summary>
    internal static string Name(FairnessConstraint constraint)
    {
        var name = Figure.Short(constraint.Name, Figure.LongestName);
        var scope = name.IndexOf('(', StringComparison.Ordinal);
        var kind = scope < 0 ? name : name[..scope];
        return kind.Length == 0 || !char.IsUpper(kind[0]) || !kind.All(char.IsAsciiLetter) ? name
            : Words(kind) + (scope < 0 ? "" : " " + name[scope..]);
    }

    /// <summary>A verdict in a word or two.</summary>
    internal static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Shown => "Kept, and shown",
        Verdict.Kept => "Kept",
        Verdict.Missed => "Missed",
        _ => "Not measurable",
    };

    /// <summary>What the word means.</summary>
    internal static string Meaning(Verdict verdict) => verdict switch
    {
        Verdict.Shown => "The value is within the bound, and by so much that chance does not explain it: also the cautious end of what "
            + "these rows tell is within the bound. That holds for new people only where these rows neither trained nor chose the model.",
        Verdict.Kept => "The value is within the bound on these rows. On other people it may differ, within the interval.",
        Verdict.Missed => "The value is beyond the bound on these rows.",
        _ => "There are too few people in the groups to tell whether the bound holds.",
    };

    // EqualizedOdds: Equalized odds.
    private static string Words(string name) => string.Concat(name.Select((letter, index)
        => index > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : letter.ToString()));

    private static string Columns(FairnessConstraint constraint) => string.Join(" and ", constraint.GroupColumnNames);

    private static string BaselineName(ParityConstraint constraint)
        => constraint.Baseline == GroupBaseline.Overall ? "all people" : $"the group {constraint.ReferenceGroup}";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
