using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// Going on from a model: with <c>KeepTrainingState</c> a saved model remembers where training stood, and training it further on the same
/// data is bit by bit one longer training. Without it, training goes on from the weights and multipliers alone.
/// </summary>
internal static class GoingOn
{
    public sealed record Outcome(ConstrainedBinaryModelParameters Model, bool IsOneLongerTraining);

    // Prints, on the census table Adult:
    //   10 epochs, then 20 in all; the scores are identical to those of one longer training
    //   epoch 18 of 20: accuracy 0.8598 on 6512 held-out rows (majority class 0.7592, best of any epoch 0.8606)
    //   DemographicParity(sex): 0.0355 [0.0247, 0.0463; each end 95%] on 12844 rows (training 0.0248, a row counting as 0.19 to 0.36,
    //     rates corrected by up to 0.0050, validation 0.0286), bound 0.0500: kept
    public static Outcome Run(string trainPath, TextWriter output, int numberOfEpochs = 10)
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
            .Append(ml.Transforms.NormalizeMeanVariance("Features"));

        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".zip");
        try
        {
            ml.Model.Save(pipeline.Append(Trainer(numberOfEpochs)).Fit(train), train.Schema, path);

            // The loaded pipeline without its last transformer computes the features as they were when training began.
            var loaded = (TransformerChain<ITransformer>)ml.Model.Load(path, out _);
            var parameters = ((BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)loaded.LastTransformer).Model;
            var rows = new TransformerChain<ITransformer>([.. loaded.SkipLast(1)]).Transform(train);
            var further = Trainer(numberOfEpochs).Fit(rows, parameters);

            var longer = Trainer(2 * numberOfEpochs).Fit(rows);
            var identical = Scores(further).SequenceEqual(Scores(longer));
            output.WriteLine($"{parameters.History.Count} epochs, then {further.Model.History.Count} in all; the scores are "
                + $"{(identical ? "identical to" : "DIFFERENT from")} those of one longer training");
            output.WriteLine(further.Model.Summary);
            return new(further.Model, identical);

            IEnumerable<float> Scores(ITransformer transformer) => transformer.Transform(rows).GetColumn<float>("Score");
        }
        finally
        {
            File.Delete(path);
        }

        // Network and constraints must be those of the model.
        ConstrainedBinaryClassificationTrainer Trainer(int epochs) => ml.Constrained().Trainers.BinaryClassification(new()
        {
            LabelColumnName = "income",
            Constraints = [Fairness.DemographicParity("sex", bound: 0.05)],
            NumberOfEpochs = epochs,
            KeepTrainingState = true,
            Seed = 1,
        });
    }
}
