using HumanCompatible.ML.Features;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>The workout on a GPU beside the processor; left out where there is none.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class CudaWorkoutTests
{
    private const string Cuda = "cuda";

    // Of scores whose spread is about 1, and of multipliers; both devices add in orders of their own.
    private const double Tolerance = 2e-3;

    private static IEnumerable<string> Cases => Workout.Names.Concat(TaskWorkout.Names).Select(name => (string)name[0]);

    [TestInitialize]
    public void NeedsAGpu()
    {
        if (!torch.cuda.is_available())
            Assert.Inconclusive("There is no CUDA device.");
    }

    [TestMethod]
    public void Fit_OnTheGpu_GivesTheModelOfTheProcessor()
    {
        List<string> problems = [.. Cases.Select(name => (name, Problem: Difference(name)))
            .Where(one => one.Problem.Length > 0).Select(one => $"{one.name}: {one.Problem}")];
        Assert.IsEmpty(problems, string.Join('\n', problems));
    }

    [TestMethod]
    public void Fit_OnTheGpuAgain_GivesTheSameScores()
    {
        foreach (var name in Cases)
            CollectionAssert.AreEqual(Fit(name, Cuda).Scores, Fit(name, Cuda).Scores, name);
    }

    [TestMethod]
    public void Fit_GoingOnFromTheOtherDevice_IsOneLongerTraining()
    {
        foreach (var (first, second) in new[] { ("cpu", Cuda), (Cuda, "cpu") })
        {
            var whole = Fit("cpu", 4, null);
            var half = Fit(first, 2, null);
            var scores = Fit(second, 2, half);
            Assert.HasCount(4, scores.Model.History);
            Assert.AreEqual(whole.Model.History[^1].ValidationLoss, scores.Model.History[^1].ValidationLoss, 1e-4,
                $"{first}, then {second}");
        }

        BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(string device, int epochs,
            BinaryPredictionTransformer<ConstrainedBinaryModelParameters>? from)
        {
            var ml = new MLContext(1);
            var options = Workout.OptionsOf("BinaryClassification: DemographicParity(Sex)");
            (options.Device, options.NumberOfEpochs, options.KeepTrainingState) = (device, epochs, true);
            var trainer = ml.Constrained().Trainers.BinaryClassification(options);
            var data = Census.View(ml, 600);
            return from is null ? trainer.Fit(data) : trainer.Fit(data, from.Model);
        }
    }

    // Where there are very many inputs, the processor moves the weights of those that a batch has, the GPU all.
    [TestMethod]
    [DataRow(FeatureEncoding.None)]
    [DataRow(FeatureEncoding.Automatic)]
    public void Fit_SparseRowsOnTheGpu_LearnsAsOnTheProcessor(FeatureEncoding encoding)
    {
        const double OfGuessing = 0.693;
        double ofProcessor = Fit("cpu"), ofGpu = Fit(Cuda);
        Assert.IsLessThan(OfGuessing / 4, ofProcessor);
        Assert.IsLessThan(OfGuessing / 4, ofGpu);

        double Fit(string device)
        {
            var ml = new MLContext(1);
            var rows = ml.Data.LoadFromEnumerable(SparseRow.Draw(3_000, words: 8, ofLabel: 9));
            var options = new ConstrainedBinaryClassificationTrainer.Options { Seed = 1, NumberOfEpochs = 4, Device = device };
            options.FeatureEncoding = encoding;
            var model = ml.Constrained().Trainers.BinaryClassification(options).Fit(rows);
            return ml.BinaryClassification.Evaluate(model.Transform(rows)).LogLoss;
        }
    }

    [TestMethod]
    public void Fit_FromAFileOnTheGpu_IsTheModelFromMemory()
    {
        CollectionAssert.AreEqual(Fit(null), Fit(1_000 * (44 + 12)));

        static float[] Fit(long? memory)
        {
            var ml = new MLContext(1);
            var options = Workout.OptionsOf("BinaryClassification: DemographicParity(Sex)");
            (options.Device, options.MaximumMemory) = (Cuda, memory);
            var data = Census.View(ml, 1_000);
            return [.. ml.Constrained().Trainers.BinaryClassification(options).Fit(data).Transform(data).GetColumn<float>("Score")];
        }
    }

    [TestMethod]
    public void Fit_OwnNetworkOnTheGpu_ScoresThereAfterLoading()
    {
        var ml = new MLContext(1);
        var data = Worker.View(ml);
        var options = Worker.Small(new ConstrainedRegressionTrainer.Options { LabelColumnName = "Wage" });
        (options.Network, options.Device) = (UserNetworks.Deep, Cuda);
        using var model = ml.Constrained().Trainers.Regression(options).Fit(data);
        using var file = new MemoryStream();
        ml.Model.Save(model, data.Schema, file);

        foreach (var gpu in new int?[] { 0, null })
        {
            var other = new MLContext { GpuDeviceId = gpu };
            var loaded = other.Model.Load(file, out _);
            float[] expected = [.. model.Transform(data).GetColumn<float>("Score")],
                found = [.. loaded.Transform(data).GetColumn<float>("Score")];
            if (gpu is not null)
                CollectionAssert.AreEqual(expected, found);
            Assert.IsLessThan(0.1, expected.Zip(found, (one, two) => Math.Abs(one - two)).Max(), "of a wage");
            (loaded as IDisposable)?.Dispose();
        }
    }

    // What is not as on the processor; empty where all is.
    private static string Difference(string name)
    {
        var (ofProcessor, expected) = Fit(name, "cpu");
        Fit(name, Cuda);
        var before = TorchState.Read();
        var (ofGpu, found) = Fit(name, Cuda);
        before.AssertUnchanged();

        // Each worker draws masks of its own, and a GPU has one worker.
        if (name.Contains("workers", StringComparison.Ordinal) && name.Contains("dropout", StringComparison.Ordinal))
            return found.All(float.IsFinite) ? "" : "scores are not finite";
        if (ofProcessor.Summary.SelectedEpoch != ofGpu.Summary.SelectedEpoch)
            return "another epoch is chosen";
        var mean = expected.Average();
        var spread = Math.Sqrt(expected.Average(value => (value - mean) * (value - mean)));
        var scores = expected.Zip(found, (one, other) => Math.Abs(one - other)).Max() / spread;
        var duals = ofProcessor.Duals.Zip(ofGpu.Duals, (one, other) => Math.Abs(one.Value - other.Value)).DefaultIfEmpty().Max();
        return scores < Tolerance && duals < Tolerance ? ""
            : $"the scores are {scores} of their deviation apart, the multipliers {duals}";
    }

    private static (ConstrainedModelParameters Model, float[] Scores) Fit(string name, string device)
    {
        var ml = new MLContext(1);
        if (name.StartsWith(nameof(ConstrainedTrainersCatalog.BinaryClassification), StringComparison.Ordinal))
        {
            var options = Workout.OptionsOf(name);
            options.Device = device;
            var people = Census.View(ml, 600);
            var binary = ml.Constrained().Trainers.BinaryClassification(options).Fit(people, Census.View(ml, 600, seed: 2));
            float[] read = [.. binary.Transform(people).GetColumn<float>("Score")];
            binary.Dispose();
            return (binary.Model, read);
        }

        var workers = Worker.View(ml);
        var model = TaskWorkout.Trainer(ml, name, options => options.Device = device).Fit(workers);
        var scored = model.Transform(workers);
        float[] scores = name.StartsWith(TaskWorkout.Multiclass, StringComparison.Ordinal)
            ? [.. scored.GetColumn<float[]>("Score").SelectMany(values => values)] : [.. scored.GetColumn<float>("Score")];
        (model as IDisposable)?.Dispose();
        return (((ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)model).Model, scores);
    }
}
