using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// Bounds with stated confidence: part of the held-out rows, the safety rows, is looked at once, after training, and the summary says what
/// it shows of unseen data of the same distribution. Where a bound is not shown, it says how many safety rows it would take.
/// </summary>
internal static class StatedConfidence
{
    public sealed record Outcome(TrainingSummary Wide, TrainingSummary Narrow);

    // Prints, on the census table Adult:
    //   epoch 10 of 10: accuracy 0.8600 on 3256 held-out rows
    //   DemographicParity(sex): 0.0742, bound 0.1200: met
    //   DemographicParity(sex): with 95% confidence at most 0.1026 on unseen data (3256 safety rows): bound 0.1200 shown
    //   shown with 3256 safety rows
    //   epoch 6 of 10: accuracy 0.8443 on 3256 held-out rows
    //   DemographicParity(sex): 0.0052, bound 0.0300: met
    //   DemographicParity(sex): with 95% confidence at most 0.0350 on unseen data (3256 safety rows): bound 0.0300 not shown, missed
    //     by 0.0050; about 5330 safety rows would be needed
    //   not shown with 3256 safety rows; about 5330 would do
    public static Outcome Run(string trainPath, TextWriter output, int numberOfEpochs = 10)
    {
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns =
        [
            new("numbers", DataKind.Single, 0, 4), new("categories", DataKind.String, 7, 9), // family and job
            new("sex", DataKind.String, 11), new("income", DataKind.Boolean, 13),
        ];
        var train = ml.Data.LoadFromTextFile(trainPath, columns, separatorChar: ',', hasHeader: true);
        return new(Train(bound: 0.12), Train(bound: 0.01));

        TrainingSummary Train(double bound)
        {
            var model = ml.Transforms.Categorical.OneHotEncoding("encoded", "categories")
                .Append(ml.Transforms.Concatenate("Features", "numbers", "encoded"))
                .Append(ml.Transforms.NormalizeMeanVariance("Features"))
                .Append(ml.Constrained().Trainers.BinaryClassification(new()
                {
                    LabelColumnName = "income",
                    Constraints = [Fairness.DemographicParity("sex", bound)],
                    ConfidenceLevel = 0.95,
                    NumberOfEpochs = numberOfEpochs,
                }))
                .Fit(train);

            var summary = model.LastTransformer.Model.Summary;
            output.WriteLine(summary);
            output.WriteLine(summary.Constraints[0] switch
            {
                { HoldsWithConfidence: true } => $"shown with {summary.SafetyRows} safety rows",
                { SafetyRowsNeeded: { } rows } => $"not shown with {summary.SafetyRows} safety rows; about {rows} would do",
                _ => "not shown, and more rows would not help: the safety rows themselves miss the bound",
            });
            return summary;
        }
    }
}
