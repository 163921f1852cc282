using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>A Fit that was interrupted goes on from its checkpoint, and ends as one that was not.</summary>
[TestClass]
public sealed class CheckpointTests
{
    private const int Epochs = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public static IEnumerable<object[]> Cases => Workout.Names.Concat(TaskWorkout.Names);

    private string File => Path.Combine(_folder, "run.checkpoint");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fit_AfterAnInterruption_EndsAsIfThereWereNone(string name)
    {
        var expected = Fit(name, null, new());

        var resumed = Interrupted(name, 2);

        AssertSame(expected, resumed, name);
        Assert.IsEmpty(Directory.GetFiles(_folder), "a finished training leaves no file");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fit_FromAModelFileWithItsState_IsOneLongerTraining(string name)
    {
        if (name.Contains("early stop", StringComparison.Ordinal))
            return; // patience counts anew
        if (name.Contains("cosine", StringComparison.Ordinal))
            return; // the rates of its epochs are of a training of so many
        var expected = Fit(name, null, new(), keepsState: true);
        var half = Fit(name, null, new(), keepsState: true, epochs: 2);
        if (half.Network is ModuleNetwork) // what a file of one has
            half = half with { Probes = new(new float[4 * half.Encoder.InputCount], new float[4 * half.Task.OutputCount]) };
        var entries = ModelEntries.Write(half);

        var read = ModelEntries.Read((entry, _) => entries.GetValueOrDefault(entry),
            ModelEntries.Digest(entries[ModelManifest.Name]), half.Task.Task);
        var longer = Fit(name, null, new(), keepsState: true, epochs: Epochs - 2, from: read);

        AssertSame(expected, longer, name, but: ModelManifest.Name); // a confidence may not be claimed twice
        CollectionAssert.AreEqual(ModelJson.Write(expected.Duals), ModelJson.Write(longer.Duals));
    }

    [TestMethod]
    public void Fit_WithWhatAKilledWriterLeft_TakesNoNoticeAndRemovesIt()
    {
        var data = Census.View(new MLContext(1), 300);
        var expected = Fit(data, Options(null), null);
        Cancel(2, callbacks => Fit(data, Options(File), null, callbacks));
        System.IO.File.WriteAllBytes(File + ".tmp", System.IO.File.ReadAllBytes(File)[..500]);

        AssertSame(expected.Trained, Fit(data, Options(File), null).Trained, "half a file beside");

        Assert.IsEmpty(Directory.GetFiles(_folder));
    }

    // Of very many inputs only the weights move that a step has; what the others are owed is made up for later.
    [TestMethod]
    public void Fit_OfSparseRows_AfterAnInterruption_EndsAsIfThereWereNone()
    {
        var context = new MLContext(1);
        var rows = context.Data.LoadFromEnumerable(SparseRow.Draw(300, words: 20, ofLabel: 50));
        ConstrainedBinaryModelParameters Fit(string? path, TrainingCallbacks callbacks)
        {
            var options = Options(path);
            (options.FeatureEncoding, options.BatchSize, options.Optimizer.WeightDecay) = (FeatureEncoding.None, 10, 0.1);
            return context.Constrained().Trainers.BinaryClassification(options, callbacks).Fit(rows).Model;
        }

        var expected = Fit(null, new());
        Cancel(2, callbacks => Fit(File, callbacks));

        AssertSame(expected.Trained, Fit(File, new()).Trained, "sparse");
        Assert.IsGreaterThanOrEqualTo(FeatureEncoder.WideInputs, expected.Encoder.OutputCount);
    }

    [TestMethod]
    public void Fit_FromAModel_AfterAnInterruption_EndsAsIfThereWereNone()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 600);
        var first = Fit(data, Options(null), null);
        var other = Fit(data, With(Options(null), options => options.Seed = 2), null);
        var expected = Fit(data, Options(null), first);

