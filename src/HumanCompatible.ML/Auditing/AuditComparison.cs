using System.Globalization;
using System.Text;
using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Auditing;

/// <summary>How the audits of two models differ.</summary>
public sealed class AuditComparison
{
    internal AuditComparison(bool isPaired, IReadOnlyList<ComparedSummary> summaries) => (IsPaired, Summaries) = (isPaired, summaries);

    /// <summary>
    /// Whether both models scored the same rows: then each replicate draws the same rows for both, and what they have in common cancels.
    /// Rows are the same where their groups, labels and weights are, one after the other.
    /// </summary>
    public bool IsPaired { get; }

    /// <summary>The summaries.</summary>
    public IReadOnlyList<ComparedSummary> Summaries { get; }

    /// <summary>A table.</summary>
    /// <returns>One line for each summary.</returns>
    public override string ToString()
    {
        var width = Summaries.Select(one => one.Name.Length).DefaultIfEmpty().Max();
        var text = new StringBuilder();
        text.AppendLine($"{"".PadRight(width)}    First   Second  Second - first");
        foreach (var one in Summaries)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{one.Name.PadRight(width)}  {Number(one.First),7}  {Number(one.Second),7}  "
                + $"{Number(one.Difference),7} [{Number(one.Interval.Lower)}, {Number(one.Interval.Upper)}]");
        }

        return text.Append(IsPaired ? "Both scored the same rows." : "They scored different rows.").ToString();
    }

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("F4", CultureInfo.InvariantCulture);

    internal static AuditComparison Of(FairnessAudit first, FairnessAudit second,
        IReadOnlyDictionary<string, Func<FairnessAudit, double>>? summaries, BootstrapOptions options, CancellationToken cancellation)
    {
        if (first.Labels.Task != second.Labels.Task)
            throw new ArgumentException($"One audit is of {first.Labels.Task}, the other of {second.Labels.Task}.", nameof(second));
        options.Validate();
        summaries ??= DefaultSummaries(first);
        Func<FairnessAudit, double>[] functions = [.. summaries.Values];
        double[] Of(FairnessAudit audit) => [.. functions.Select(function => function(audit))];
        double[] Difference(FairnessAudit[] audits) => [.. Of(audits[0]).Zip(Of(audits[1]), (one, two) => two - one)];

        AuditRows firstRows = first.ReadRows(), secondRows = second.ReadRows();
        var isPaired = first.HasCellsOf(second) && firstRows.IsSameAs(secondRows);
        Resampling[] resamplings = isPaired ? [new((first, firstRows), (second, secondRows))]
            : [new((first, firstRows)), new((second, secondRows))];
        FairnessAudit[] Replicate(int index) =>
            [.. resamplings.SelectMany((one, model) => one.Replicate(new RowDraws(options.Seed, (resamplings.Length * index) + model)))];
        var intervals = Bootstrap.Intervals(Difference([first, second]), index => Difference(Replicate(index)),
            () => Accelerations(resamplings, Of, Difference, functions.Length, cancellation), first.Confidence, options, cancellation);
        double[] ofFirst = Of(first), ofSecond = Of(second);
        return new AuditComparison(isPaired, [.. summaries.Keys.Select((name, index)
            => new ComparedSummary(name, ofFirst[index], ofSecond[index], intervals[index].Interval))]);
    }

    // Of different rows each side has an acceleration of its own, and those of a difference are not a sum: only the bias is corrected.
    private static double[] Accelerations(Resampling[] resamplings, Func<FairnessAudit, double[]> of,
        Func<FairnessAudit[], double[]> difference, int count, CancellationToken cancellation)
        => resamplings.Length == 1 ? resamplings[0].Accelerations(difference, count, cancellation) : new double[count];

    private static Dictionary<string, Func<FairnessAudit, double>> DefaultSummaries(FairnessAudit audit)
    {
        var summaries = new Dictionary<string, Func<FairnessAudit, double>>();
        AuditStatistic[] statistics = [.. AuditStatistic.Of(audit.Labels.Task).Where(one => !double.IsNaN(audit.Overall[one]))];
        foreach (var statistic in statistics)
            summaries.Add(statistic.Name, one => one.Overall[statistic]);
        foreach (var column in audit.GroupColumnNames)
        {
            foreach (var statistic in statistics.Where(one => !one.IsOfLabels))
                summaries.Add($"{column}: {statistic.Name} max - min", one => one.Of(column).Difference(statistic));
        }

        return summaries;
    }
}

/// <summary>A summary of two audits.</summary>
public sealed record ComparedSummary
{
    internal ComparedSummary(string name, double first, double second, ConfidenceInterval interval)
        => (Name, First, Second, Interval) = (name, first, second, interval);

    /// <summary>The name of the summary.</summary>
    public string Name { get; }

    /// <summary>The summary of the first audit.</summary>
    public double First { get; }

    /// <summary>The summary of the second audit.</summary>
    public double Second { get; }

    /// <summary>By how much the second is larger.</summary>
    public double Difference => Second - First;

    /// <summary>The bootstrap interval of <see cref="Difference"/>.</summary>
    public ConfidenceInterval Interval { get; }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
