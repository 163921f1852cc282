using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Samples.Display;
using Spectre.Console;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Prints what the csv command found.</summary>
internal static class CsvDisplay
{
    private const int MostMultipliers = 10;

    public static void Write(SampleOutput output, CsvReport.Run run, IReadOnlyList<FairnessConstraint> constraints)
    {
        output.Say();
        var kept = constraints.Count == 0 ? "no constraint" : $"{(run.Feasible ? "" : "NOT ")}every bound kept on validation";
        output.Say(Invariant($"Seed {run.Seed}: {run.Seconds:0.00} s to fit, {kept}"));
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("");
        foreach (var part in new[] { "train", "validation", "test" })
            table.AddColumn(new TableColumn(part).RightAligned());
        void Add(string name, Func<CsvReport.Part, string> cell)
            => table.AddRow(Markup.Escape(name), cell(run.Train), cell(run.Validation), cell(run.Test));
        Add("rows", part => part.Rows.ToString("N0", CultureInfo.InvariantCulture));
        Add("accuracy", part => Number(part.Accuracy));
        Add("AUC", part => Number(part.Auc));
        Add("demographic parity difference", part => Number(part.DemographicParityDifference));
        Add("equal opportunity difference", part => Number(part.EqualOpportunityDifference));
        Add("equalized odds difference", part => Number(part.EqualizedOddsDifference));
        Add("loss parity difference", part => Number(part.LossParityDifference));
        for (var index = 0; index < constraints.Count; index++)
        {
            var constraint = index;
            Add(Invariant($"{constraints[index].Name}, bound {constraints[index].Bound:0.####}"),
                part => Number(part.ConstraintValues[constraint]));
        }
        output.Console.Write(table);

        foreach (var left in run.NotBound)
            output.Say($"  groups not bound by {left}");
        WriteMultipliers(output, run.Duals);
    }

    public static void WriteMean(SampleOutput output, IReadOnlyList<CsvReport.Run> runs, IReadOnlyList<FairnessConstraint> constraints)
    {
        output.Say();
        var statistics = string.Concat(constraints.Select((constraint, index)
            => Invariant(
                $", {constraint.Name} {Number(runs.Average(run => run.Test.ConstraintValues[index]))} (bound {constraint.Bound:0.####})")));
        var feasible = constraints.Count == 0
            ? "" : Invariant($"; feasible on validation in {runs.Count(run => run.Feasible)} of {runs.Count}");
        output.Say(string.Create(CultureInfo.InvariantCulture,
            $"Mean of {runs.Count} seed(s) on test rows: accuracy {Number(runs.Average(run => run.Test.Accuracy))}, AUC "
            + $"{Number(runs.Average(run => run.Test.Auc))}{statistics}{feasible}; {runs.Average(run => run.Seconds):0.00} s a fit."));
    }

    private static void WriteMultipliers(SampleOutput output, IReadOnlyDictionary<string, double> multipliers)
    {
        var active = multipliers.Where(multiplier => multiplier.Value != 0).OrderByDescending(multiplier => multiplier.Value).ToList();
        foreach (var (inequality, multiplier) in active.Take(MostMultipliers))
            output.Say(Invariant($"  multiplier of {inequality}: {multiplier:0.0000}"));
        if (multipliers.Count > 0)
        {
            var smaller = Math.Max(0, active.Count - MostMultipliers);
            output.Say($"  {(smaller == 0 ? "" : $"{smaller} smaller multipliers are not shown; ")}{multipliers.Count - active.Count} of "
                + $"{multipliers.Count} multipliers are 0.");
        }
    }

    private static string Number(double value) => double.IsNaN(value) ? "not defined" : Invariant($"{value:0.0000}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
