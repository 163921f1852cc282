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
    //   epoch 10 of 10: accuracy 0.8566 on 6512 held-out rows (majority class 0.7592, best of any epoch 0.8572)
    //   DemographicParity(sex): 0.0380 [0.0283, 0.0475; each end 95%] on 18532 rows (training 0.0284, a row counting as 0.34 to 0.52,
    //     rates corrected by up to 0.0040, validation 0.0370), bound 0.0500: kept
    //   sex          Rows  Base rate  Selection        TPR        FPR        PPV        FOR   Accuracy   Log loss
    //   Female      5,421     0.1088     0.1343     0.7271     0.0619     0.5893     0.0343     0.9151     0.1826
    //                      .101/.117  .125/.144  .690/.762  .055/.069  .553/.624  .029/.040  .907/.922  .170/.195
    //   Male       10,860     0.2998     0.1644     0.4810     0.0288     0.8773     0.1862     0.8242     0.3458
    //                      .291/.309  .158/.171  .464/.498  .025/.033  .861/.892  .178/.194  .817/.831  .335/.356
    //   (all)      16,281     0.2362     0.1544     0.5187     0.0417     0.7939     0.1344     0.8545     0.2915
    //                      .230/.243  .149/.160  .503/.534  .038/.045  .778/.809  .129/.140  .849/.860  .283/.300
    //   max - min                        0.0301     0.2462     0.0331     0.2880     0.1519     0.0909     0.1632
    //                                 .018/.041  .205/.285  .025/.041  .249/.327  .142/.161  .080/.101  .147/.179
    //   min / max                        0.8170     0.6615     0.4653     0.6717     0.1842     0.9006     0.5281
    //   Below each value: the ends of its two-sided 95% confidence interval.
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
