using System.Globalization;
using HumanCompatible.ML.Constraints;
using static System.FormattableString;

namespace HumanCompatible.ML.Training;

/// <summary>Which constraints stood in each other's way, from what the epochs reached on the selection rows.</summary>
internal sealed class ConflictSearch
{
    private const int LargestSet = 3;

    // The epochs in which opposition and growth are looked for: the last half, where the first descent is over.
    private const int FewestEpochs = 5;
    private const double Opposed = -0.7;
    private readonly IReadOnlyList<FairnessConstraint> _constraints;
    private readonly IReadOnlyList<EpochHistory> _history;
    private readonly IReadOnlyList<string> _dualConstraints;
    private readonly IReadOnlyDictionary<string, double> _largestDuals;

    private ConflictSearch(IReadOnlyList<FairnessConstraint> constraints, IReadOnlyList<EpochHistory> history,
        IReadOnlyList<string> dualConstraints, IReadOnlyDictionary<string, double> largestDuals)
        => (_constraints, _history, _dualConstraints, _largestDuals) = (constraints, history, dualConstraints, largestDuals);

    /// <summary>The conflicts; none where some epoch kept every bound.</summary>
    /// <param name="constraints">The constraints.</param>
    /// <param name="history">The epochs.</param>
    /// <param name="dualConstraints">The name of the constraint of each multiplier of an epoch.</param>
    /// <param name="largestDuals">The upper end of the range of the multipliers, by constraint.</param>
    internal static IReadOnlyList<ConstraintConflict> Find(IReadOnlyList<FairnessConstraint> constraints,
        IReadOnlyList<EpochHistory> history, IReadOnlyList<string> dualConstraints, IReadOnlyDictionary<string, double> largestDuals)
        => history.Count == 0 || history.Any(epoch => epoch.IsFeasible)
            ? [] : new ConflictSearch(constraints, history, dualConstraints, largestDuals).Find();

    private List<ConstraintConflict> Find()
    {
        var all = Enumerable.Range(0, _constraints.Count).ToArray();
        var never = all.Where(index => !_history.Any(epoch => IsKept(index, epoch))).ToArray();
        var found = never.Select(index => Conflict([index], NeverKept(index))).ToList();
        found.AddRange(Pairs(all).Where(pair => never.Contains(pair[0]) || never.Contains(pair[1]))
            .Select(pair => (pair, Correlation: Opposition(pair[0], pair[1])))
            .Where(other => other.Correlation <= Opposed)
                .Select(other => Conflict(other.pair,
                string.Create(CultureInfo.InvariantCulture,
                $"in the last {Last.Count} epochs, the nearer one came to its bound, the further the other went (rank correlation "
                + $"{other.Correlation:0.00})"))));

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

    private IReadOnlyList<EpochHistory> Last => [.. _history.Skip(_history.Count - Math.Max(FewestEpochs, _history.Count / 2))];

    private ConstraintConflict Conflict(int[] set, string reason) => new([.. set.Select(index => _constraints[index].Name)], reason);

    private double Excess(int index, EpochHistory epoch) => _constraints[index].Violation(epoch.AuditedValues[index]);

    private bool IsKept(int index, EpochHistory epoch) => !(Excess(index, epoch) > 0);

    private bool IsKeptTogether(int[] set) => _history.Any(epoch => set.All(index => IsKept(index, epoch)));

    private string NeverKept(int index)
    {
        var nearest = _history.MinBy(epoch => Excess(index, epoch))!;
        return string.Create(CultureInfo.InvariantCulture,
            $"kept in none of the {_history.Count} epochs; nearest in epoch {nearest.Epoch}: {nearest.AuditedValues[index]:0.0000}, missed "
            + $"by {Excess(index, nearest):0.0000}{Multipliers(index)}");
    }

    private string NeverTogether(int[] set)
    {
        var nearest = _history.MinBy(epoch => set.Max(index => Math.Max(0, Excess(index, epoch))))!;
        var values = set.Select(index => IsKept(index, nearest)
            ? $"{_constraints[index].Name} is kept"
            : Invariant($"{_constraints[index].Name} is missed by {Excess(index, nearest):0.0000}"));
        var together = set.Length == 2 ? "both" : $"all {set.Length}";
        return string.Create(CultureInfo.InvariantCulture,
            $"each was kept in some of the {_history.Count} epochs, never {together} in one; nearest in epoch {nearest.Epoch}, where "
            + $"{string.Join(" and ", values)}");
    }

    // Whether the multipliers of a constraint that was never kept could still have done more.
    private string Multipliers(int index)
    {
        var name = _constraints[index].Name;
        double[] Largest(IEnumerable<EpochHistory> epochs)
            => [.. epochs.Select(epoch => epoch.Duals.Where((_, dual) => _dualConstraints[dual] == name).DefaultIfEmpty().Max())];
        var last = Largest(_history.TakeLast(FewestEpochs));
        if (_largestDuals.TryGetValue(name, out var limit) && last[^1] >= limit)
            return Invariant($"; its multiplier is at the upper end of its range, {limit}");
        var grows = last.Length > 1 && Enumerable.Range(1, last.Length - 1).All(epoch => last[epoch] > last[epoch - 1]);
        return grows ? Invariant($"; its multiplier was still growing in the last {last.Length} epochs") : "";
    }

    // Spearman's rank correlation of what two constraints were missed by; 0 where one is not in play.
    private double Opposition(int first, int second)
    {
        if (_history.Count < FewestEpochs || !IsInPlay(first) || !IsInPlay(second))
            return 0;
        var (a, b) = (Ranks([.. Last.Select(epoch => Excess(first, epoch))]), Ranks([.. Last.Select(epoch => Excess(second, epoch))]));
        double middle = (a.Length - 1) / 2.0, product = 0, squaresOfA = 0, squaresOfB = 0;
        for (var epoch = 0; epoch < a.Length; epoch++)
        {
            product += (a[epoch] - middle) * (b[epoch] - middle);
            squaresOfA += (a[epoch] - middle) * (a[epoch] - middle);
            squaresOfB += (b[epoch] - middle) * (b[epoch] - middle);
        }

        return squaresOfA == 0 || squaresOfB == 0 ? 0 : product / Math.Sqrt(squaresOfA * squaresOfB);
    }

    // Missed in some of the last epochs, or held back by a multiplier in the last; always defined.
    private bool IsInPlay(int index) => Last.All(epoch => !double.IsNaN(Excess(index, epoch)))
        && (Last.Any(epoch => !IsKept(index, epoch))
            || _history[^1].Duals.Where((value, dual) => _dualConstraints[dual] == _constraints[index].Name && value > 0).Any());

    // From 0; equal values share the mean of their ranks.
    private static double[] Ranks(double[] values)
        => Array.ConvertAll(values, value => values.Count(other => other < value) + (values.Count(other => other == value) - 1) / 2.0);

    private static IEnumerable<int[]> Pairs(int[] indices)
        => indices.SelectMany((first, position) => indices.Skip(position + 1).Select(second => new[] { first, second }));

    private static IEnumerable<int[]> Triples(int[] indices)
        => indices.SelectMany((first, position) => Pairs(indices[(position + 1)..]).Select(pair => new[] { first, pair[0], pair[1] }));
}
