using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>Whether rows can be trained on: both classes are there, and every statistic of every constraint is defined in every group.</summary>
internal static class TrainingChecks
{
    /// <summary>Checks the rows that are trained on.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="constraints">The constraints.</param>
    /// <param name="what">What the rows are called in the message.</param>
    /// <exception cref="InvalidOperationException">They cannot be trained on; the message lists every reason.</exception>
    internal static void Check(TrainingRows rows, IReadOnlyList<FairnessConstraint> constraints, string what)
    {
        var problems = new List<string>();
        var positives = rows.Labels.Count(label => label > 0);
        if (positives == 0 || positives == rows.Count)
            problems.Add($"every label in {what} is {(positives == 0 ? "negative" : "positive")}: a classifier needs both classes.");
        for (var index = 0; index < constraints.Count; index++)
        {
            var partition = rows.Partitions[index];
            if (constraints[index] is ParityConstraint && partition.GroupCount == 1)
                problems.Add($"{constraints[index].Name}: {what} has one group only, '{partition.GroupNames[0]}': there is nothing to compare.");
            problems.AddRange(Undefined(rows, constraints[index], partition, what));
        }

        if (problems.Count > 0)
            throw new InvalidOperationException(problems.Count == 1 ? Capitalize(problems[0]) : "The data cannot be trained on:" + string.Concat(problems.Select(problem => $"{Environment.NewLine}- {problem}")));
    }

    /// <summary>What is not defined on rows that are not trained on: no reason to stop, but the user should know.</summary>
    internal static IReadOnlyList<string> Warn(TrainingRows rows, IReadOnlyList<FairnessConstraint> constraints, string what = "the validation data")
        => [.. constraints.SelectMany((constraint, index) => Undefined(rows, constraint, rows.Partitions[index], what)).Select(Capitalize)];

    private static IEnumerable<string> Undefined(TrainingRows rows, FairnessConstraint constraint, GroupPartition partition, string what)
    {
        foreach (var quantity in constraint.Metrics.Select(metric => MetricDefinition.Of(metric).Denominator).Distinct())
        {
            // The others depend on the predictions.
            if (quantity is not (RowQuantity.One or RowQuantity.Positive or RowQuantity.Negative))
                continue;
            var weights = new double[partition.GroupCount];
            for (var row = 0; row < rows.Count; row++)
            {
                var counts = quantity == RowQuantity.One || rows.Labels[row] > 0 == (quantity == RowQuantity.Positive);
                if (counts && partition.GroupOfRow[row] is >= 0 and var group)
                    weights[group] += rows.Weights?[row] ?? 1;
            }

            for (var group = 0; group < weights.Length; group++)
            {
                if (weights[group] == 0)
                    yield return $"{constraint.Name}: group '{partition.GroupNames[group]}' has no {Describe(quantity)} in {what}: its statistic is not defined.";
            }
        }
    }

    private static string Describe(RowQuantity quantity) => quantity switch
    {
        RowQuantity.Positive => "positive rows",
        RowQuantity.Negative => "negative rows",
        _ => "rows",
    };

    private static string Capitalize(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
