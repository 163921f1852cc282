using System.Globalization;
using HumanCompatible.ML.Samples.Display;
using Spectre.Console;

namespace HumanCompatible.ML.Samples.Demo;

/// <summary>Prints what the main job found.</summary>
internal static class DemoReport
{
    private const string TestRows = "test rows, not used in training";

    public static void Write(SampleOutput output, DemoOptions options, DemoResult result)
    {
        output.Say();
        output.Console.Write(Comparison(options, result));

        var summary = result.Constrained.Summary;
        output.Say($"On {TestRows}: {result.Constrained.Verdict}.");
        foreach (var constraint in summary.Constraints)
        {
            output.Say(Invariant(
                $"On the rows that trained it or chose the epoch ({summary.SelectedEpoch} of {summary.EpochsRun}): {constraint}."));
        }

        output.Say();
        output.Say(string.Create(CultureInfo.InvariantCulture,
            $"Saved {options.ModelPath} ({result.Reloaded.FileBytes / 1024.0:N0} KiB) and loaded it in a new MLContext: scores are "
            + $"{(result.Reloaded.IsIdentical ? "identical" : "DIFFERENT")}."));
        output.Say($"Wrote {options.ReportPath}, a page about it for people.");
        output.Say("Duals read from the file:");
        foreach (var dual in result.Reloaded.Trained.Duals)
            output.Say(Invariant($"  {dual.Inequality}: {dual.Value:0.0000}"));

        var person = result.Person;
        output.Say(string.Create(CultureInfo.InvariantCulture,
            $"One row: {person.Age:0} years, {person.Education}, {person.Occupation}, {person.HoursPerWeek:0} hours a week, {person.Sex}: "
            + $"{(result.Prediction.PredictedLabel ? "more than" : "at most")} 50,000 (probability "
            + $"{result.Prediction.Probability:0.000})."));
    }

    private static Table Comparison(DemoOptions options, DemoResult result)
    {
        var (without, with) = (result.Unconstrained, result.Constrained);
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(Markup.Escape("on " + TestRows));
        foreach (var model in new[] { without, with })
            table.AddColumn(new TableColumn(Markup.Escape(model.Title)).RightAligned());

        void Add(string name, string left, string right) => table.AddRow(Markup.Escape(name), Markup.Escape(left), Markup.Escape(right));
        Add("accuracy", Invariant($"{without.Accuracy:0.0000}"), Invariant($"{with.Accuracy:0.0000}"));
        Add("AUC", Invariant($"{without.AreaUnderRocCurve:0.0000}"), Invariant($"{with.AreaUnderRocCurve:0.0000}"));
        foreach (var group in without.SelectionRates.Keys.Order(StringComparer.Ordinal))
        {
            Add($"selection rate, {options.GroupColumn}={group}", Invariant($"{without.SelectionRates[group]:0.0000}"),
                Invariant($"{with.SelectionRates[group]:0.0000}"));
        }

        Add(options.Constraint == DemoConstraint.DemographicParity ? "demographic parity difference" : "equalized odds difference",
            Invariant($"{without.Verdict.Value:0.0000}"), Invariant($"{with.Verdict.Value:0.0000}"));
        Add(Invariant($"bound {options.Bound:0.####}"), VerdictText.Of(without.Verdict.Verdict), VerdictText.Of(with.Verdict.Verdict));
        Add("seconds to fit", Invariant($"{without.Seconds:0.00}"), Invariant($"{with.Seconds:0.00}"));
        return table;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
