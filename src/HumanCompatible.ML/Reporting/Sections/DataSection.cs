using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting.Sections;

/// <summary>What was audited, and what the model was trained on.</summary>
internal static class DataSection
{
    internal static Html Of(ReportContent content)
    {
        var overall = content.Audit.Overall;
        var missing = content.Groupings.Select(audit => audit.ExcludedGroups.Sum(group => group.RowCount)).DefaultIfEmpty().Max();
        List<(string Name, Html Text)> facts =
        [
            ("Data", Html.Of($"{Figure.Short(content.Options.DataName ?? "not named", 200)}")),
            ("Audited on", Html.Of($"{ReportPage.Date(content.Date)}")),
            ("Rows (people)", Html.Of($"{overall.RowCount}")),
            .. Truth(content),
            ("Groups by", Html.Of($"{Figure.Short(string.Join(", ", content.Audit.GroupColumnNames), 1000)}")),
            ("Rows without a group", Html.Of($"{missing}{(missing > 0 ? ", listed but not compared" : "")}")),
            ("Confidence of intervals", Html.Of($"{Numbers.Percent(content.Audit.Confidence, "0.##")}")),
            ("Fingerprint of the audited rows", content.Rows is null ? Html.Of($"not taken: these are not all rows, as they were scored")
                : Html.Of($"<code>{content.Rows.Fingerprint}</code>")),
        ];
        if (content.Options.Model is { } model)
        {
            facts.Add(("Model trained on", Html.Of($"{ReportPage.Date(model.Origin.TrainedAt)}, with {model.Origin.Library}")));
            var others = model.Summary.IsHeldOut ? "others that chose the epoch" : "of them chose the epoch";
            facts.Add(("Rows of training", Html.Of($"{model.Summary.TrainingRows}, and {model.Summary.ValidationRows} {others}")));
            facts.Add(("Fingerprint of the training data", Html.Of($"<code>{model.Origin.DataFingerprint}</code>")));
        }

        return Html.Of($"""
            <dl class="facts">{facts.Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Text}</dd></div>"))}</dl>
            <p class="note">A fingerprint tells whether two reports are of the same rows: it changes with every value that was read, and
            tells nothing of them. A report says what holds on these rows. It says something of other people only as far as these
            rows stand for them, and of the past only.</p>
            {content.Groupings.Select(audit => Groups(audit, content))}
            """);
    }

    // What the labels of all rows are.
    private static (string Name, Html Text)[] Truth(ReportContent content) => content.Task switch
    {
        LearningTask.MulticlassClassification =>
            [("Classes", Html.Of($"{Figure.Short(string.Join(", ", content.Audit.ClassNames), 1000)}"))],
        LearningTask.Regression =>
            [("Mean of the truth", Html.Of($"{Numbers.Amount(content.Audit.Overall[AuditStatistic.MeanLabel])}"))],
        _ => [("Truly positive", Html.Of($"{content.Audit.Overall.PositiveCount} ({Numbers.Percent(content.Audit.Overall.BaseRate)})"))],
    };

    private static Html Groups(GroupAudit audit, ReportContent content)
    {
        (string Title, Func<GroupStatistics, string> Cell)[] columns = content.Task switch
        {
            LearningTask.MulticlassClassification => [.. content.LargestClasses.Select(one => ($"Truly {one}",
                (Func<GroupStatistics, string>)(group => Numbers.Percent(group[AuditStatistic.BaseRate.OfClass(one)]))))],
            LearningTask.Regression => [("Mean of the truth", group => Numbers.Amount(group[AuditStatistic.MeanLabel]))],
            _ => [("Truly positive", group => Numbers.Count(group.PositiveCount)), ("Share", group => Numbers.Percent(group.BaseRate))],
        };
        return new DataTable($"Groups of {string.Join(" and ", audit.ColumnNames)}", ["Group", "Rows", .. columns.Select(one => one.Title)],
            [.. audit.Groups.Concat(audit.ExcludedGroups).Select(group => (string[])[group.Name, Numbers.Count(group.RowCount),
                .. columns.Select(one => one.Cell(group))])]).AsDetails();
    }
}
