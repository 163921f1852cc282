using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// Why was this person refused? Each column's contribution to the score, against the average training row: what it took away comes first.
/// </summary>
internal static class ExplainedRefusal
{
    public sealed record Outcome(float Score, float BaselineScore, IReadOnlyList<ColumnContribution> Reasons);

    // Printed, on the census table Adult:
    //   row 0 is refused: score -6.641, the average training row -1.065
    //     family -1.6712
    //     age -1.5756
    //     education -1.0329
    //     occupation -0.7963
    //     hours -0.5004
    public static Outcome Run(string trainPath, string testPath, TextWriter output, int numberOfEpochs = 10)
    {
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns =
        [
            new("age", DataKind.Single, 0), new("education", DataKind.Single, 1), new("hours", DataKind.Single, 4),
            new("family", DataKind.String, 7), new("occupation", DataKind.String, 8), new("sex", DataKind.String, 11),
            new("income", DataKind.Boolean, 13),
        ];
        var train = ml.Data.LoadFromTextFile(trainPath, columns, separatorChar: ',', hasHeader: true);
        var test = ml.Data.LoadFromTextFile(testPath, columns, separatorChar: ',', hasHeader: true);
        var model = ml.Transforms.Categorical.OneHotEncoding([new("family"), new("occupation")])
            .Append(ml.Transforms.Concatenate("Features", "age", "education", "hours", "family", "occupation"))
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(ml.Constrained().Trainers.BinaryClassification(labelColumnName: "income",
                constraints: [Fairness.DemographicParity("sex", bound: 0.05)], numberOfEpochs: numberOfEpochs))
            .Fit(train);

        // All contributions, as they are: ML.NET keeps ten of each sign by default and divides them by the largest.
        var (classifier, scored) = (model.LastTransformer, model.Transform(test));
        var slots = classifier.Model.FeatureCount;
        var explained = ml.Transforms.CalculateFeatureContribution(classifier, slots, slots, normalize: false).Fit(scored)
            .Transform(scored);
        var groups = ContributionGroups.Of(explained.Schema["FeatureContributions"]);

        // The first person who is refused.
        var row = explained.GetColumn<bool>("PredictedLabel").TakeWhile(label => label).Count();
        var score = explained.GetColumn<float>("Score").ElementAt(row);
        var reasons = groups.Sum(explained.GetColumn<VBuffer<float>>("FeatureContributions").ElementAt(row));
        output.WriteLine($"row {row} is refused: score {score:0.000}, the average training row {classifier.Model.BaselineScore:0.000}");
        foreach (var reason in reasons)
            output.WriteLine($"  {reason}");
        return new(score, classifier.Model.BaselineScore, reasons);
    }
}
