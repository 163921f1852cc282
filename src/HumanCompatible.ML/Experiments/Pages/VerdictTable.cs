using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Experiments.Pages;

/// <summary>Verdicts of a page without an audit.</summary>
internal static class VerdictTable
{
    internal static Html Of(string caption, IReadOnlyList<FairnessConstraint> constraints, IReadOnlyList<ConstraintVerdict> verdicts)
        => verdicts.Count == 0 ? Html.Empty : new DataTable(caption,
            ["Bound", "At most or least", "Measured", "Interval (ends one-sided)", "Verdict"],
            [.. constraints.Zip(verdicts, (constraint, verdict) => (string[])[PlainWords.Name(constraint),
                Numbers.Of(constraint, verdict.Bound), Numbers.Of(constraint, verdict.Value), Interval(constraint, verdict),
                PlainWords.Word(verdict.Verdict)])]).AsBlock();

    internal static string Interval(FairnessConstraint constraint, ConstraintVerdict verdict)
        => double.IsNaN(verdict.Interval.Lower) || double.IsNaN(verdict.Interval.Upper) ? Numbers.Undefined
            : $"{Numbers.Of(constraint, verdict.Interval.Lower)} to {Numbers.Of(constraint, verdict.Interval.Upper)}, each "
                + $"{Numbers.Percent(verdict.IntervalConfidence, "0.##")}";

    /// <summary>What the words of some verdicts mean.</summary>
    internal static Html Words(IEnumerable<ConstraintVerdict> verdicts)
    {
        var words = verdicts.Select(verdict => verdict.Verdict).Distinct().OrderDescending().ToList();
        return words.Count == 0 ? Html.Empty : Html.Of($"""
            <dl class="words">{words.Select(word => Html.Of($"<dt>{PlainWords.Word(word)}</dt><dd>{PlainWords.Meaning(word)}</dd>"))}</dl>
            """);
    }
}
