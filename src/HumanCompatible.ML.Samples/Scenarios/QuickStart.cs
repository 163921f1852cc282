using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>Declares a constraint, trains under it, and audits the predictions for rows that were not trained on.</summary>
internal static class QuickStart
{
    // Prints, on the census table Adult:
    //   epoch 10 of 10: accuracy 0.8540 on 6512 held-out rows
    //   DemographicParity(sex): 0.0497, bound 0.0500: met
    //   sex          Rows  Base rate  Selection     TPR     FPR     PPV     FOR  Accuracy  Log loss
    //   Female      5,421     0.1088     0.1269  0.6932  0.0578  0.5945  0.0382    0.9151    0.1875
    //   Male       10,860     0.2998     0.1701  0.4828  0.0362  0.8511  0.1868    0.8196    0.3605
    //   (all)      16,281     0.2362     0.1557  0.5151  0.0446  0.7815  0.1357    0.8514    0.3029
    //   max - min                        0.0432  0.2104  0.0216  0.2566  0.1486    0.0955    0.1730
    //   min / max                        0.7462  0.6965  0.6262  0.6985  0.2047    0.8956    0.5202
    public static FairnessAudit Run(string trainPath, string testPath, TextWriter output, int numberOfEpochs = 10)
    {
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns =
        [
            new("numbers", DataKind.Single, 0, 4), new("categories", DataKind.String, 7, 9), // family and job
            new("sex", DataKind.String, 11), new("income", DataKind.Boolean, 13),
        ];
        var train = ml.Data.LoadFromTextFile(trainPath, columns, separatorChar: ',', hasHeader: true);
        var test = ml.Data.LoadFromTextFile(testPath, columns, separatorChar: ',', hasHeader: true);

        // The groups, here by sex, are needed to train and to audit, never to predict: they need not be features.
        var pipeline = ml.Transforms.Categorical.OneHotEncoding("encoded", "categories")
            .Append(ml.Transforms.Concatenate("Features", "numbers", "encoded"))
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(ml.Constrained().Trainers.BinaryClassification(labelColumnName: "income",
                constraints: [Fairness.DemographicParity("sex", bound: 0.05)], network: Network.MultilayerPerceptron(64, 64),
                numberOfEpochs: numberOfEpochs));
        var model = pipeline.Fit(train);
        output.WriteLine(model.LastTransformer.Model.Summary);

        var audit = ml.Constrained().Audit.BinaryClassification(model.Transform(test), groupColumnNames: ["sex"],
            labelColumnName: "income");
        output.WriteLine(audit);
        return audit;
    }
}
