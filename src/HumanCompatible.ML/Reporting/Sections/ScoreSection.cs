using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting.Sections;

/// <summary>What only the scores tell: ROC, calibration, and the effect of the threshold; of several classes calibration.</summary>
internal static class ScoreSection
{
    private const int MostLines = 6;
    private const int ThresholdSteps = 50;

    /// <summary>What the charts of all groups have in common.</summary>
    /// <param name="Whole">The curve of all rows.</param>
    /// <param name="IsOfProbabilities">Whether thresholds are of the probability; otherwise of the score.</param>
    /// <param name="Threshold">The threshold of the predictions; NaN where there is none.</param>
    private sealed record Scores(ScoreCurve Whole, bool IsOfProbabilities, double Threshold)
    {
        internal double[] Thresholds
        {
            get
            {
                var (low, high) = IsOfProbabilities ? (0, 1) : Whole.Range;
                return [.. Enumerable.Range(0, ThresholdSteps + 1).Select(step => low + (high - low) * step / ThresholdSteps)];
            }
        }
    }

    internal static Html Of(ReportContent content) => content.Task switch
    {
        LearningTask.BinaryClassification when content.Audit.Task.HasScores => OfTwo(content),
        LearningTask.MulticlassClassification when content.Audit.Task.HasProbabilities => OfClasses(content),
        _ => Html.Empty,
    };

    private static Html OfTwo(ReportContent content)
    {
        var (overall, cell) = (content.Audit.Overall, (BinaryCell)content.Audit.Overall.Cell);
        var byProbability = new ScoreCurve(overall, isOfProbabilities: true);
        var scores = content.Audit.Task.HasProbabilities && byProbability.IsOrdered
            ? new Scores(byProbability, true, cell.ByProbability.Threshold(usual: 0.5))
            : new Scores(new ScoreCurve(overall, isOfProbabilities: false), false, cell.ByScore.Threshold(usual: 0));
        var kind = scores.IsOfProbabilities ? "probability" : "score";
        var task = content.Audit.Task;
        var column = (scores.IsOfProbabilities ? task.ProbabilityColumnName : task.ScoreColumnName) is { } name
            ? $"column {Figure.Short(name, Figure.LongestName)}" : $"the {kind}";
        return Html.Of($"""
            <p>{(double.IsNaN(scores.Threshold)
                ? Html.Of($"""
                    A model gives each person a {kind}. The decisions of this report do not follow from {column} alone: no threshold of it
                    gives them. The charts look at {column} itself.
                    """)
                : Html.Of($"""
                    A model gives each person a {kind}, here {column}, and a decision is positive where it is high enough: the decisions of
                    this report agree with the threshold {Numbers.Plain(scores.Threshold, "0.###")}.
                    """))}</p>
            {content.Groupings.Select(audit => Of(audit, scores))}
            """);
    }

    private static Html OfClasses(ReportContent content)
    {
        var hidden = content.Audit.ClassNames.Count - content.LargestClasses.Count;
        return Html.Of($"""
            <p>A model gives each person a probability of each class. On the dashed diagonal, of the people with a probability of 30% for a
            class, 30% are of it. Above it the probabilities are too low, below it too high. The thin lines are
            intervals.{(hidden > 0 ? $" Shown are the {content.LargestClasses.Count} largest classes." : "")}</p>
            {content.Groupings.Select(audit => Html.Of($"""
                <h3>By {Name(audit)}</h3>
                {GroupSection.Hidden(audit, MostLines)}
                <div class="charts">{content.LargestClasses.Select(one
                    => CalibrationChart.Of([.. GroupSection.Largest(audit, MostLines)], Name(audit), one))}</div>
                """))}
            """);
    }

    private static string Name(GroupAudit audit) => string.Join(" and ", audit.ColumnNames);

    private static Html Of(GroupAudit audit, Scores scores)
    {
        var name = Name(audit);
        ScoreCurve[] curves = [.. GroupSection.Largest(audit, MostLines).Select(group => new ScoreCurve(group, scores.IsOfProbabilities))];
        return Html.Of($"""
            <h3>By {name}</h3>
            {GroupSection.Hidden(audit, MostLines)}
            <div class="charts">{Roc(curves, name)}{(audit.Task.HasProbabilities
                ? CalibrationChart.Of([.. curves.Select(curve => curve.Group)], name) : Html.Empty)}
            {Threshold(curves, scores, name)}{Accuracy(curves, scores, name)}</div>
            """);
    }

