using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>Logistic regression, without and with equalized odds: a linear network on the features as they are.</summary>
internal static class LogisticRegression
{
    public sealed record Outcome(FairnessAudit Without, FairnessAudit With);

    // Prints, on the census table Adult:
    //   without: accuracy 0.8441, odds difference 0.0981
    //   with bound 0.05: accuracy 0.8437, odds difference 0.0444
    public static Outcome Run(string trainPath, string testPath, TextWriter output, int numberOfEpochs = 10)
    {
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns =
        [
            new("numbers", DataKind.Single, 0, 4), new("categories", DataKind.String, 7, 9), // family and job
            new("sex", DataKind.String, 11), new("income", DataKind.Boolean, 13),
        ];
        var train = ml.Data.LoadFromTextFile(trainPath, columns, separatorChar: ',', hasHeader: true);
        var test = ml.Data.LoadFromTextFile(testPath, columns, separatorChar: ',', hasHeader: true);

        var outcome = new Outcome(Train(), Train(Fairness.EqualizedOdds("sex", bound: 0.05)));
        foreach (var (title, audit) in new[] { ("without", outcome.Without), ("with bound 0.05", outcome.With) })
        {
            output.WriteLine($"{title}: accuracy {audit.Overall[GroupMetric.Accuracy]:0.0000}, "
                + $"odds difference {audit.Intersection.EqualizedOddsDifference:0.0000}");
        }

        return outcome;

        FairnessAudit Train(params FairnessConstraint[] constraints)
        {
            var model = ml.Transforms.Categorical.OneHotEncoding("encoded", "categories")
                .Append(ml.Transforms.Concatenate("Features", "numbers", "encoded"))
                .Append(ml.Transforms.NormalizeMeanVariance("Features"))
                .Append(ml.Constrained().Trainers.BinaryClassification(new ConstrainedBinaryClassificationTrainer.Options
                {
                    LabelColumnName = "income",
                    Constraints = constraints,
                    Network = Network.Linear(),
                    FeatureEncoding = FeatureEncoding.None,
                    NumberOfEpochs = numberOfEpochs,
                    LearningRate = 0.01,
                }))
                .Fit(train);
            return ml.Constrained().Audit.BinaryClassification(model.Transform(test), groupColumnNames: ["sex"],
                labelColumnName: "income");
        }
    }
}
