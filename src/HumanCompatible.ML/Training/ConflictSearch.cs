using HumanCompatible.ML.Constraints;
using static System.FormattableString;

namespace HumanCompatible.ML.Training;

/// <summary>Which constraints stood in each other's way, from what the epochs reached on training and validation rows.</summary>
internal sealed class ConflictSearch
{
    private const int LargestSet = 3;
    private const int LastEpochs = 5;

    private readonly IReadOnlyList<FairnessConstraint> _constraints;
    private readonly IReadOnlyList<EpochHistory> _history;
    private readonly IReadOnlyList<string> _constraintOfMultiplier;
    private readonly IReadOnlyDictionary<string, double> _largestMultipliers;

    private ConflictSearch(IReadOnlyList<FairnessConstraint> constraints, IReadOnlyList<EpochHistory> history,
        IReadOnlyList<string> constraintOfMultiplier, IReadOnlyDictionary<string, double> largestMultipliers)
        => (_constraints, _history, _constraintOfMultiplier, _largestMultipliers) =
        (constraints, history, constraintOfMultiplier, largestMultipliers);

    /// <summary>The conflicts; none where some epoch kept every bound.</summary>
    /// <param name="constraints">The constraints.</param>
    /// <param name="history">The epochs.</param>
    /// <param name="constraintOfMultiplier">The name of the constraint of each multiplier of an epoch.</param>
    /// <param name="largestMultipliers">The upper end of the range of the multipliers, by constraint.</param>
    internal static IReadOnlyList<ConstraintConflict> Find(IReadOnlyList<FairnessConstraint> constraints,
        IReadOnlyList<EpochHistory> history, IReadOnlyList<string> constraintOfMultiplier,
        IReadOnlyDictionary<string, double> largestMultipliers)
        => new ConflictSearch(constraints, history, constraintOfMultiplier, largestMultipliers).Find();

    private List<ConstraintConflict> Find()
    {
        var all = Enumerable.Range(0, _constraints.Count).ToArray();
        if (_history.Count == 0 || IsKeptTogether(all))
            return [];
        var never = all.Where(index => !_history.Any(epoch => IsKept(index, epoch))).ToArray();
        var found = never.Select(index => Conflict([index], NeverKept(index))).ToList();

        // The smallest sets that no epoch kept together. Beyond three at a time it is only said that all of them were not.
        var sets = new List<int[]>();
        var rest = all.Except(never).ToArray();
        foreach (var set in Pairs(rest).Concat(Triples(rest)))
        {
            if (!sets.Exists(known => known.All(set.Contains)) && !IsKeptTogether(set))
                sets.Add(set);
        }

        if (sets.Count == 0 && rest.Length > LargestSet && !IsKeptTogether(rest))
            sets.Add(rest);
        found.AddRange(sets.Select(set => Conflict(set, NeverTogether(set))));
        return found;
    }

    private ConstraintConflict Conflict(int[] set, string reason) => new([.. set.Select(index => _constraints[index].Name)], reason);

    // A statistic that is not defined is further from its bound than any that is.
    private double Violation(int index, EpochHistory epoch)
        => _constraints[index].Violation(epoch.AuditedValues[index]) is var violation && double.IsNaN(violation)
            ? double.PositiveInfinity : violation;

    private bool IsKept(int index, EpochHistory epoch) => Violation(index, epoch) <= 0;

    private bool IsKeptTogether(int[] set) => _history.Any(epoch => set.All(index => IsKept(index, epoch)));

    private string Epochs => _history.Count == 1 ? "1 epoch" : Invariant($"the {_history.Count} epochs");

    private string NeverKept(int index)
    {
        var nearest = _history.MinBy(epoch => Violation(index, epoch))!;
        if (double.IsInfinity(Violation(index, nearest)))
            return Invariant($"not defined in any of {Epochs}");
        return Invariant($"kept in none of {Epochs}; nearest in epoch {nearest.Epoch}: ")
            + Invariant($"{nearest.AuditedValues[index]:0.0000}, missed by {Violation(index, nearest):0.0000}{Multipliers(index)}");
    }

    private string NeverTogether(int[] set)
    {
        var nearest = _history.MinBy(epoch => set.Max(index => Math.Max(0, Violation(index, epoch))))!;
        var values = set.Select(index => IsKept(index, nearest)
            ? $"{_constraints[index].Name} is kept"
            : double.IsInfinity(Violation(index, nearest)) ? $"{_constraints[index].Name} is not defined"
            : Invariant($"{_constraints[index].Name} is missed by {Violation(index, nearest):0.0000}"));
        var together = set.Length == 2 ? "both" : $"all {set.Length}";
        return Invariant($"each was kept in some of the {_history.Count} epochs, never {together} in one; ")
            + Invariant($"nearest in epoch {nearest.Epoch}, where {string.Join(" and ", values)}");
    }

    // Whether the multipliers of a constraint that was never kept could still have done more.
    private string Multipliers(int index)
    {
        var name = _constraints[index].Name;
        double[] last = [.. _history.TakeLast(LastEpochs).Select(epoch
            => epoch.Duals.Where((_, multiplier) => _constraintOfMultiplier[multiplier] == name).DefaultIfEmpty().Max())];
        if (_largestMultipliers.TryGetValue(name, out var limit) && last[^1] >= limit)
            return Invariant($"; its multiplier is at the upper end of its range, {limit}");
        var grows = last.Length > 1 && Enumerable.Range(1, last.Length - 1).All(epoch => last[epoch] > last[epoch - 1]);
        return grows ? Invariant($"; its multiplier was still growing in the last {last.Length} epochs") : "";
    }

    private static IEnumerable<int[]> Pairs(int[] indices)
        => indices.SelectMany((first, position) => indices.Skip(position + 1).Select(second => new[] { first, second }));

    private static IEnumerable<int[]> Triples(int[] indices)
        => indices.SelectMany((first, position) => Pairs(indices[(position + 1)..]).Select(pair => new[] { first, pair[0], pair[1] }));
}
