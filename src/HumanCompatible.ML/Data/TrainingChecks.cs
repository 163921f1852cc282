using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Data;

/// <summary>Whether rows can be trained on: their labels differ, and every constraint has groups to compare.</summary>
internal static class TrainingChecks
{
    /// <summary>Checks the rows that are trained on.</summary>
    /// <param name="table">The table that they are of.</param>
    /// <param name="labels">Their labels.</param>
    /// <param name="weights">Their weights, or null.</param>
    /// <param name="groups">Their groups.</param>
    /// <param name="what">What the rows are called in the message.</param>
    /// <exception cref="InvalidOperationException">They cannot be trained on; the message lists every reason.</exception>
    internal static void Check(RawTable table, float[] labels, float[]? weights, ConstraintGroups groups, string what)
    {
        var problems = new List<string>();
        var rows = $"{what} (column '{table.LabelColumn}')";
        if ((table.Task.Task == LearningTask.BinaryClassification ? OneClass(labels, weights, rows, what)
            : OneLabel(table.Task, labels, weights, rows)) is { } nothingToLearn)
        {
            problems.Add(nothingToLearn);
        }

        problems.AddRange(groups.Problems);
        for (var index = 0; index < groups.Constraints.Count; index++)
        {
            if (NothingToCompare(groups, index, weights is not null, what) is { } problem)
                problems.Add(problem);
        }

        if (problems.Count > 0)
        {
            throw new InvalidOperationException(problems.Count == 1
                ? Capitalize(problems[0]) : "The data cannot be trained on:"
                + string.Concat(problems.Select(problem => $"{Environment.NewLine}- {problem}")));
        }
    }

    /// <summary>
    /// What is not defined on rows that are not trained on, though it is on the training rows: no reason to stop, but the user should know.
    /// </summary>
    internal static IReadOnlyList<string> Warn(TrainingRows rows, ConstraintGroups groups, string what = "the validation data")
    {
        var warnings = new List<string>();
        for (var index = 0; index < groups.Constraints.Count; index++)
        {
            foreach (var undefined in UndefinedRate.Find(rows.Labels, rows.Weights, groups.Constraints[index], rows.Partitions[index]))
            {
                var name = rows.Partitions[index].GroupNames[undefined.Group];
                if (!groups.IsLeftOut(index, name, undefined.Lacks))
                    warnings.Add(Capitalize(undefined.Tell(groups.Constraints[index], name, what)));
            }
        }

        return warnings;
    }

    /// <summary>Checks that rows that are not trained on say something.</summary>
    /// <exception cref="InvalidOperationException">All of them have weight 0.</exception>
    internal static void CheckWeights(TrainingRows rows, string what)
    {
        if (rows.Weights is { } weights && !Array.Exists(weights, weight => weight > 0))
        {
            throw new InvalidOperationException(
                $"{ExcludedGroup.Rows(weights.Length)} of {what}, all of weight 0: give more rows of positive weight.");
        }
    }

    private static string? OneClass(float[] labels, float[]? weights, string rows, string what)
    {
        var positives = labels.Count(label => label > 0);
        if (positives == 0 || positives == labels.Length)
            return $"every label in {rows} is {(positives == 0 ? "negative" : "positive")}: a classifier needs both classes.";
        foreach (var isPositive in new[] { true, false })
        {
            if (weights is not null && !labels.Zip(weights).Any(row => row.First > 0 == isPositive && row.Second > 0))
            {
                return $"every {(isPositive ? "positive" : "negative")} row of {what} has weight 0: a classifier needs both classes.";
            }
        }

        return null;
    }

    private static string? OneLabel(TaskLabels task, float[] labels, float[]? weights, string what)
    {
        float[] counted = [.. labels.Where((_, row) => weights is null || weights[row] > 0).Distinct().Take(2)];
        if (counted.Length == 2)
            return null;
        var rows = weights is null ? "every label in" : "every label of positive weight in";
        return task.Task == LearningTask.Regression
            ? string.Create(CultureInfo.InvariantCulture, $"{rows} {what} is {counted[0]}: there is nothing to learn.")
            : $"{rows} {what} is '{task.Classes[(int)counted[0]]}': a classifier needs two classes.";
    }

    private static string? NothingToCompare(ConstraintGroups groups, int index, bool isWeighted, string what)
    {
        var (constraint, partition, excluded) = (groups.Constraints[index], groups.Partitions[index], groups.Excluded[index]);
        var leftOut = excluded.Count == 0 ? "" : $" Left out: {string.Join("; ", excluded)}.";
        if (constraint is ParityConstraint { Baseline: GroupBaseline.ReferenceGroup } parity
            && excluded.FirstOrDefault(group => group.Name == parity.ReferenceGroup) is { } reference)
        {
            return $"{constraint.Name}: the reference group '{reference.Name}' is left out ({reference.Reason}): there is nothing to "
                + "compare with.";
        }

        if (partition.GroupCount == 0)
            return $"{constraint.Name}: {what} has no group left.{leftOut}";
        if (constraint is not ParityConstraint)
            return null;
        if (partition.GroupCount == 1)
            return $"{constraint.Name}: {what} has one group only, '{partition.GroupNames[0]}': there is nothing to compare.{leftOut}";
        RateRows[] lacking = [.. constraint.Denominators
            .Where(rows => partition.GroupCount - excluded.Count(group => group.IsOf(rows)) < 2)];

        // Of several classes it is enough that one can be compared.
        return lacking.Length == 0 || (lacking.Length < constraint.Denominators.Count() && constraint.ClassCount > 1) ? null
            : $"{constraint.Name}: fewer than two groups of {what} have {UndefinedRate.Describe(lacking[0])}"
                + $"{(isWeighted ? " of positive weight" : "")}: there is nothing to compare.{leftOut}";
    }

    private static string Capitalize(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
