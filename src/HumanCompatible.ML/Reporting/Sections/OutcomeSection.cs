using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Reporting.Charts;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Reporting.Sections;

/// <summary>Each declaration with its verdict.</summary>
internal static class OutcomeSection
{
    private const int MostNamed = 8;
    private const int MostCards = 40;

    /// <summary>The outcome in a sentence.</summary>
    internal static Html Lead(ReportContent content)
    {
        if (content.Judged.Count == 0)
        {
            var columns = string.Join(" and ", content.Audit.GroupColumnNames);
            return Html.Of($"""<p class="lead">No bound was declared. This report shows how the groups of {columns} fare.</p>""");
        }

        int Number(params Verdict[] verdicts) => content.Judged.Count(judged => verdicts.Contains(judged.Verdict.Verdict));
        int kept = Number(Verdict.Kept, Verdict.Shown), missed = Number(Verdict.Missed), unknown = Number(Verdict.NotMeasurable);
        var summary = content.Options.Model?.Summary;
        var isShort = summary is { HoldsWithConfidence: false };
        var kind = Html.Verbatim(missed > 0 ? "missed" : unknown > 0 || isShort ? "unknown" : "kept");
        return Html.Of($"""
            <p class="lead outcome {kind}">On the {Numbers.Count(content.Audit.Overall.RowCount)} rows of this report, of
            {content.Judged.Count} promised {(content.Judged.Count == 1 ? "bound" : "bounds")}:
            <strong>{kept} kept</strong>, <strong>{missed} missed</strong>, <strong>{unknown} not measurable</strong>.
            {(summary is { ConfidenceLevel: { } level } ? Shown(summary, level) : Html.Empty)}</p>
            """);
    }

    // What was asked for with a confidence is what other rows say than those of the page.
    private static Html Shown(TrainingSummary summary, double level)
    {
        var shown = summary.Constraints.Count(constraint => constraint.HoldsWithConfidence == true);
        return Html.Of($"""
            For new people with {Numbers.Percent(level, "0.##")} confidence, on {Numbers.Count(summary.SafetyRows)} other rows kept for that
            one test: <strong>{shown} shown</strong>, <strong>{summary.Constraints.Count - shown} not shown</strong>.
            """);
    }

    internal static Html Of(ReportContent content)
    {
        var warnings = content.Audit.Warnings.Count == 0 ? Html.Empty : Html.Of($"""
            <p><strong>To keep in mind:</strong></p>
            <ul>{content.Audit.Warnings.Select(warning => Html.Of($"<li>{Figure.Short(warning, 1000)}</li>"))}</ul>
            """);
        return content.Judged.Count == 0
            ? Html.Of($"""
                <p>Nothing was promised, so nothing is judged here. What is below shows how far apart the groups are.</p>
                {warnings}
                """)
            : Html.Of($"""
                {warnings}{content.Judged.Take(MostCards).Select(judged => Card(judged, content))}{Rest(content.Judged)}
                """);
    }

    private static Html Rest(IReadOnlyList<JudgedConstraint> judged) => judged.Count <= MostCards ? Html.Empty
        : new DataTable("The other bounds", ["Bound", "Promised", "Measured", "Verdict"],
            [.. judged.Skip(MostCards).Select(one => (string[])[PlainWords.Name(one.Constraint),
                Numbers.Of(one.Constraint, one.Verdict.Bound), Numbers.Of(one.Constraint, one.Verdict.Value),
                PlainWords.Word(one.Verdict.Verdict)])]).AsBlock();

    private static Html Card(JudgedConstraint judged, ReportContent content)
    {
        var (constraint, verdict) = judged;
        var word = PlainWords.Word(verdict.Verdict);
        var kind = Html.Verbatim(verdict.Verdict switch
        {
            Verdict.Shown or Verdict.Kept => "kept",
            Verdict.Missed => "missed",
            _ => "unknown",
        });
        string Text(double value) => Numbers.Of(constraint, value);
        var interval = double.IsNaN(verdict.Interval.Lower) ? "none can be given"
            : $"{Text(verdict.Interval.Lower)} to {Text(verdict.Interval.Upper)}";
        var by = verdict.Verdict == Verdict.Missed ? $" by {Numbers.Miss(constraint, verdict.Violation)}" : "";
        var alternative = $"{PlainWords.Name(constraint)}: measured {Text(verdict.Value)}, interval {interval}, bound "
            + $"{Text(verdict.Bound)}: {word}{by}.";
        var drawing = double.IsFinite(verdict.Value)
            ? BoundChart.Draw(alternative, verdict.Value, verdict.Interval, verdict.Bound, verdict.IsLowerBound,
                Text, value => Numbers.Tick(constraint, value)) : Html.Empty;
        var worst = verdict.WorstInequality is { } inequality
            ? Html.Of($"""<p class="note">The largest excess is here: {Figure.Short(inequality, 200)}.</p>""") : Html.Empty;
        return Html.Of($"""
            <article class="card {kind}"><h3>{PlainWords.Name(constraint)} <span class="badge">{word}{by}</span></h3>
            <p><strong>Promised:</strong> {content.Words.Promise(constraint)}</p>
            {drawing}
            <dl><div><dt>Measured</dt><dd>{(double.IsNaN(verdict.Value) ? "not defined" : Text(verdict.Value))}</dd></div>
            <div><dt>Bound</dt><dd>{(verdict.IsLowerBound ? "at least " : "at most ")}{Text(verdict.Bound)}</dd></div>
            <div><dt>On other people, each end with {Numbers.Percent(verdict.IntervalConfidence, "0.##")} confidence</dt>
            <dd>{interval}</dd></div>
            <div><dt>People counted</dt><dd>{verdict.Rows}</dd></div></dl>
            <p class="note">{PlainWords.Meaning(verdict)
                + (verdict.Verdict == Verdict.Shown ? $" The confidence is {Numbers.Percent(content.Audit.Confidence, "0.##")}." : "")}</p>
            {worst}{List("Too few people to tell", verdict.UnmeasurableGroups)}{List("Left out", verdict.ExcludedGroups)}
            {List("Not seen in training", verdict.UnseenGroups)}</article>

            """);
    }

    private static string Named<T>(T group) => Figure.Short($"{group}", Figure.LongestName);

    private static Html List<T>(string title, IReadOnlyList<T> groups) => groups.Count == 0 ? Html.Empty : Html.Of($"""
        <p class="note"><strong>{title}:</strong> {string.Join("; ", groups.Take(MostNamed).Select(Named))
            + (groups.Count > MostNamed ? $"; and {Numbers.Count(groups.Count - MostNamed)} more" : "")}.</p>
        """);
}
