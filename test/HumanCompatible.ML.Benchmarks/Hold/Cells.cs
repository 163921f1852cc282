using System.Text.RegularExpressions;

namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>All cells, by name. A cell that is changed needs a new name: files of fits refer to it.</summary>
internal static class Cells
{
    internal const string TwoGroups = "two groups, 3,000 rows and more";
    internal const string FewRows = "two groups, 600 rows";
    internal const string ManyGroups = "many groups";
    internal const string Ratios = "disparate impact";
    internal const string Confidence = "confidence level";

    internal static IReadOnlyList<Cell> All { get; } =
    [
        .. Of("acs-sex-dp", "acs", [Populations.AcsSex], BoundKind.DemographicParity, 0.05, TwoGroups, 600, 3_000, 10_000, 30_000),
        .. Of("acs-sex-eo", "acs", [Populations.AcsSex], BoundKind.EqualizedOdds, 0.05, TwoGroups, 600, 3_000, 10_000, 30_000),
        .. Of("acs-race-dp", "acs", [Populations.AcsRace], BoundKind.DemographicParity, 0.10, ManyGroups, 3_000, 10_000),
        .. Of("adult-race-eo", "adult", ["race"], BoundKind.EqualizedOdds, 0.05, ManyGroups, 3_000, 10_000),
        .. Of("adult-sexrace-dp", "adult", ["sex", "race"], BoundKind.DemographicParity, 0.05, ManyGroups, 3_000, 10_000),
        .. Of("ten-dp", "ten", [Populations.Group], BoundKind.DemographicParity, 0.05, ManyGroups, 3_000, 10_000),
        .. Of("clean-dp", "clean", [Populations.Group], BoundKind.DemographicParity, 0.05, null, 3_000, 10_000),
        .. Of("compas-race-dp", "compas", ["race"], BoundKind.DemographicParity, 0.05, null, Populations.CompasRows),
        .. Of("acs-sex-di", "acs", [Populations.AcsSex], BoundKind.DisparateImpact, 0.8, Ratios, 3_000, 10_000),
        .. Of("adult-sex-di", "adult", ["sex"], BoundKind.DisparateImpact, 0.8, Ratios, 3_000, 10_000),
        .. Of("acs-sex-dp-conf", "acs", [Populations.AcsSex], BoundKind.DemographicParity, 0.05, Confidence, 3_000, 12_000)
            .Select(WithConfidence),
        .. Of("acs-sex-eo-conf", "acs", [Populations.AcsSex], BoundKind.EqualizedOdds, 0.05, Confidence, 12_000).Select(WithConfidence),
    ];

    /// <summary>The cells that any of the patterns names; a star in a pattern stands for any text.</summary>
    /// <exception cref="HoldInputException">A pattern names none.</exception>
    internal static IReadOnlyList<Cell> Named(IReadOnlyList<string> patterns)
    {
        var named = new HashSet<Cell>();
        foreach (var pattern in patterns)
        {
            var expression = new Regex("^" + Regex.Escape(pattern).Replace("\\*", ".*") + "$");
            List<Cell> found = [.. All.Where(cell => expression.IsMatch(cell.Name))];
            if (found.Count == 0)
                throw new HoldInputException($"--cells: no cell is named '{pattern}'; --list shows them.");
            named.UnionWith(found);
        }

        return [.. All.Where(named.Contains)];
    }

    private static IEnumerable<Cell> Of(string name, string population, string[] groups, BoundKind kind, double bound, string? pool,
        params int[] rows)
        => rows.Select(count => new Cell($"{name}-{count}", count < 1_000 ? FewRows : pool, population, count, groups, kind, bound));

    private static Cell WithConfidence(Cell cell) => cell with { ConfidenceLevel = 0.95 };
}