    private static Html Roc(IReadOnlyList<ScoreCurve> curves, string name)
    {
        var chart = new LineChart("False alarms", "Positives found", [.. curves.Select(curve => new Line(curve.Name, curve.Roc()))])
        {
            IsSquare = true,
            XTick = Percent,
            YTick = Percent,
        };
        static string Area(ScoreCurve curve) => Numbers.Plain(curve.Group[AuditStatistic.AreaUnderRocCurve]);
        var table = new DataTable($"Area under the curve by {name}", ["Group", "Rows", "Area under the curve"],
            [.. curves.Select(curve => (string[])[curve.Name, Numbers.Count(curve.Group.RowCount), Area(curve)])]);
        var areas = string.Join("; ", curves.Select(curve => $"{Figure.Short(curve.Name, 60)} {Area(curve)}"));
        return Figure.Of("How well the score ranks people (ROC)",
            "The further a line bends to the upper left, the better the score tells positive from negative people of that group. "
            + "The dashed diagonal is chance.", chart.Draw($"ROC curves by {name}. Area under the curve: {areas}."), table, chart.Legend());
    }

    private static Html Threshold(IReadOnlyList<ScoreCurve> curves, Scores scores, string name)
    {
        var thresholds = scores.Thresholds;
        var chart = new LineChart("Threshold", "Positive decisions", [.. curves.Select(curve => new Line(curve.Name,
            [.. thresholds.Select(threshold => new LinePoint(threshold, curve.At(threshold).Selection))]))])
        {
            Marked = Marked(scores),
            YTick = Percent,
        };
        var table = new DataTable("Positive decisions by threshold", ["Threshold", .. curves.Select(curve => curve.Name)],
            [.. thresholds.Index().Where(pair => pair.Index % 5 == 0).Select(pair => (string[])[Numbers.Plain(pair.Item),
                .. curves.Select(curve => Numbers.Percent(curve.At(pair.Item).Selection))])]);
        return Figure.Of("What another threshold would do: positive decisions",
            "The share of people of each group who would get a positive decision." + MarkedNote(scores),
            chart.Draw($"Positive decisions by {name} for thresholds from {Numbers.Plain(thresholds[0])} to "
                + $"{Numbers.Plain(thresholds[^1])}; the numbers are in the table."), table, chart.Legend());
    }

    private static Html Accuracy(IReadOnlyList<ScoreCurve> curves, Scores scores, string name)
    {
        var thresholds = scores.Thresholds;
        double Gap(double threshold, Func<ScoreCurve, double, double> rate)
        {
            double[] rates = [.. curves.Select(curve => rate(curve, threshold)).Where(double.IsFinite)];
            return rates.Length < 2 ? double.NaN : rates.Max() - rates.Min();
        }

        Line Line(string title, Func<double, double> value) => new(title, [.. thresholds.Select(t => new LinePoint(t, value(t)))]);
        var chart = new LineChart("Threshold", "", [
            Line("Right decisions, all rows", threshold => scores.Whole.At(threshold).Accuracy),
            Line("Largest difference of positive decisions", threshold => Gap(threshold, (curve, t) => curve.At(t).Selection)),
            Line("Largest difference of positives found", threshold => Gap(threshold, (curve, t) => curve.At(t).TruePositive)),
            Line("Largest difference of false alarms", threshold => Gap(threshold, (curve, t) => curve.At(t).FalsePositive)),
        ])
        {
            Marked = Marked(scores),
            YTick = Percent,
        };
        var table = new DataTable($"Effect of the threshold by {name}", ["Threshold", .. chart.Lines.Select(line => line.Name)],
            [.. thresholds.Index().Where(pair => pair.Index % 5 == 0).Select(pair => (string[])[Numbers.Plain(pair.Item),
                .. chart.Lines.Select(line => Numbers.Percent(line.Points[pair.Index].Y))])]);
        return Figure.Of("What another threshold would do: right decisions and differences",
            $"One threshold for all: how many decisions would be right, and how far the groups of {name} would be apart."
                + MarkedNote(scores),
            chart.Draw($"Right decisions and largest differences between the groups of {name} by threshold; the numbers are in the table."),
            table, chart.Legend());
    }

    private static double? Marked(Scores scores) => double.IsNaN(scores.Threshold) ? null : scores.Threshold;

    private static string MarkedNote(Scores scores)
        => double.IsNaN(scores.Threshold) ? "" : " The dashed line is the threshold that agrees with the decisions.";

    private static string Percent(double value) => Numbers.Percent(value, "0");
}
