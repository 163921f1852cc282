using HumanCompatible.ML.Constraints;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>ML.NET's cross-validation takes the constrained trainer as any other; every fold's held-out rows can be audited.</summary>
internal static class CrossValidation
{
    public sealed record Fold(double Accuracy, double Difference);

    // Prints, on the census table Adult:
    //   fold 1: accuracy 0.8541, demographic parity difference 0.0452
    //   fold 2: accuracy 0.8549, demographic parity difference 0.0184
    //   fold 3: accuracy 0.8520, demographic parity difference 0.0275
    public static IReadOnlyList<Fold> Run(string trainPath, TextWriter output, int numberOfEpochs = 10)
    {
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns =
        [
            new("numbers", DataKind.Single, 0, 4), new("categories", DataKind.String, 7, 9), // family and job
            new("sex", DataKind.String, 11), new("income", DataKind.Boolean, 13),
        ];
        var train = ml.Data.LoadFromTextFile(trainPath, columns, separatorChar: ',', hasHeader: true);

        var pipeline = ml.Transforms.Categorical.OneHotEncoding("encoded", "categories")
            .Append(ml.Transforms.Concatenate("Features", "numbers", "encoded"))
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(ml.Constrained().Trainers.BinaryClassification(labelColumnName: "income",
                constraints: [Fairness.DemographicParity("sex", bound: 0.05)], numberOfEpochs: numberOfEpochs));

        var folds = new List<Fold>();
        foreach (var fold in ml.BinaryClassification.CrossValidate(train, pipeline, numberOfFolds: 3, labelColumnName: "income"))
        {
            var audit = ml.Constrained().Audit.BinaryClassification(fold.ScoredHoldOutSet, groupColumnNames: ["sex"],
                labelColumnName: "income");
            folds.Add(new(fold.Metrics.Accuracy, audit.Intersection.DemographicParityDifference));
            output.WriteLine($"fold {folds.Count}: accuracy {folds[^1].Accuracy:0.0000}, "
                + $"demographic parity difference {folds[^1].Difference:0.0000}");
        }

        return folds;
    }
}
