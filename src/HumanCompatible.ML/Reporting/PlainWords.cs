using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting;

/// <summary>Statistics, declarations and verdicts as people say them who do not work with them.</summary>
internal sealed class PlainWords
{
    private static readonly (AuditStatistic Statistic, string Title, string Meaning)[] OfTwo =
    [
        (AuditStatistic.SelectionRate, "Positive decisions", "the share of people who get a positive decision"),
        (AuditStatistic.TruePositiveRate, "Positives found", "the share of the truly positive who get a positive decision"),
        (AuditStatistic.FalsePositiveRate, "False alarms", "the share of the truly negative who get a positive decision"),
        (AuditStatistic.TrueNegativeRate, "Negatives found", "the share of the truly negative who get a negative decision"),
        (AuditStatistic.FalseNegativeRate, "Positives missed", "the share of the truly positive who get a negative decision"),
        (AuditStatistic.PositivePredictiveValue, "Right when positive", "the share of the positive decisions that are right"),
        (AuditStatistic.FalseOmissionRate, "Wrong when negative", "the share of the negative decisions that are wrong"),
        (AuditStatistic.Accuracy, "Right decisions", "the share of the decisions that are right"),
        (AuditStatistic.ErrorRate, "Wrong decisions", "the share of the decisions that are wrong"),
        (AuditStatistic.MeanLoss, "Mean loss", "how far the probabilities are from the truth on average (log loss, lower is better)"),
    ];

    private static readonly (AuditStatistic Statistic, string Title, string Meaning)[] OfClasses =
    [
        (AuditStatistic.SelectionRate, "Given the class", "the share of people who are given the class"),
        (AuditStatistic.TruePositiveRate, "Found", "the share of the people of the class who are given it"),
        (AuditStatistic.FalsePositiveRate, "Given wrongly", "the share of the people of other classes who are given the class"),
        (AuditStatistic.TrueNegativeRate, "Rightly not given", "the share of the people of other classes who are not given the class"),
        (AuditStatistic.FalseNegativeRate, "Missed", "the share of the people of the class who are given another"),
        (AuditStatistic.PositivePredictiveValue, "Right when given", "the share of those who are given the class who are of it"),
        (AuditStatistic.FalseOmissionRate, "Wrong when not given", "the share of those who are given another class who are of the class"),
        (AuditStatistic.Accuracy, "Right predictions", "the share of the predictions that are right"),
        (AuditStatistic.ErrorRate, "Wrong predictions", "the share of the predictions that are wrong"),
        (AuditStatistic.BalancedAccuracy, "Found, mean of the classes",
            "the mean over the classes of the share of their people who are found"),
        (AuditStatistic.F1Score, "F1, mean of the classes",
            "of each class the harmonic mean of the share of its people who are found and of the share of those given it who are of it"),
        (AuditStatistic.MeanLoss, "Mean loss", "how far the probabilities are from the truth on average (log loss, lower is better)"),
    ];

    private static readonly (AuditStatistic Statistic, string Title, string Meaning)[] OfNumbers =
    [
        (AuditStatistic.MeanLabel, "Mean of the truth", "the mean of what is true"),
        (AuditStatistic.MeanPrediction, "Mean prediction", "the mean of what is predicted"),
        (AuditStatistic.MeanResidual, "Mean residual (above 0: predictions are too low)",
            "the mean of what is true less what is predicted"),
        (AuditStatistic.MeanAbsoluteError, "Mean error", "by how much predictions are off on average, too high or too low"),
        (AuditStatistic.RootMeanSquaredError, "Root mean squared error", "by how much predictions are off, large errors counting more"),
        (AuditStatistic.RSquared, "Explained",
            "the share of the differences between people that the predictions explain (R squared); below 0 their mean would do better"),
        (AuditStatistic.MeanLoss, "Mean squared error", "the mean of the squares of what predictions are off"),
    ];

