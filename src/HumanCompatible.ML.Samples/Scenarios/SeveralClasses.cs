using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>A classifier of several classes: the kind of education, predicted alike often for both sexes.</summary>
internal static class SeveralClasses
{
    // Prints, on the census table Adult:
    //   accuracy 0.4247; the first is HS-grad
    //   epoch 10 of 10: accuracy 0.4244 on 6512 held-out rows (majority class 0.3225, best of any epoch 0.4246)
    //   DemographicParity(sex): 0.0296 [0.0184, 0.0366; each end 95%] on 32557 rows (training 0.0299, a row counting as 0.96 to 1.0,
    //     rates corrected by up to 0.0008, validation 0.0230), bound 0.0500: kept
    public static TrainingSummary Run(string trainPath, string testPath, TextWriter output, int numberOfEpochs = 10)
    {
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns =
        [
            new("numbers", DataKind.Single, [new(0), new(2, 4)]), new("categories", DataKind.String, 7, 9), // not education-num
            new("education", DataKind.String, 6), new("sex", DataKind.String, 11),
        ];
        var train = ml.Data.LoadFromTextFile(trainPath, columns, separatorChar: ',', hasHeader: true);
        var test = ml.Data.LoadFromTextFile(testPath, columns, separatorChar: ',', hasHeader: true);

        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "education")
            .Append(ml.Transforms.Categorical.OneHotEncoding("encoded", "categories"))
            .Append(ml.Transforms.Concatenate("Features", "numbers", "encoded"))
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(ml.Constrained().Trainers.MulticlassClassification(
                constraints: [Fairness.DemographicParity("sex", bound: 0.05)], numberOfEpochs: numberOfEpochs))
            .Append(ml.Transforms.Conversion.MapKeyToValue("predicted", "PredictedLabel"));
        var model = pipeline.Fit(train);

        // PredictedLabel has the values of the label, the slots of Score their names; ML.NET evaluates it as any other.
        var scored = model.Transform(test);
        var metrics = ml.MulticlassClassification.Evaluate(scored);
        var first = scored.GetColumn<string>("predicted").First();
        output.WriteLine(FormattableString.Invariant($"accuracy {metrics.MicroAccuracy:0.0000}; the first is {first}"));
        var summary = model.OfType<MulticlassPredictionTransformer<Scoring.ConstrainedMulticlassModelParameters>>().Single().Model.Summary;
        output.WriteLine(summary);
        return summary;
    }
}
