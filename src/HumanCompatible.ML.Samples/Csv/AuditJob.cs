using System.Globalization;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Samples.Display;
using Microsoft.Data.Analysis;
using Microsoft.ML;
using Spectre.Console;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Audits the predictions in a table, whatever made them.</summary>
/// <param name="options">The table and its columns.</param>
/// <param name="prediction">The column of the predictions, with the values of the label.</param>
/// <param name="score">The column of the scores; null for none.</param>
/// <param name="output">Where it is shown.</param>
internal sealed class AuditJob(CsvOptions options, string prediction, string? score, SampleOutput output)
{
    /// <summary>Prints the audit and a verdict on every bound. Whether bounds are kept is in what it shows, not in the exit code.</summary>
    /// <exception cref="SampleInputException">The file or the options are not usable.</exception>
    public int Run()
    {
        OutputPaths.Check([(options.File, "the table itself")], ("--report", options.ReportPath));
        var table = CsvTable.Load(options.File, options.Separator, options.ColumnNames);
        options.CheckColumns(table);
        foreach (var warning in options.Missing.Unused(table))
            output.Say(warning);
        if (score is null)
            CheckLoss([], null, null);
        var predictions = ColumnOf(table, "--prediction", prediction);
        int? scores = score is null ? null : ColumnOf(table, "--score", score);
        int? weights = options.Weight is null ? null : table.IndexOf("--weight", options.Weight);
        if (score == prediction)
            throw new SampleInputException($"--score {score}: that is the column of the predictions.");
        if (weights is { } same && (same == predictions || same == scores))
            throw new SampleInputException($"--weight {options.Weight}: --{(same == scores ? "score" : "prediction")} names it, too.");
        new CsvGroups(options, output.Say).Unify(table, null);
        var rows = new CsvRows(options, output.Say).SelectAudited(table, predictions, scores);
        var frame = new DataFrame(new BooleanDataFrameColumn(options.Label, rows.Select(row => row.IsPositive)),
            new BooleanDataFrameColumn(prediction, Predicted(table, rows, predictions)));
        var numbers = scores is { } column ? ReadNumbers(rows, column, score!) : null;
        var notProbability = numbers?.FindIndex(number => number is not (>= 0 and <= 1));
        CheckLoss(rows, numbers, notProbability);
        if (numbers is not null)
            frame.Columns.Add(new DoubleDataFrameColumn(score, numbers));
        if (weights is { } weight)
            frame.Columns.Add(new DoubleDataFrameColumn(options.Weight, ReadWeights(rows, weight)));
        foreach (var name in options.Groups)
        {
            var group = table.IndexOf("--group", name);
            if (options.Missing.Note(name, [.. rows.Select(row => row.Cells[group])], isNumeric: false, isGroup: true) is { } missing)
                output.Say(missing);
            frame.Columns.Add(new StringDataFrameColumn(name, rows.Select(row => options.Missing.IsMissing(row.Cells[group]) ? ""
                : row.Cells[group])));
        }

        try
        {
            Show(Audit(frame, areProbabilities: notProbability == -1));
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException)
        {
            var parameter = (problem as ArgumentException)?.ParamName;
            throw new SampleInputException(problem.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal), problem);
        }