    private readonly LearningTask _task;
    private readonly Dictionary<string, (string Title, string Meaning)> _words;

    private PlainWords(LearningTask task, (AuditStatistic Statistic, string Title, string Meaning)[] words)
        => (_task, _words) = (task, words.ToDictionary(word => word.Statistic.Name, word => (word.Title, word.Meaning)));

    internal static PlainWords Of(LearningTask task) => new(task, task switch
    {
        LearningTask.MulticlassClassification => OfClasses,
        LearningTask.Regression => OfNumbers,
        _ => OfTwo,
    });

    internal string Title(AuditStatistic statistic) => Word(statistic).Title;

    /// <summary>What a statistic is, within a sentence.</summary>
    internal string Meaning(AuditStatistic statistic) => Word(statistic).Meaning;

    /// <summary>The technical name, such as <c>true positive rate</c>.</summary>
    internal static string Technical(GroupMetric metric) => Words(metric.Name).ToLowerInvariant();

    /// <summary>What a declaration promises.</summary>
    internal string Promise(FairnessConstraint constraint)
    {
        if (constraint is CustomConstraint)
            return $"A statistic of the model owner's own is at most {Numbers.Of(constraint, constraint.Bound)}.";
        var meanings = constraint.Metrics.Select(metric => Meaning(metric)).Distinct().ToList();
        var share = string.Join(", and ", meanings);
        var differ = meanings.Count > 1 ? "differ" : "differs";
        var bound = Numbers.Of(constraint, constraint.Bound);
        var groups = constraint.GroupColumnNames.Count == 0 ? "all people together"
            : $"every group of {string.Join(" and ", constraint.GroupColumnNames)}";
        var ofClass = _task != LearningTask.MulticlassClassification || !constraint.Metrics.Any(metric => metric.IsPerClass) ? ""
            : constraint.ClassName is { } name ? $"for the class {name}, " : "for every class, ";
        return Capital(ofClass + (constraint is ParityConstraint parity
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
            : $"{share} is {(constraint.IsLowerBound ? "at least" : "at most")} {bound} in {groups}."));
    }

    /// <summary>What is measured of a declaration, at an axis.</summary>
    internal static string Measured(FairnessConstraint constraint)
        => constraint is ParityConstraint { Comparison: GroupComparison.Ratio, Baseline: GroupBaseline.Pairwise }
            ? "Smallest divided by largest" : "Measured statistic";

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

    /// <summary>What a verdict says, in a sentence.</summary>
    internal static string Meaning(ConstraintVerdict verdict)
        => verdict.NotMeasurableReason is { } reason ? Capital(reason) + "." : Meaning(verdict.Verdict);

    /// <summary>What the word means.</summary>
    internal static string Meaning(Verdict verdict) => verdict switch
    {
        Verdict.Shown => "The value is within the bound, and by so much that chance does not explain it: also the cautious end of what "
            + "these rows tell is within the bound. That holds for new people only where these rows neither trained nor chose the model.",
        Verdict.Kept => "The value is within the bound on these rows. On other people it may differ, within the interval.",
        Verdict.Missed => "The value is beyond the bound on these rows.",
        _ => "There are too few people in the groups to tell whether the bound holds.",
    };

    internal static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    // What has no word of its own keeps its name.
    private (string Title, string Meaning) Word(AuditStatistic statistic)
        => _words.GetValueOrDefault(statistic.Name, (statistic.Name, statistic.Name));

    // EqualizedOdds: Equalized odds.
    private static string Words(string name) => string.Concat(name.Select((letter, index)
        => index > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : letter.ToString()));

    private static string Columns(FairnessConstraint constraint) => string.Join(" and ", constraint.GroupColumnNames);

    private static string BaselineName(ParityConstraint constraint)
        => constraint.Baseline == GroupBaseline.Overall ? "all people" : $"the group {constraint.ReferenceGroup}";
}
