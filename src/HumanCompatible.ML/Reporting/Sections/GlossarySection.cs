using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting.Sections;

/// <summary>The words of the page.</summary>
internal static class GlossarySection
{
    internal static Html Of(ReportContent content)
    {
        List<(string Word, string Meaning)> words =
        [
            .. content.Task == LearningTask.BinaryClassification ? [("Positive",
                "The outcome that the model decides about, such as a loan that is granted. Truly positive is what the data say.")]
                : Array.Empty<(string, string)>(),
            ("Group", $"People with the same value of {string.Join(" and ", content.Audit.GroupColumnNames)}."),
            .. GroupMetric.Every.Where(metric => metric.IsRate && content.Judged.Any(judged => judged.Constraint.Metrics.Contains(metric)))
                .Select(metric => (content.Words.Title(metric),
                    $"{content.Words.Meaning(metric)}; experts say {PlainWords.Technical(metric)}.")),
            .. content.Task == LearningTask.Regression
                ? [("Residual", "What is true less what is predicted.")]
                : new[] { ("Point", "One of a hundred: from 20% to 25% are 5 points.") },
            ("Interval", "The values that chance leaves open. With fewer people it is wider. Of shares it is Wilson's interval, of means "
                + "the normal one, both two-sided: both ends together hold with the confidence that is named."),
            ("Ends of a bound's interval", "Each end by itself holds with the confidence that is named: it is one-sided. Both together "
                + "hold less surely, with 90% where each has 95%."),
            .. Enum.GetValues<Verdict>().OrderDescending().Select(verdict => (PlainWords.Word(verdict), PlainWords.Meaning(verdict))),
        ];
        return Html.Of($"""
            <dl class="words">{words.Select(word => Html.Of($"<dt>{word.Word}</dt><dd>{PlainWords.Capital(word.Meaning)}</dd>"))}</dl>
            <p class="note">Different notions of fairness contradict one another wherever groups differ in what is true of them. This
            report shows whether the chosen ones were kept; that they were the right ones to choose, it cannot show.</p>
            """);
    }
}
