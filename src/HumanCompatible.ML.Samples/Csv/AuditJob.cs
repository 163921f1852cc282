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
    /// <param name="output">Where it is shown.</param>
    /// <exception cref="SampleInputException">The file or the options are not usable.</exception>
    public static int Run(CsvOptions options, string prediction, SampleOutput output)
    {
        var table = CsvTable.Load(options.File, options.Separator, options.ColumnNames);
        options.Check(table);
        var predicted = table.IndexOf("--prediction", prediction);
        if (prediction == options.Label || options.Groups.Contains(prediction))
        {
            throw new SampleInputException(
                $"--prediction {prediction}: that is {(prediction == options.Label ? "the label" : "a group column")}.");
        }

        if (options.Constraints.FirstOrDefault(constraint => constraint.Word == "loss") is { } loss)
        {
            throw new SampleInputException(
                FormattableString.Invariant($"--constraint loss:{loss.Bound}: predictions without probabilities have no loss."));
        }

        new CsvGroups(options, output.Say).Unify(table, null);
        var rows = new CsvRows(options, output.Say).Select(table, null).Training;
        var frame = new DataFrame(
            new BooleanDataFrameColumn(options.Label, rows.Select(row => row.IsPositive)),
            new BooleanDataFrameColumn(Predictions, Predicted(options, table, rows, predicted)));
        foreach (var name in options.Groups)
        {
            var column = table.IndexOf("--group", name);
            frame.Columns.Add(new StringDataFrameColumn(name, rows.Select(row => options.Missing.IsMissing(row.Cells[column]) ? ""
                : row.Cells[column])));
        }

        try
        {
            var audit = new MLContext().Constrained().Audit.BinaryClassification(frame, options.Groups, options.Label,
                probabilityColumnName: null, missingValues: options.MissingGroups);
            output.Say(audit.ToString());
            foreach (var constraint in options.Constraints)
            {
                output.Say($"Promise: {constraint.Promise(options.Groups)}.");
                output.Say($"  {audit.Judge(constraint.Declare(options.Groups))}");
            }
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException)
        {
            throw new SampleInputException(problem.Message);
        }

        return 0;
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
