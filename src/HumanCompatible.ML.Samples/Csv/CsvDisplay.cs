using System.Globalization;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Samples.Display;
using Spectre.Console;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Prints what the csv command found: what was promised and what is true, what it costs, and the figures behind it.</summary>
/// <param name="output">Where it is printed.</param>
/// <param name="options">What was asked.</param>
internal sealed class CsvDisplay(SampleOutput output, CsvOptions options)
{
    private const int MostMultipliers = 10;

    /// <summary>The most groups of a table.</summary>
    public const int MostGroups = 20;

    private const double SmallestShown = 0.00005; // of four decimals
    private readonly HashSet<string> _warnings = [];

    /// <summary>Prints what one seed gave. A warning is printed for the first seed only that has it.</summary>
    public void Write(CsvReport.Run run)
    {
        output.Say();
        output.Say(Invariant($"Seed {run.Seed}: {run.Seconds:0.00} s to fit{(run.Unconstrained is null ? ", no constraint" : "")}"));
        for (var index = 0; index < options.Constraints.Count; index++)
            WritePromise(run, index);
        if (run.Confidence is { } confidence)
            WriteConfidence(run, confidence);
        var without = run.Unconstrained is { } other ? $"{Number(other.Test.Accuracy)} without constraints, " : "";
        output.Say($"Accuracy on the test rows: {Number(run.Test.Accuracy)}; {without}{Number(run.Test.MajorityAccuracy)} if the commonest "
            + "label is predicted for every row.");
        foreach (var warning in CsvWarnings.Fold(run.Warnings).Where(_warnings.Add))
            output.Say($"Warning: {warning}");
        WriteFigures(run);
        WriteGroups(run);
        WriteMultipliers(run.Duals);
    }

    /// <summary>Prints the mean of several seeds and what the verdicts mean.</summary>
    public void WriteMean(IReadOnlyList<CsvReport.Run> runs)
    {
        output.Say();
        if (runs.Count > 1 && options.Constraints.Count > 0)
            WriteSeeds(runs);
        var statistics = string.Concat(runs[0].Verdicts.Test.Select((first, index) => Invariant(
            $", {first.Name} {Number(runs.Average(run => run.Verdicts.Test[index].Value))} (bound {first.Bound:0.####}; {Tally(index)})")));
        output.Say(Invariant($"Mean of {runs.Count} seed(s) on test rows: accuracy {Number(runs.Average(run => run.Test.Accuracy))}, AUC ")
            + Invariant($"{Number(runs.Average(run => run.Test.Auc))}{statistics}; {runs.Average(run => run.Seconds):0.00} s a fit."));
        if (options.Constraints.Count > 0)
        {
            output.Say("Verdicts are of the rows that their line names. "
                + "Shown: not only these rows, but with 95% confidence "
                + (options.Confidence is { } level ? Invariant($"({level * 100:0.##}% by the safety rows) ") : "")
                + "new ones like them are within the bound. Kept: these rows are; "
                + "new ones may lie anywhere between the limits. Missed: these rows are not. Not measurable: too few rows to tell.");
        }

        string Tally(int index) => string.Join(", ", runs.CountBy(run => run.Verdicts.Test[index].Verdict)
            .OrderByDescending(pair => pair.Key).Select(pair => $"{VerdictText.Of(pair.Key)} in {pair.Value}"));
    }

