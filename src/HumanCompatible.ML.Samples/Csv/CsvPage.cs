using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>What a page is made of.</summary>
/// <param name="Test">The scored test rows and their audit.</param>
/// <param name="Model">The model that scored them.</param>
/// <param name="Unconstrained">The audit of the same rows by a model without constraints; null where there is none.</param>
internal sealed record CsvPage((IDataView Scored, FairnessAudit Audit) Test, ConstrainedBinaryModelParameters Model,
    FairnessAudit? Unconstrained)
{
    /// <summary>Writes the page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Names data and columns.</param>
    /// <param name="seed">The seed of the model.</param>
    public void Write(string path, CsvOptions options, int seed) => Test.Audit.SaveReport(path, new FairnessReportOptions
    {
        ModelName = Model.Constraints.Count == 0 ? $"Model for {options.Label}" : $"Constrained model for {options.Label}",
        DataName = $"{Test.Audit.Overall.RowCount:N0} test rows of {Path.GetFileName(options.TestFile ?? options.File)}, seed {seed}",
        Model = Model,
        ScoredData = Test.Scored,
        LabelColumnName = options.Label,
        ExampleWeightColumnName = options.Weight,
        OtherModels = Unconstrained is null ? [] : [new ComparedModel("Without constraints", Unconstrained)],
    });

    /// <summary>Checks, before the work, that a file can be written.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="path">The file; null for none.</param>
    /// <param name="table">The table that is read, which it must not be.</param>
    /// <exception cref="SampleInputException">It cannot.</exception>
    public static void CheckPath(string option, string? path, string table)
    {
        if (path is null)
            return;
        if (string.IsNullOrWhiteSpace(path))
            throw new SampleInputException($"{option}: the path is empty.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
            throw new SampleInputException($"{option} {path}: there is no folder {folder}.");
        if (Directory.Exists(path))
            throw new SampleInputException($"{option} {path}: that is a folder.");
        if (Path.GetFullPath(path) == Path.GetFullPath(table))
            throw new SampleInputException($"{option} {path}: that is the table itself.");
    }
}
