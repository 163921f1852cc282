using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Reporting;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// The audit and its report do not ask who made the predictions: here ML.NET's FastTree and LightGBM did. The report is one HTML page for
/// people who are not engineers.
/// </summary>
internal static class ReportOfTwoModels
{
    public static (FairnessAudit FastTree, FairnessAudit LightGbm) Run(string trainingPath, string testPath, TextWriter output,
        string reportPath)
    {
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns =
        [
            new("Age", DataKind.Single, 0), new("YearsOfEducation", DataKind.Single, 1), new("HoursPerWeek", DataKind.Single, 4),
            new("MaritalStatus", DataKind.String, 7), new("Occupation", DataKind.String, 8),
            new("Sex", DataKind.String, 11), new("Income", DataKind.Boolean, 13),
        ];
        var train = ml.Data.LoadFromTextFile(trainingPath, columns, separatorChar: ',', hasHeader: true);
        var test = ml.Data.LoadFromTextFile(testPath, columns, separatorChar: ',', hasHeader: true);
        var features = ml.Transforms.Categorical.OneHotEncoding([new("Married", "MaritalStatus"), new("Job", "Occupation")])
            .Append(ml.Transforms.Concatenate("Features", "Age", "YearsOfEducation", "HoursPerWeek", "Married", "Job"));

        FairnessAudit Audited(IEstimator<ITransformer> trainer) => ml.Constrained().Audit.BinaryClassification(
            features.Append(trainer).Fit(train).Transform(test), groupColumnNames: ["Sex"], labelColumnName: "Income");

        var fastTree = Audited(ml.BinaryClassification.Trainers.FastTree("Income"));
        var lightGbm = Audited(ml.BinaryClassification.Trainers.LightGbm("Income"));

        fastTree.SaveReport(reportPath, new FairnessReportOptions
        {
            ModelName = "FastTree",
            DataName = Path.GetFileName(testPath),
            Constraints = [Fairness.DemographicParity("Sex", 0.1), Fairness.EqualOpportunity("Sex", 0.1)],
            OtherModels = [new ComparedModel("LightGBM", lightGbm)],
        });
        output.WriteLine(fastTree);
        output.WriteLine($"Wrote {reportPath}.");
        return (fastTree, lightGbm);
    }
}