    private void WritePromise(CsvReport.Run run, int index)
    {
        output.Say($"Promise: {options.Constraints[index].Promise(options.Groups)} ({run.Verdicts.Model[index].Name}).");
        var table = TableOf("", "verdict", "value",
            Invariant($"one-sided {run.Verdicts.Test[index].LimitConfidence * 100:0.##}% limits on new rows"), "rows");
        var remarks = new List<string>();
        void Add(string rows, CsvReport.Judged judged)
        {
            var hasLimits = !double.IsNaN(judged.Lower) || !double.IsNaN(judged.Upper);
            table.AddRow(rows, judged.InWords, Number(judged.Value),
                hasLimits ? $"{Number(judged.Lower)} to {Number(judged.Upper)}" : "none",
                judged.Rows.ToString("N0", CultureInfo.InvariantCulture));
            foreach (var (what, groups) in new[] { ("too few rows to tell", judged.UnmeasurableGroups),
                ("left out of the promise", judged.ExcludedGroups), ("not seen in training", judged.UnseenGroups) })
            {
                if (groups.Count > 0)
                    remarks.Add($"  {rows}, {what}: {Listed(groups)}");
            }
        }
        var own = run.Verdicts.Model[index];
        Add((own.IsOfHeldOutRows ? "held-out rows" : "rows it was made of")
            + (own.Verdict == Verdict.Shown ? "; shown by the safety rows" : ""), own);
        var isAsBefore = run.Verdicts.Test[index].ExcludedGroups.SequenceEqual(run.Verdicts.Model[index].ExcludedGroups);
        Add("test rows", isAsBefore ? run.Verdicts.Test[index] with { ExcludedGroups = [] } : run.Verdicts.Test[index]);
        if (run.Unconstrained is { } other)
        {
            Add("test rows, without constraints", other.Verdicts.Test[index] with
            {
                UnmeasurableGroups = [],
                ExcludedGroups = [],
                UnseenGroups = [],
            });
        }
        output.Console.Write(table);
        remarks.ForEach(output.Say);
    }

    // The test rows say one thing, the safety rows another: each line names its rows, and the last which of them count.
    private void WriteConfidence(CsvReport.Run run, CsvReport.Confidence confidence)
    {
        foreach (var limit in confidence.Limits)
        {
            var needed = limit.RowsNeeded is { } rows ? $"; about {rows} safety rows would show it" : "";
            output.Say($"On the {confidence.SafetyRows} safety rows, held out of training for this one test: {limit.Name} "
                + Invariant($"{(limit.Shown ? "shown" : "not shown")} with {confidence.Level * 100:0.##}% confidence (--confidence), ")
                + (limit.WhyNone is { } why ? $"for {why}."
                    : $"its limit on new rows is {Number(limit.Value)}, over the groups that the verdict speaks of{needed}."));
        }

        string[] others = [.. confidence.Limits.Zip(run.Verdicts.Test)
            .Where(pair => pair.First.Shown != (pair.Second.Verdict == Verdict.Shown)).Select(pair => pair.First.Name)];
        if (others.Length > 0)
        {
            output.Say($"The test rows and the safety rows are different rows, and say different things of {string.Join(", ", others)}: "
                + "what was asked for with --confidence is what the safety rows say.");
        }
    }

    private void WriteFigures(CsvReport.Run run)
    {
        List<(string Name, CsvReport.Part Part)> parts =
            [("train", run.Train), (run.Confidence is null ? "validation" : "validation, safety", run.Validation), ("test", run.Test)];
        if (run.Unconstrained is { } other)
            parts.Add(("test, without constraints", other.Test));
        var table = TableOf(["all groups, large and small", .. parts.Select(part => part.Name)]);
        void Add(string name, Func<CsvReport.Part, string> cell) => table.AddRow([name, .. parts.Select(part => cell(part.Part))]);
        Add("rows", part => part.Rows.ToString("N0", CultureInfo.InvariantCulture));
        Add("accuracy", part => Number(part.Accuracy));
        Add("AUC", part => Number(part.Auc));
        Add("demographic parity difference", part => Number(part.DemographicParityDifference));
        Add("equal opportunity difference", part => Number(part.EqualOpportunityDifference));
        Add("equalized odds difference", part => Number(part.EqualizedOddsDifference));
        Add("loss parity difference", part => Number(part.LossParityDifference));
        output.Console.Write(table);
    }