        return 0;
    }

    private FairnessAudit Audit(DataFrame frame, bool areProbabilities)
        => score is null || areProbabilities
            ? new MLContext().Constrained().Audit.BinaryClassification(frame, options.Groups, options.Label,
                predictedLabelColumnName: prediction, probabilityColumnName: score, exampleWeightColumnName: options.Weight,
                missingValues: options.MissingGroups)
            : new MLContext().Constrained().Audit.BinaryClassification(frame, options.Groups, options.Label, score, prediction,
                probabilityColumnName: null, exampleWeightColumnName: options.Weight, missingValues: options.MissingGroups);

    private void Show(FairnessAudit audit)
    {
        output.Say(audit.ToString());
        if (audit.Intersection.ExcludedGroups.Count > 0)
            output.Say("--include-missing compares them, too.");
        if (!double.IsNaN(audit.DecisionThreshold))
        {
            output.Say(FormattableString.Invariant(
                $"The predictions agree with the threshold {audit.DecisionThreshold:0.####} of '{score}'."));
        }

        List<ConstraintVerdict> verdicts = [];
        foreach (var constraint in options.Constraints)
        {
            verdicts.Add(audit.Judge(constraint.Declare(options.Groups)));
            output.Say($"Promise: {constraint.Promise(options.Groups)}.");
            output.Say($"  {verdicts[^1]}");
        }

        ShowGroups(audit, [.. options.Constraints.Zip(verdicts)
            .Where(pair => pair.First.Groups is null || pair.First.Groups.SequenceEqual(options.Groups)).Select(pair => pair.Second)]);

        if (options.ReportPath is not { } path)
            return;
        audit.SaveReport(path, new FairnessReportOptions
        {
            ModelName = $"Predictions in column {prediction}",
            DataName = Path.GetFileName(options.File),
            Constraints = [.. options.Constraints.Select(constraint => constraint.Declare(options.Groups))],
        });
        output.Say($"Wrote {path}.");
    }

    // The tables of the audit are over all groups, a verdict need not be.
    private void ShowGroups(FairnessAudit audit, List<ConstraintVerdict> verdicts)
    {
        var groups = audit.Intersection.Groups.Concat(audit.Intersection.ExcludedGroups).ToList();
        if (!groups.Exists(group => verdicts.Exists(verdict => verdict.WhyWithout(group.Name) is not null)))
            return;
        output.Say("The tables above are over all groups, the verdicts over those that are large enough to tell:");
        var table = CsvDisplay.TableOf([string.Join(", ", options.Groups), "rows",
            .. verdicts.Select(verdict => verdicts.Count == 1 ? "in the verdict" : $"in {verdict.Name}")]);
        foreach (var group in groups.OrderByDescending(group => group.RowCount).Take(CsvDisplay.MostGroups))
        {
            string[] cells = [SampleOutput.Cell(group.Name), group.RowCount.ToString("N0", CultureInfo.InvariantCulture),
                .. verdicts.Select(verdict => CsvDisplay.InVerdict(verdict.WhyWithout(group.Name)))];
            table.AddRow(cells);
        }

        output.Console.Write(table);
        if (groups.Count > CsvDisplay.MostGroups)
            output.Say($"  and {groups.Count - CsvDisplay.MostGroups} smaller groups.");
    }

    private int ColumnOf(CsvTable table, string option, string name)
    {
        var index = table.IndexOf(option, name);
        if (name == options.Label || options.Groups.Contains(name))
            throw new SampleInputException($"{option} {name}: that is {(name == options.Label ? "the label" : "a group column")}.");
        return index;
    }

    private void CheckLoss(IReadOnlyList<CsvRow> rows, List<double>? numbers, int? notProbability)
    {
        if (options.Constraints.FirstOrDefault(constraint => constraint.Word == "loss") is not { } loss || notProbability == -1)
            return;
        throw new SampleInputException(FormattableString.Invariant($"--constraint loss:{loss.Bound}: the log loss is that of probabilities")
            + (notProbability is { } row ? FormattableString.Invariant(
                $" from 0 to 1, and line {rows[row].Line} of {options.File} has {numbers![row]} in column '{score}'.")
                : ", which --score names."));
    }

    // As the first of both signs before fractions that all cells can be read with.
    private List<double> ReadNumbers(IReadOnlyList<CsvRow> rows, int column, string name)
    {
        List<NumberText?> cells = [.. rows.Select(row => NumberText.Of(row.Cells[column]))];
        foreach (var sign in Enum.GetValues<DecimalSign>())
        {
            if (cells.All(cell => cell?.If(sign) is not null))
                return [.. cells.Select(cell => cell!.If(sign)!.Value)];
        }

        var odd = rows.Zip(cells).First(pair => pair.Second?.IfPoint is null).First;
        throw Unusable(odd, column, name, $"is no number{NumberText.Range(odd.Cells[column])}");
    }

    private List<double> ReadWeights(IReadOnlyList<CsvRow> rows, int column)
    {
        var weights = ReadNumbers(rows, column, options.Weight!);
        return weights.FindIndex(weight => weight < 0) is >= 0 and var negative
            ? throw new SampleInputException($"--weight {options.Weight}: '{rows[negative].Cells[column]}' (on line {rows[negative].Line}) "
                + "is below 0.") : weights;
    }

    private List<bool> Predicted(CsvTable table, IReadOnlyList<CsvRow> rows, int column)
    {
        var label = table.IndexOf("--label", options.Label);
        var values = rows.Select(row => row.Cells[label]).ToHashSet();

        // Labels that are all positive do not say what the other value is: one other prediction is.
        if (rows.All(row => row.IsPositive) && rows.Select(row => row.Cells[column])
            .Where(cell => !CellText.IsSame(cell, options.Positive)).Distinct().Take(2).ToList() is [var other])
        {
            output.Say($"{options.File}: all labels are positive; the prediction '{ShownName.Of(other)}' counts as negative.");
            values.Add(other);
        }

        return [.. rows.Select(row => CellText.IsSame(row.Cells[column], options.Positive)
            || (values.Any(value => CellText.IsSame(row.Cells[column], value)) ? false
                : throw Unusable(row, column, prediction,
                    $"is no value of the label '{options.Label}' ({CsvTable.Listed(values.Order(StringComparer.Ordinal))})")))];
    }

    private SampleInputException Unusable(CsvRow row, int column, string name, string problem)
        => new($"{options.File}, line {row.Line}, column '{name}': '{ShownName.Of(row.Cells[column])}' {problem}.");
}
