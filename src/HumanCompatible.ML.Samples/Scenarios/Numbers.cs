using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>A regression: hours worked, of which neither sex is predicted too many or too few compared with the other.</summary>
internal static class Numbers
{
    // Prints, on the census table Adult:
    //   RMSE 10.72 hours on the test rows
    //   epoch 10 of 10: R squared 0.2686 on 6512 held-out rows (predicting the mean 0.0000, best of any epoch 0.2686)
    //   ResidualParity(sex): 0.2462 [0.0170, 0.4755; each end 95%] on 26856 rows (training 0.0641, a row counting as 0.68 to 0.83,
    //     rates corrected by up to 0.0691, validation 0.3682), bound 0.5000: kept
    public static TrainingSummary Run(string trainPath, string testPath, TextWriter output, int numberOfEpochs = 10)
    {
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns =
        [
            new("numbers", DataKind.Single, 0, 3), new("categories", DataKind.String, 5, 9),
            new("hours", DataKind.Single, 4), new("sex", DataKind.String, 11),
        ];
        var train = ml.Data.LoadFromTextFile(trainPath, columns, separatorChar: ',', hasHeader: true);
        var test = ml.Data.LoadFromTextFile(testPath, columns, separatorChar: ',', hasHeader: true);

        // The bound is in hours; half an hour between the mean residuals.
        var pipeline = ml.Transforms.Categorical.OneHotEncoding("encoded", "categories")
            .Append(ml.Transforms.Concatenate("Features", "numbers", "encoded"))
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(ml.Constrained().Trainers.Regression("hours",
                constraints: [Fairness.ResidualParity("sex", bound: 0.5)], numberOfEpochs: numberOfEpochs));
        var model = pipeline.Fit(train);

        var metrics = ml.Regression.Evaluate(model.Transform(test), "hours");
        output.WriteLine(FormattableString.Invariant($"RMSE {metrics.RootMeanSquaredError:0.00} hours on the test rows"));
        var summary = model.LastTransformer.Model.Summary;
        output.WriteLine(summary);
        return summary;
    }
}