    private void WriteGroups(CsvReport.Run run)
    {
        var without = run.Unconstrained?.Test.ByGroup;
        List<CsvReport.Judged> judged = [.. options.Constraints.Zip(run.Verdicts.Test)
            .Where(pair => pair.First.Groups is null || pair.First.Groups.SequenceEqual(options.Groups)).Select(pair => pair.Second)];
        string[] names = [string.Join(", ", options.Groups) + ", test rows", "rows",
            .. judged.Select(one => judged.Count == 1 ? "in the verdict" : $"in {one.Name}"), "positive", "predicted positive",
            .. without is null ? [] : new[] { "without constraints" }, "true positive rate", "false positive rate", "accuracy"];
        var table = TableOf(names);
        foreach (var (name, group) in run.Test.ByGroup.OrderByDescending(pair => pair.Value.Rows).Take(MostGroups))
        {
            string[] cells = [SampleOutput.Cell(name), group.Rows.ToString("N0", CultureInfo.InvariantCulture),
                .. judged.Select(one => InVerdict(one.WhyWithout(name))), Number(group.BaseRate), Number(group.SelectionRate),
                .. without is null ? [] : new[] { Number(without[name].SelectionRate) },
                Number(group.TruePositiveRate), Number(group.FalsePositiveRate), Number(group.Accuracy)];
            table.AddRow(cells);
        }
        output.Console.Write(table);
        if (run.Test.ByGroup.Count > MostGroups)
            output.Say($"  and {run.Test.ByGroup.Count - MostGroups} smaller groups, which --json writes.");
    }

    /// <summary>A cell that says whether a verdict speaks of a group.</summary>
    /// <param name="why">Why not; null where it does.</param>
    public static string InVerdict(string? why) => why is null ? "yes" : SampleOutput.Cell($"no: {why}");

    private void WriteMultipliers(IReadOnlyDictionary<string, double> multipliers)
    {
        if (multipliers.Count == 0)
            return;
        var active = multipliers.Where(multiplier => multiplier.Value >= SmallestShown).OrderByDescending(multiplier => multiplier.Value)
            .ToList();
        foreach (var (inequality, multiplier) in active.Take(MostMultipliers))
            output.Say(Invariant($"  multiplier of {ShownName.Of(inequality, 160)}: {multiplier:0.0000}"));
        var smaller = Math.Max(0, active.Count - MostMultipliers);
        output.Say($"  {(smaller == 0 ? "" : $"{smaller} smaller multipliers are not shown; ")}{multipliers.Count - active.Count} of "
            + $"{multipliers.Count} multipliers are 0.");
    }

    private void WriteSeeds(IReadOnlyList<CsvReport.Run> runs)
    {
        var table = TableOf(["seed", "accuracy", "without constraints",
            .. runs[0].Verdicts.Test.SelectMany(judged => new[] { judged.Name + ", test", "verdict" })]);
        foreach (var run in runs)
        {
            string[] cells = [run.Seed.ToString(CultureInfo.InvariantCulture), Number(run.Test.Accuracy),
                Number(run.Unconstrained!.Test.Accuracy),
                .. run.Verdicts.Test.SelectMany(judged => new[] { Number(judged.Value), VerdictText.Of(judged.Verdict) })];
            table.AddRow(cells);
        }
        output.Console.Write(table);
    }

    /// <summary>A table whose first column stands left, the others right.</summary>
    public static Table TableOf(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var (index, column) in columns.Index())
        {
            var title = new TableColumn(SampleOutput.Cell(column));
            table.AddColumn(index == 0 ? title : title.RightAligned());
        }

        return table;
    }

    private static string Listed(IReadOnlyList<string> groups)
        => string.Join("; ", groups.Take(10).Select(group => ShownName.Of(group, 100)))
            + (groups.Count > 10 ? $"; and {groups.Count - 10} more" : "");

    private static string Number(double value) => !double.IsFinite(value) ? "not defined" : Invariant($"{value:0.0000}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
