using System.Globalization;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <summary>A group that lacks the rows over which a rate of a constraint is taken, or in which all of them have weight 0.</summary>
/// <param name="Group">The index of the group.</param>
/// <param name="Lacks">The rows it lacks.</param>
/// <param name="Weightless">How many of these rows it has, all of weight 0.</param>
internal readonly record struct UndefinedRate(int Group, RateRows Lacks, int Weightless)
{
    /// <summary>
    /// What the labels, the weights and the groups of rows leave undefined. Rates over predicted rows are not looked at: what they are
    /// taken over changes while training.
    /// </summary>
    internal static IEnumerable<UndefinedRate> Find(float[] labels, float[]? weights, FairnessConstraint constraint,
        GroupPartition partition)
    {
        foreach (var lacks in constraint.Denominators)
        {
            if (!lacks.Quantity.IsKnownFromLabels)
                continue;
            var sums = new double[partition.GroupCount];
            var counts = new int[partition.GroupCount];
            for (var row = 0; row < labels.Length; row++)
            {
                if (partition.GroupOfRow[row] is not (>= 0 and var group) || !lacks.CountsAll(labels[row]))
                    continue;
                sums[group] += weights?[row] ?? 1;
                counts[group]++;
            }

            for (var group = 0; group < sums.Length; group++)
            {
                if (sums[group] == 0)
                    yield return new UndefinedRate(group, lacks, counts[group]);
            }
        }
    }

    /// <summary>That the rate of a group is not defined.</summary>
    internal string Tell(FairnessConstraint constraint, string group, string what)
        => $"{constraint.Name}: group '{group}' has {Reason()} in {what}: its statistic is not defined.";

    /// <inheritdoc cref="Reason(RateRows, int)"/>
    internal string Reason() => Reason(Lacks, Weightless);

    /// <summary>"no positive rows", or "5 positive rows, all of weight 0".</summary>
    /// <param name="lacks">The rows that are lacking.</param>
    /// <param name="weightless">How many there are, all of weight 0.</param>
    internal static string Reason(RateRows lacks, int weightless) => weightless == 0 ? $"no {Describe(lacks)}"
        : string.Create(CultureInfo.InvariantCulture, $"{weightless} {Describe(lacks, weightless)}, all of weight 0");

    /// <summary>"positive rows", or "positive row" where there is one; "rows of class 'a'" where they are of one.</summary>
    internal static string Describe(RateRows rows, int count = 0)
    {
        var ending = count == 1 ? "" : "s";
        var ofClass = rows.ClassName is null ? "" : $" class '{rows.ClassName}'";
        return (rows.Quantity, rows.ClassName) switch
        {
            (RowQuantity.Positive, null) => $"positive row{ending}",
            (RowQuantity.Negative, null) => $"negative row{ending}",
            (RowQuantity.PredictedPositive, null) => $"positive prediction{ending}",
            (RowQuantity.PredictedNegative, null) => $"negative prediction{ending}",
            (RowQuantity.Positive, _) => $"row{ending} of{ofClass}",
            (RowQuantity.Negative, _) => $"row{ending} not of{ofClass}",
            (RowQuantity.PredictedPositive, _) => $"prediction{ending} of{ofClass}",
            (RowQuantity.PredictedNegative, _) => $"prediction{ending} of other classes than{ofClass}",
            _ => $"row{ending}",
        };
    }
}
