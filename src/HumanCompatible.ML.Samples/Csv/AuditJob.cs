using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Samples.Display;
using Microsoft.Data.Analysis;
using Microsoft.ML;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Audits the predictions in a table, whatever made them.</summary>
internal static class AuditJob
{
    private const string Predictions = "PredictedLabel";

    /// <summary>Prints the audit and a verdict on every bound. Whether bounds are kept is in what it shows, not in the exit code.</summary>
    /// <param name="options">The table and its columns.</param>
    /// <param name="prediction">The column of the predictions, with the values of the label.</param>
    /// <param name="score">The column of the scores; null for none.</param>
    /// <param name="output">Where it is shown.</param>
    /// <exception cref="SampleInputException">The file or the options are not usable.</exception>
    public static int Run(CsvOptions options, string prediction, string? score, SampleOutput output)
    {
        CsvPage.CheckPath("--report", options.ReportPath, options.File);
        var table = CsvTable.Load(options.File, options.Separator, options.ColumnNames);
        options.Check(table);
        var predicted = table.IndexOf("--prediction", prediction);
        if (prediction == options.Label || options.Groups.Contains(prediction))
        {
            throw new SampleInputException(
                $"--prediction {prediction}: that is {(prediction == options.Label ? "the label" : "a group column")}.");
        }

        if (score is null)
            CheckNoLoss(options);
        new CsvGroups(options, output.Say).Unify(table, null);
        var rows = new CsvRows(options, output.Say).Select(table, null).Training;
        var frame = new DataFrame(
            new BooleanDataFrameColumn(options.Label, rows.Select(row => row.IsPositive)),
            new BooleanDataFrameColumn(Predictions, Predicted(options, table, rows, predicted)));
        var scores = score is null ? null : Scores(rows, table.IndexOf("--score", score), score);
        var areProbabilities = scores?.All(value => value is >= 0 and <= 1) == true;
        if (scores is not null)
            frame.Columns.Add(new SingleDataFrameColumn(areProbabilities ? "Probability" : "Score", scores));
        if (!areProbabilities)
            CheckNoLoss(options);
        foreach (var name in options.Groups)
        {
            var column = table.IndexOf("--group", name);
            frame.Columns.Add(new StringDataFrameColumn(name, rows.Select(row => options.Missing.IsMissing(row.Cells[column]) ? ""
                : row.Cells[column])));
        }

        try
        {
            var audit = new MLContext().Constrained().Audit.BinaryClassification(frame, options.Groups, options.Label,
                probabilityColumnName: areProbabilities ? "Probability" : null, missingValues: options.MissingGroups);
            output.Say(audit.ToString());
            foreach (var constraint in options.Constraints)
            {
                output.Say($"Promise: {constraint.Promise(options.Groups)}.");
                output.Say($"  {audit.Judge(constraint.Declare(options.Groups))}");
            }

            if (options.ReportPath is { } path)
                Write(path, options, frame, audit, prediction, output);
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException)
        {
            throw new SampleInputException(problem.Message);
        }

        return 0;
    }

    private static void CheckNoLoss(CsvOptions options)
    {
        if (options.Constraints.FirstOrDefault(constraint => constraint.Word == "loss") is { } loss)
        {
            throw new SampleInputException(
                FormattableString.Invariant($"--constraint loss:{loss.Bound}: predictions without probabilities have no loss."));
        }
    }

    private static void Write(string path, CsvOptions options, DataFrame frame, FairnessAudit audit, string prediction,
        SampleOutput output)
    {
        var file = Path.GetFileName(options.File);
        audit.SaveReport(path, new FairnessReportOptions
        {
            ModelName = $"Predictions in column {prediction}",
            DataName = file,
            Constraints = [.. options.Constraints.Select(constraint => constraint.Declare(options.Groups))],
            ScoredData = frame,
            LabelColumnName = options.Label,
        });
        output.Say($"Wrote {path}.");
    }

    // As the first of both signs before fractions that all cells can be read with.
    private static List<float> Scores(IReadOnlyList<CsvRow> rows, int column, string name)
    {
        List<NumberText?> cells = [.. rows.Select(row => NumberText.Of(row.Cells[column]))];
        foreach (var sign in Enum.GetValues<DecimalSign>())
        {
            if (cells.All(cell => cell?.If(sign) is not null))
                return [.. cells.Select(cell => (float)cell!.If(sign)!)];
        }

        var odd = rows.Zip(cells).First(pair => pair.Second?.IfPoint is null).First.Cells[column];
        throw new SampleInputException($"--score {name}: '{odd}' is no number.");
    }

    private static List<bool> Predicted(CsvOptions options, CsvTable table, IReadOnlyList<CsvRow> rows, int column)
    {
        var label = table.IndexOf("--label", options.Label);
        var values = rows.Select(row => row.Cells[label]).ToHashSet();
        return [.. rows.Select(row => CellText.IsSame(row.Cells[column], options.Positive)
            || (values.Any(value => CellText.IsSame(row.Cells[column], value)) ? false
                : throw new SampleInputException($"--prediction: '{row.Cells[column]}' is no value of the label '{options.Label}' "
                    + $"({CsvTable.Listed(values.Order(StringComparer.Ordinal))}).")))];
    }
}
