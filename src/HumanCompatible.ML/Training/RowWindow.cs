using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Training;

/// <summary>
/// How many rows are drawn from at a time, and how many neighbors come together, so that what is drawn is near in memory or in a file: a
/// quarter of a gigabyte of features, in runs of 128 KiB. A window has five hundred runs or more from all over the table, so that also
/// of rows that come sorted it has about the average: each share of them differs by at most .022 in standard deviation.
/// </summary>
/// <param name="Rows">The most rows of a window; of no more rows all orders are as likely.</param>
/// <param name="Run">The rows of a run.</param>
internal readonly record struct RowWindow(int Rows, int Run)
{
    private const double WindowBytes = 1 << 28;
    private const double RunBytes = 1 << 17;
    private const int FewestRows = 1 << 16;
    private const int MostRows = 1 << 20;
    private const int RunsPerWindow = 1 << 10;

    /// <summary>Those for the rows of a table; the members of a collective have the same.</summary>
    internal static RowWindow Of(TrainingRows rows)
    {
        double[] sums = [rows.Table.Size, rows.Table.RowCount];
        rows.Collective.Sum(sums);
        var bytes = Math.Max(1, sums[0] / Math.Max(sums[1], 1));
        var window = (int)Math.Clamp(WindowBytes / bytes, FewestRows, MostRows);
        return new RowWindow(window, Math.Min((int)Math.Max(RunBytes / bytes, 1), window / RunsPerWindow));
    }
}
