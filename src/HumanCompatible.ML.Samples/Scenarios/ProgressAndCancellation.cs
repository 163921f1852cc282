using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// A program follows training epoch by epoch, stops it for a reason of its own, and uses the best model so far. Here the reason is that
/// some epochs kept the bound on the validation rows.
/// </summary>
internal static class ProgressAndCancellation
{
    private const double Bound = 0.1;

    /// <summary>What was reported, the epoch in which training stopped (null: it ran to its end), the audit of the model.</summary>
    public sealed record Outcome(IReadOnlyList<TrainingProgress> Reported, int? StoppedInEpoch, FairnessAudit Audit);

    // Prints, on the census table Adult:
    //   epoch 1: accuracy 0.8291, difference 0.0873
    //   epoch 2: accuracy 0.8532, difference 0.1147
    //   epoch 3: accuracy 0.8598, difference 0.0937
    //   stopped in epoch 4 of 10; on the test rows accuracy 0.8581, difference 0.0834
    public static Outcome Run(string trainPath, string testPath, TextWriter output, int numberOfEpochs = 10, int feasibleEpochs = 2)
    {
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns =
        [
            new("numbers", DataKind.Single, 0, 4), new("categories", DataKind.String, 7, 9), // family and job
            new("sex", DataKind.String, 11), new("income", DataKind.Boolean, 13),
        ];
        var train = ml.Data.LoadFromTextFile(trainPath, columns, separatorChar: ',', hasHeader: true);
        var test = ml.Data.LoadFromTextFile(testPath, columns, separatorChar: ',', hasHeader: true);

        // The features are fitted on their own, so that they are at hand for whichever model comes out.
        var features = ml.Transforms.Categorical.OneHotEncoding("encoded", "categories")
            .Append(ml.Transforms.Concatenate("Features", "numbers", "encoded"))
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Fit(train);

        using var cancellation = new CancellationTokenSource();
        var watcher = new Watcher(feasibleEpochs, cancellation, output);
        var trainer = ml.Constrained().Trainers.BinaryClassification(
            new ConstrainedBinaryClassificationTrainer.Options
            {
                LabelColumnName = "income",
                Constraints = [Fairness.DemographicParity("sex", Bound)],
                NumberOfEpochs = numberOfEpochs,
            },
            new TrainingCallbacks { Progress = watcher, CancellationToken = cancellation.Token });

        ITransformer model;
        int? stoppedInEpoch = null;
        try
        {
            model = trainer.Fit(features.Transform(train));
        }
        catch (TrainingCanceledException stopped) when (stopped.BestModel is not null)
        {
            model = stopped.BestModel;
            stoppedInEpoch = stopped.Epoch;
        }

        var audit = ml.Constrained().Audit.BinaryClassification(model.Transform(features.Transform(test)), groupColumnNames: ["sex"],
            labelColumnName: "income");
        output.WriteLine($"{(stoppedInEpoch is { } epoch ? $"stopped in epoch {epoch} of {numberOfEpochs}" : "ran to its end")}; on the "
            + $"test rows accuracy {audit.Overall[GroupMetric.Accuracy]:0.0000}, "
            + $"difference {audit.Intersection.DemographicParityDifference:0.0000}");
        return new(watcher.Reported, stoppedInEpoch, audit);
    }

    // Not Progress<T>, which hands its reports to other threads, where they may come late.
    private sealed class Watcher(int wanted, CancellationTokenSource cancellation, TextWriter output) : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Reported { get; } = [];

        public void Report(TrainingProgress value)
        {
            Reported.Add(value);
            var epoch = value.Epoch;
            output.WriteLine($"epoch {epoch.Epoch}: accuracy {epoch.ValidationAccuracy:0.0000}, "
                + $"difference {epoch.AuditedValues[0]:0.0000}");
            if (Reported.Count(progress => progress.Epoch.AuditedValues[0] <= Bound) >= wanted)
                cancellation.Cancel();
        }
    }
}
