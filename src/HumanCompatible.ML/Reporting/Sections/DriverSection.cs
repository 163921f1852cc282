using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting.Sections;

/// <summary>Which columns move the score the most.</summary>
internal static class DriverSection
{
    private const int MostBars = 15;

    internal static Html Of(ReportContent content)
    {
        if (content.Rows?.Drivers is not { } drivers)
            return Html.Empty;
        var all = drivers.Largest.ToList();
        Bar[] bars = [.. all.Take(MostBars).Select(driver => new Bar(driver.Name, driver.Size, Numbers.Amount(driver.Size)))];
        var table = new DataTable("Contributions to the score", ["Column", "Mean size", "Mean"],
            [.. all.Select(driver => (string[])[driver.Name, Numbers.Amount(driver.Size), Numbers.Amount(driver.Mean)])]);
        var alternative = "Mean size of the contributions to the score: " + string.Join("; ", bars.Select(bar
            => $"{Figure.Short(bar.Name, 60)} {bar.Text}")) + ".";
        return Html.Of($"""
            <p>By how much each column moves the score of a person up or down, on average over {drivers.RowCount} rows. A column that
            moves it much is not the cause of what is predicted, and a column may stand in for a group that is not among the columns.</p>
            <div class="charts">{Figure.Of("Contributions to the score", $"The {bars.Length} largest of {all.Count} columns.",
                BarChart.Draw(alternative, bars, null, value => Numbers.Plain(value, "0.###")), table)}</div>
            """);
    }
}
