using System.Globalization;

namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>The table of the fits: a line for each cell, then a line for each pool of cells.</summary>
internal static class HoldTable
{
    private static readonly (string Title, Func<CellTotals, string> Text)[] Columns =
    [
        ("cell", totals => totals.Name),
        ("fits", totals => totals.Count.ToString(CultureInfo.InvariantCulture)),
        ("exceeded", totals => Share(totals.ExceededMeasurable, totals.Exceeded)),
        ("if kept or shown", totals => Share(totals.ExceededMeasurableOf(VerdictNames.Kept, VerdictNames.Shown),
            totals.ExceededOf(VerdictNames.Kept, VerdictNames.Shown))),
        ("of its groups", totals => Number(totals.ExceededJudgedOf(VerdictNames.Kept, VerdictNames.Shown))),
        ("if shown", totals => Share(totals.ExceededMeasurableOf(VerdictNames.Shown), totals.ExceededOf(VerdictNames.Shown))),
        ("beyond interval", totals => Number(totals.BeyondInterval)),
        ("statistic", totals => Both(totals.StatisticMeasurable, totals.Statistic)),
        ("overshoot", totals => Both(totals.OvershootMeasurable, totals.Overshoot)),
        ("accuracy", totals => Number(totals.Accuracy)),
        ("price", totals => Number(totals.Price)),
        ("constant", totals => Share(totals.NearlyConstant, totals.Constant)),
        ("shown/kept/missed/n.m.", totals => string.Join('/', new[] { VerdictNames.Shown, VerdictNames.Kept, VerdictNames.Missed,
            VerdictNames.NotMeasurable }.Select(totals.CountOf))),
        ("s", totals => totals.Seconds.ToString("0.00", CultureInfo.InvariantCulture)),
    ];

    internal static void Write(TextWriter to, IReadOnlyList<HeldFit> fits, bool isMarkdown)
    {
        var cells = Cells.All.ToDictionary(cell => cell.Name);
        List<(Cell Cell, HeldFit Fit)> known = [.. fits.Select(fit => (cells.TryGetValue(fit.Cell, out var cell) ? cell
            : throw new HoldInputException($"There is no cell '{fit.Cell}'."), fit))];
        var lines = Cells.All.Select(cell => new { cell.Name, Fits = known.Where(item => item.Cell == cell).ToList() })
            .Concat(Cells.All.Select(cell => cell.Pool).OfType<string>().Distinct()
                .Select(pool => new { Name = "= " + pool, Fits = known.Where(item => item.Cell.Pool == pool).ToList() }))
            .Where(line => line.Fits.Count > 0)
            .Select(line => new CellTotals(line.Name, line.Fits));
        TextTable.Write(to, [.. Columns.Select(column => column.Title)],
            [.. lines.Select(totals => (IReadOnlyList<string>)[.. Columns.Select(column => column.Text(totals))])], isMarkdown);
    }

    private static string Share(double value, double other) => Pair(value, other, "0.00");

    private static string Both(double value, double other) => Pair(value, other, "0.0000");

    // The other is in brackets, where it differs.
    private static string Pair(double value, double other, string format)
    {
        var (first, second) = (Number(value, format), Number(other, format));
        return first == second ? first : $"{first} ({second})";
    }

    private static string Number(double value, string format = "0.0000")
        => double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);
}
