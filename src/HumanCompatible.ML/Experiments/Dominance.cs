namespace HumanCompatible.ML.Experiments;

/// <summary>Which of several outcomes are worth having.</summary>
internal static class Dominance
{
    /// <summary>
    /// Those that no other dominates: at least as small in every cost and smaller in one. Of equal ones all stay; one with an undefined
    /// cost never does.
    /// </summary>
    internal static IReadOnlyList<T> Front<T>(IReadOnlyList<T> items, Func<T, double[]> costs)
    {
        var all = items.Select(item => (Item: item, Costs: costs(item))).Where(one => !one.Costs.Any(double.IsNaN)).ToList();
        return [.. all.Where(one => !all.Exists(other => Dominates(other.Costs, one.Costs))).Select(one => one.Item)];
    }

    /// <summary>
    /// The area between a curve of two costs and a reference point that is worse in both: the larger, the better the curve.
    /// </summary>
    internal static double Hypervolume(IEnumerable<(double First, double Second)> costs, (double First, double Second) reference)
    {
        var (area, least) = (0.0, reference.Second);
        foreach (var (first, second) in costs.Where(cost => cost.First < reference.First).OrderBy(cost => cost.First))
        {
            if (second >= least)
                continue;
            area += (reference.First - first) * (least - second);
            least = second;
        }

        return area;
    }

    private static bool Dominates(double[] one, double[] other)
        => one.Zip(other).All(pair => pair.First <= pair.Second) && one.Zip(other).Any(pair => pair.First < pair.Second);
}