        Cancel(6, callbacks => Fit(data, Options(File), first, callbacks));
        var refused = Assert.ThrowsExactly<InvalidOperationException>(() => Fit(data, Options(File), other));
        var anew = Assert.ThrowsExactly<InvalidOperationException>(() => Fit(data, Options(File), null));
        var again = Fit(data, Options(null), null); // the same model, trained at another time
        var resumed = Fit(data, Options(File), again);

        StringAssert.Contains(refused.Message, "it went on from another model");
        StringAssert.Contains(anew.Message, "it went on from a model");
        AssertSame(expected.Trained, resumed.Trained, "going on");
        Assert.HasCount(2 * Epochs, resumed.History);
    }

    [TestMethod]
    public void Fit_EveryThirdEpoch_GoesOnFromTheLastOfThem()
    {
        var data = Census.View(new MLContext(1), 300);
        var options = With(Options(File), options => (options.NumberOfEpochs, options.Checkpoint!.EveryEpochs) = (9, 3));
        Cancel(8, callbacks => Fit(data, options, null, callbacks));
        var epochs = new ToldEpochs();

        Fit(data, options, null, new() { Progress = epochs });

        CollectionAssert.AreEqual(new[] { 7, 8, 9 }, epochs.Seen);
    }

    [TestMethod]
    public void Fit_WhereAllEpochsWereRun_OnlyMeasuresTheModel()
    {
        var data = Census.View(new MLContext(1), 300);
        var expected = Fit(data, Options(null), null);
        Assert.ThrowsExactly<NotSupportedException>(() => Fit(data, Options(File), null, new() { Progress = new Fails(Epochs) }));
        var epochs = new ToldEpochs();

        var resumed = Fit(data, Options(File), null, new() { Progress = epochs });

        Assert.IsEmpty(epochs.Seen);
        AssertSame(expected.Trained, resumed.Trained, "all epochs");
    }

    [TestMethod]
    public void Fit_WithoutASeed_TakesThatOfTheCheckpoint()
    {
        var data = Census.View(new MLContext(1), 300);
        var options = With(Options(File), options => options.Seed = null);
        ConstrainedBinaryModelParameters Fit(int? seed, TrainingCallbacks callbacks)
            => new MLContext(seed).Constrained().Trainers.BinaryClassification(options, callbacks).Fit(data).Model;
        Cancel(2, callbacks => Fit(7, callbacks));

        var resumed = Fit(8, new());

        options.Checkpoint = null;
        AssertSame(Fit(7, new()).Trained, resumed.Trained, "seed");
    }

    [TestMethod]
    public void Fit_WithOtherWordsAndAKeptState_IsTheSameTraining()
    {
        var data = Census.View(new MLContext(1), 300);
        Cancel(2, callbacks => Fit(data, Options(File), null, callbacks));

        var resumed = Fit(data, With(Options(File), options => (options.KeepTrainingState, options.Metadata)
            = (true, new Dictionary<string, string> { ["owner"] = "me" })), null);

        Assert.IsTrue(resumed.HasTrainingState);
        Assert.AreEqual("me", resumed.Metadata["owner"]);
        Assert.HasCount(Epochs, resumed.History);
    }

    [TestMethod]
    public void Fit_OfAnotherTraining_IsRefusedAndLeavesTheFile()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 300);
        Cancel(2, callbacks => Fit(data, Options(File), null, callbacks));
        var before = System.IO.File.ReadAllBytes(File);

        Refused(data, options => options.LearningRate = 0.02, "LearningRate was 0.01 and is 0.02");
        Refused(data, options => options.Seed = 2, "Seed was 1 and is 2");
        Refused(data, options => options.NumberOfEpochs = 5, "NumberOfEpochs was 4 and is 5");
        Refused(data, options => options.NumberOfWorkers = 2, "NumberOfWorkers was null and is 2");
        Refused(data, options => options.Network = Network.Linear(), "Network was MultilayerPerceptronNetwork and is LinearNetwork");
        Refused(data, options => options.Optimizer.WeightDecay = 0.5, "Optimizer.WeightDecay was null and is 0.5");
        Refused(data, options => options.DampDuals = false, "DampDuals was true and is false");
        Refused(data, options => options.Constraints = [Fairness.DemographicParity("Sex", 0.1)],
            "Constraints was [DemographicParity { ");
        Refused(Census.View(context, 300, seed: 2), _ => { }, "the data are others");
        Refused(Census.View(context, 299), options => options.Groups.MinimumSize = 3, "Groups.MinimumSize was 1 and is 3");

        CollectionAssert.AreEqual(before, System.IO.File.ReadAllBytes(File));

        void Refused(IDataView rows, Action<ConstrainedTrainerOptions> change, string difference)
        {
            var error = Assert.ThrowsExactly<InvalidOperationException>(() => Fit(rows, With(Options(File), change), null));
            StringAssert.StartsWith(error.Message, $"The checkpoint '{File}' is of another training: {difference}");
            StringAssert.EndsWith(error.Message, ". Delete it to train from the beginning, or give another path.");
        }
    }

    [TestMethod]
    public void Fit_ThatDiverges_DeletesIt()
    {
        var data = Census.View(new MLContext(1), 600);
        var options = With(Options(File), options => (options.Network, options.BatchSize, options.Constraints)
            = (UserNetworks.TurnsNaN, 128, []));

        var error = Assert.ThrowsExactly<TrainingDivergedException>(() => Fit(data, options, null));

        Assert.IsGreaterThan(1, error.Epoch, "there was a checkpoint");
        Assert.IsEmpty(Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void Fit_WithoutItsFolder_SaysSoBeforeItTrains()
    {
        var epochs = new ToldEpochs();
        var options = Options(Path.Combine(_folder, "no", "run.checkpoint"));

        Assert.ThrowsExactly<DirectoryNotFoundException>(
            () => Fit(Census.View(new MLContext(1), 300), options, null, new() { Progress = epochs }));

        Assert.IsEmpty(epochs.Seen);
    }

    [TestMethod]
    public void Fit_WithADamagedCheckpoint_SaysSoAndLeavesIt()
    {
        var data = Census.View(new MLContext(1), 300);
        Cancel(2, callbacks => Fit(data, Options(File), null, callbacks));
        var whole = System.IO.File.ReadAllBytes(File);
        var random = new Random(1);
        var refused = 0;
        for (var index = 0; index < 200; index++)
        {
            var altered = whole[..(index % 4 == 0 ? random.Next(whole.Length) : whole.Length)];
            if (index % 4 != 0)
                altered[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                CheckpointFile.Read(File, new MemoryStream(altered), _ => { }, Options(null).Network);
            }
            catch (FormatException error)
            {
                StringAssert.StartsWith(error.Message, $"The checkpoint '{File}' cannot be read (delete it to train from the beginning): ");
                Assert.IsLessThanOrEqualTo(500, error.Message.Length);
                refused++;
            }
        }

        // The rest are times and attributes of the zip, which nobody reads.
        Assert.IsGreaterThan(150, refused);
        System.IO.File.WriteAllText(File, "a letter");
        Assert.ThrowsExactly<FormatException>(() => Fit(data, Options(File), null));
        Assert.AreEqual("a letter", System.IO.File.ReadAllText(File));
    }

    [TestMethod]
    public void Ctor_WithAWrongCheckpoint_NamesAllThatIsWrong()
    {
        var options = With(Options(" "), options => options.Checkpoint!.EveryEpochs = 0);

        var error = Assert.ThrowsExactly<ArgumentException>(() => new MLContext().Constrained().Trainers.BinaryClassification(options));

        StringAssert.Contains(error.Message, "Checkpoint.Path must be the path of a file, got ' '.");
        StringAssert.Contains(error.Message, "Checkpoint.EveryEpochs must be at least 1, got 0.");
    }

    private static ConstrainedBinaryClassificationTrainer.Options Options(string? path)
    {
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        options.NumberOfEpochs = Epochs;
        options.Checkpoint = path is null ? null : new CheckpointOptions { Path = path };
        return options;
    }

    private static ConstrainedBinaryClassificationTrainer.Options With(ConstrainedBinaryClassificationTrainer.Options options,
        Action<ConstrainedBinaryClassificationTrainer.Options> change)
    {
        change(options);
        return options;
    }

    private static ConstrainedBinaryModelParameters Fit(IDataView data, ConstrainedBinaryClassificationTrainer.Options options,
        ConstrainedBinaryModelParameters? from, TrainingCallbacks? callbacks = null)
    {
        var trainer = new MLContext(1).Constrained().Trainers.BinaryClassification(options, callbacks);
        return from is null ? trainer.Fit(data).Model : trainer.Fit(data, from).Model;
    }

    // A case of one of the workouts.
    private static TrainedModel Fit(string name, string? path, TrainingCallbacks callbacks, bool keepsState = false, int epochs = Epochs,
        TrainedModel? from = null)
    {
        var context = new MLContext(1);
        void Change(ConstrainedTrainerOptions options)
        {
            (options.NumberOfEpochs, options.KeepTrainingState) = (epochs, keepsState);
            options.Checkpoint = path is null ? null : new CheckpointOptions { Path = path };
            options.DualOptimizer.WarmUpEpochs = 1; // a share of the epochs would be of a training of so many
        }

        if (!Workout.Names.Any(other => (string)other[0] == name))
        {
            var data = Worker.View(context);
            var model = TaskWorkout.Trainer(context, name, Change, callbacks) switch
            {
                ConstrainedMulticlassClassificationTrainer multiclass when from is not null
                    => multiclass.Fit(data, new ConstrainedMulticlassModelParameters(from, "cpu")),
                ConstrainedRegressionTrainer regression when from is not null
                    => regression.Fit(data, new ConstrainedRegressionModelParameters(from, "cpu")),
                var trainer => trainer.Fit(data),
            };
            return ((ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)model).Model.Trained;
        }

        var options = Workout.OptionsOf(name);
        Change(options);
        var people = Census.View(context, 600);
        var binary = context.Constrained().Trainers.BinaryClassification(options, callbacks);
        return (from is null ? binary.Fit(people) : binary.Fit(people, new ConstrainedBinaryModelParameters(from, "cpu"))).Model.Trained;
    }

    private TrainedModel Interrupted(string name, int epoch)
    {
        TrainedModel? finished = null; // patience may run out before
        Cancel(epoch, callbacks => finished = Fit(name, File, callbacks), mayFinish: true);
        return finished ?? Fit(name, File, new());
    }

    // Cancels training after an epoch.
    private static void Cancel(int epoch, Action<TrainingCallbacks> fit, bool mayFinish = false)
    {
        using var source = new CancellationTokenSource();
        try
        {
            fit(new() { Progress = new CancelAfter(epoch, source), CancellationToken = source.Token });
            Assert.IsTrue(mayFinish, "training was not canceled");
        }
        catch (TrainingCanceledException)
        {
        }
    }

    private static void AssertSame(TrainedModel expected, TrainedModel actual, string name, string? but = null)
    {
        var (wanted, got) = (Entries(expected), Entries(actual));
        CollectionAssert.AreEqual(wanted.Keys.ToList(), got.Keys.ToList(), name);
        foreach (var (entry, bytes) in wanted.Where(entry => entry.Key != but))
            CollectionAssert.AreEqual(bytes, got[entry], $"{name}: {entry}");

        static IReadOnlyDictionary<string, byte[]> Entries(TrainedModel model)
            => ModelEntries.Write(model with { Origin = model.Origin with { TrainedAt = default } });
    }

    private sealed class CancelAfter(int epoch, CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch.Epoch == epoch)
                source.Cancel();
        }
    }

    private sealed class Fails(int epoch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch.Epoch == epoch)
                throw new NotSupportedException();
        }
    }
}
