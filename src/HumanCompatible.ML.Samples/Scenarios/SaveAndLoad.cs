using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// A model file holds the whole pipeline with weights, constraints, multipliers and history. Any program that references the library
/// loads it with ML.NET's own call; nothing is registered first.
/// </summary>
internal static class SaveAndLoad
{
    public sealed record Outcome(bool ScoresAreIdentical, ConstrainedBinaryModelParameters Loaded);

    // Prints, on the census table Adult:
    //   132,361 bytes; scores are identical
    //   epoch 10 of 10: accuracy 0.8566 on 6512 held-out rows (majority class 0.7592, best of any epoch 0.8572)
    //   DemographicParity(sex): 0.0380 [0.0283, 0.0475; each end 95%] on 18532 rows (training 0.0284, a row counting as 0.34 to 0.52,
    //     rates corrected by up to 0.0040, validation 0.0370), bound 0.0500: kept
    //   multiplier of DemographicParity(sex): Female - Male <= 0.05: 0.0000
    //   multiplier of DemographicParity(sex): Male - Female <= 0.05: 0.2450
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

        var model = ml.Transforms.Categorical.OneHotEncoding("encoded", "categories")
            .Append(ml.Transforms.Concatenate("Features", "numbers", "encoded"))
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(ml.Constrained().Trainers.BinaryClassification(labelColumnName: "income",
                constraints: [Fairness.DemographicParity("sex", bound: 0.05)], numberOfEpochs: numberOfEpochs))
            .Fit(train);

        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".zip");
        try
        {
            ml.Model.Save(model, train.Schema, path);
            var loaded = (TransformerChain<ITransformer>)new MLContext().Model.Load(path, out _);

            // The last transformer of the loaded pipeline is the classifier; its model has all that training left behind.
            var parameters = ((BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)loaded.LastTransformer).Model;
            var identical = Scores(model).SequenceEqual(Scores(loaded));
            output.WriteLine($"{new FileInfo(path).Length:N0} bytes; scores are {(identical ? "identical" : "DIFFERENT")}");
            output.WriteLine(parameters.Summary);
            foreach (var dual in parameters.Duals)
                output.WriteLine($"multiplier of {dual.Inequality}: {dual.Value:0.0000}");
            return new(identical, parameters);
        }
        finally
        {
            File.Delete(path);
        }

        IEnumerable<float> Scores(ITransformer transformer) => transformer.Transform(test).GetColumn<float>("Score");
    }
}
