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
    //   epoch 10 of 10: accuracy 0.8537 on 6512 held-out rows (majority class 0.7592, best of any epoch 0.8537)
    //   DemographicParity(sex): 0.0426 [0.0356, 0.0495; each end 95%] on 32561 rows (training 0.0408, validation 0.0497),
    //     bound 0.0500: kept
    //   sex          Rows  Base rate  Selection        TPR        FPR        PPV        FOR   Accuracy   Log loss
    //   Female      5,421     0.1088     0.1304     0.7051     0.0602     0.5884     0.0369     0.9142     0.1897
    //                      .101/.117  .122/.140  .667/.740  .054/.067  .552/.624  .032/.043  .906/.921  .177/.202
    //   Male       10,860     0.2998     0.1733     0.4880     0.0385     0.8443     0.1857     0.8195     0.3600
    //                      .291/.309  .166/.181  .471/.505  .034/.043  .827/.860  .178/.194  .812/.827  .349/.371
    //   (all)      16,281     0.2362     0.1590     0.5213     0.0470     0.7744     0.1345     0.8511     0.3033
    //                      .230/.243  .153/.165  .506/.537  .043/.051  .758/.790  .129/.140  .846/.856  .295/.312
    //   max - min                        0.0429     0.2171     0.0217     0.2559     0.1488     0.0947     0.1703
    //                                 .031/.054  .175/.256  .014/.030  .216/.296  .139/.158  .084/.105  .154/.187
    //   min / max                        0.7526     0.6921     0.6397     0.6969     0.1988     0.8964     0.5270
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
