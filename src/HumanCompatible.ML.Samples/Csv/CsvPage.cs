using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Scoring;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>What a page is made of.</summary>
/// <param name="Test">The audit of the test rows.</param>
/// <param name="Model">The model that scored them.</param>
/// <param name="Unconstrained">The audit of the same rows by a model without constraints; null where there is none.</param>
internal sealed record CsvPage(FairnessAudit Test, ConstrainedBinaryModelParameters Model, FairnessAudit? Unconstrained)
{
    /// <summary>Writes the page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Names data and columns.</param>
    /// <param name="features">What the columns that make the features are called.</param>
    /// <param name="seed">The seed of the model.</param>
    public void Write(string path, CsvOptions options, IReadOnlyDictionary<string, string> features, int seed)
        => Test.SaveReport(path, new FairnessReportOptions
        {
            ModelName = Model.Constraints.Count == 0 ? $"Model for {options.Label}" : $"Constrained model for {options.Label}",
            DataName = $"{Test.Overall.RowCount:N0} test rows of {Path.GetFileName(options.TestFile ?? options.File)}, seed {seed}",
            Model = Model,
            FeatureNames = features,
            OtherModels = Unconstrained is null ? [] : [new ComparedModel("Without constraints", Unconstrained)],
        });
}
