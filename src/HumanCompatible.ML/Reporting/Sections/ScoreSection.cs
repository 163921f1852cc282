using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting.Sections;

/// <summary>What only the scores tell: ROC, calibration, and the effect of the threshold.</summary>
internal static class ScoreSection
{
    private const int MostLines = 6;
    private const int ThresholdSteps = 50;

    internal static Html Of(ReportContent content) => content.Rows is not { ScoreColumn: { } column } rows ? Html.Empty : Html.Of($"""
        <p>A model gives each person a {(rows.AreProbabilities ? "probability" : "score")}, and a decision is positive where it is at least
        the threshold{(rows.Threshold is { } threshold ? $": here {Numbers.Plain(threshold, "0.###")}" : "")}. These charts look at the
        column {column} itself.</p>
        {content.Groupings.Select(audit => Of(audit, rows, content.Audit.Confidence))}
        """);

    private static Html Of(GroupAudit audit, ScoredRows rows, double confidence)
    {
        var name = string.Join(" and ", audit.ColumnNames);
        var largest = audit.Groups.OrderByDescending(group => group.RowCount).Take(MostLines).ToHashSet();
        var curves = rows.Curves(audit.ColumnNames, [.. audit.Groups.Where(largest.Contains).Select(group => group.Name)], confidence);
        var hidden = audit.Groups.Count <= MostLines ? Html.Empty
            : Html.Of($"<p>The charts show the {MostLines} largest of {audit.Groups.Count} groups.</p>");
        return Html.Of($"""
            <h3>By {name}</h3>
            {hidden}
            <div class="charts">{Roc(curves, name)}{(rows.AreProbabilities ? Calibration(curves, name) : Html.Empty)}
            {Threshold(curves, rows, name)}{Accuracy(curves, rows, name, confidence)}</div>
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
        var table = new DataTable($"Area under the curve by {name}", ["Group", "Rows", "Area under the curve"],
            [.. curves.Select(curve => (string[])[curve.Name, Numbers.Count(curve.RowCount), Numbers.Plain(curve.Auc)])]);
        return Figure.Of("How well the score ranks people (ROC)",
            "The further a line bends to the upper left, the better the score tells positive from negative people of that group. "
            + "The dashed diagonal is chance.",
            chart.Draw($"ROC curves by {name}. Area under the curve: {All(curves, curve => Numbers.Plain(curve.Auc))}."), table,
            chart.Legend());
    }

    private static Html Calibration(IReadOnlyList<ScoreCurve> curves, string name)
    {
        var chart = new LineChart("Predicted probability", "Truly positive", [.. curves.Select(curve => new Line(curve.Name,
            [.. curve.Calibration.Select(bin => new LinePoint(bin.Predicted, bin.Observed, bin.Interval))]))])
        {
            IsSquare = true,
            HasMarks = true,
            XTick = Percent,
            YTick = Percent,
        };
        var table = new DataTable($"Predicted and observed by {name}", ["Group", "Rows", "Predicted", "Truly positive"],
            [.. curves.SelectMany(curve => curve.Calibration.Select(bin => (string[])[curve.Name, Numbers.Count(bin.Rows),
                Numbers.Percent(bin.Predicted), $"{Numbers.Percent(bin.Observed)} ({Numbers.Percent(bin.Interval.Lower)} – {
                    Numbers.Percent(bin.Interval.Upper)})"]))]);
        return Figure.Of("Whether probabilities can be taken at their word (calibration)",
            "On the dashed diagonal, of the people with a probability of 30%, 30% are positive. Above it the probabilities are too low, "
            + "below it too high. The thin lines are intervals.",
            chart.Draw($"Calibration by {name}, mean distance of predicted from observed: {All(curves, curve
                => Numbers.Percent(Distance(curve)))}."), table, chart.Legend());
    }

    private static Html Threshold(IReadOnlyList<ScoreCurve> curves, ScoredRows rows, string name)
    {
        var thresholds = Thresholds(curves, rows);
        var chart = new LineChart("Threshold", "Positive decisions", [.. curves.Select(curve => new Line(curve.Name,
            [.. thresholds.Select(threshold => new LinePoint(threshold, curve.At(threshold).Selection))]))])
        {
            Marked = rows.Threshold,
            YTick = Percent,
        };
        return Figure.Of("What another threshold would do: positive decisions",
            "The share of people of each group who would get a positive decision. The dashed line is the threshold in use.",
            chart.Draw($"Positive decisions by {name} for thresholds from {Numbers.Plain(thresholds[0])} to "
                + $"{Numbers.Plain(thresholds[^1])}; the numbers are in the table."),
            Table("Positive decisions", curves, thresholds, (curve, threshold) => curve.At(threshold).Selection), chart.Legend());
    }

    private static Html Accuracy(IReadOnlyList<ScoreCurve> curves, ScoredRows rows, string name, double confidence)
    {
        var thresholds = Thresholds(curves, rows);
        var whole = rows.Whole(confidence);
        double Gap(double threshold, Func<ScoreCurve, double, double> rate)
        {
            double[] rates = [.. curves.Select(curve => rate(curve, threshold)).Where(double.IsFinite)];
            return rates.Length < 2 ? double.NaN : rates.Max() - rates.Min();
        }

        Line Line(string title, Func<double, double> value) => new(title, [.. thresholds.Select(t => new LinePoint(t, value(t)))]);
        var chart = new LineChart("Threshold", "", [
            Line("Right decisions, all rows", threshold => whole.At(threshold).Accuracy),
            Line("Largest difference of positive decisions", threshold => Gap(threshold, (curve, t) => curve.At(t).Selection)),
            Line("Largest difference of positives found", threshold => Gap(threshold, (curve, t) => curve.At(t).TruePositive)),
            Line("Largest difference of false alarms", threshold => Gap(threshold, (curve, t) => curve.At(t).FalsePositive)),
        ])
        {
            Marked = rows.Threshold,
            YTick = Percent,
        };
        var table = new DataTable($"Effect of the threshold by {name}", ["Threshold", .. chart.Lines.Select(line => line.Name)],
            [.. thresholds.Index().Where(pair => pair.Index % 5 == 0).Select(pair => (string[])[Numbers.Plain(pair.Item),
                .. chart.Lines.Select(line => Numbers.Percent(line.Points[pair.Index].Y))])]);
        return Figure.Of("What another threshold would do: right decisions and differences",
            $"One threshold for all: how many decisions would be right, and how far the groups of {name} would be apart.",
            chart.Draw($"Right decisions and largest differences between the groups of {name} by threshold; the numbers are in the table."),
            table, chart.Legend());
    }

    private static DataTable Table(string title, IReadOnlyList<ScoreCurve> curves, double[] thresholds,
        Func<ScoreCurve, double, double> rate)
        => new(title + " by threshold", ["Threshold", .. curves.Select(curve => curve.Name)],
            [.. thresholds.Index().Where(pair => pair.Index % 5 == 0).Select(pair => (string[])[Numbers.Plain(pair.Item),
                .. curves.Select(curve => Numbers.Percent(rate(curve, pair.Item)))])]);

    private static double[] Thresholds(IReadOnlyList<ScoreCurve> curves, ScoredRows rows)
    {
        var (low, high) = rows.AreProbabilities || curves.Count == 0 ? (0, 1)
            : (curves.Min(curve => curve.Range.Lowest), curves.Max(curve => curve.Range.Highest));
        return [.. Enumerable.Range(0, ThresholdSteps + 1).Select(step => low + (high - low) * step / ThresholdSteps)];
    }

    private static double Distance(ScoreCurve curve)
        => curve.Calibration.Sum(bin => bin.Rows * Math.Abs(bin.Predicted - bin.Observed)) / curve.RowCount;

    private static string All(IReadOnlyList<ScoreCurve> curves, Func<ScoreCurve, string> value)
        => string.Join("; ", curves.Select(curve => $"{Figure.Short(curve.Name, 60)} {value(curve)}"));

    private static string Percent(double value) => Numbers.Percent(value, "0");
}
