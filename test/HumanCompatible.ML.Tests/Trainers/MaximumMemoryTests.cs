using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Rows that would take too much memory stream from a file, which changes nothing else and leaves nothing behind.</summary>
[TestClass]
public sealed class MaximumMemoryTests
{
    private const string Maps = "/proc/self/maps";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public static IEnumerable<object[]> Cases => Workout.Names.Concat(TaskWorkout.Names);

    // The file has no name in its folder, but a mapping keeps it.
    private bool IsMapped => File.ReadAllText(Maps).Contains(_folder, StringComparison.Ordinal);

    [TestCleanup]
    public void NothingIsLeft()
    {
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder));
        Directory.Delete(_folder);
        if (File.Exists(Maps))
            Assert.IsFalse(IsMapped, "the file is still mapped");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fit_FromAFile_IsTheModelFromMemory(string name)
    {
        var looked = new Looks(this);

        var expected = Fit(name, _ => { }, new());
        var streamed = Fit(name, Stream, new() { Progress = looked });

        AssertSame(expected, streamed);
        AssertWasMapped(looked);
    }

    [TestMethod]
    public void Fit_OfSparseRowsFromAFile_IsTheModelFromMemory()
    {
        var context = new MLContext(1);
        var rows = context.Data.LoadFromEnumerable(SparseRow.Draw(9_000, words: 8, ofLabel: 9));
        var looked = new Looks(this);
        TrainedModel Fit(bool streams)
        {
            var options = Options();
            (options.FeatureEncoding, options.MaximumMemory) = (FeatureEncoding.None, streams ? 9_000 * (44 + 12) : null);
            return context.Constrained().Trainers.BinaryClassification(options, new() { Progress = looked }).Fit(rows).Model.Trained;
        }

        var expected = Fit(false);
        Assert.IsFalse(looked.Seen);
        AssertSame(expected, Fit(true));
        AssertWasMapped(looked);
    }

    [TestMethod]
    public void Fit_RowsWithinTheMaximum_StayInMemory()
    {
        var looked = new Looks(this);
        var options = Options();
        options.MaximumMemory = 600 * (44 + 12 + (Census.FeatureCount * 4));
        var ml = new MLContext(1);
        ml.Constrained().Trainers.BinaryClassification(options, new() { Progress = looked }).Fit(Census.View(ml, 600));
        Assert.IsFalse(looked.Seen);
    }

    [TestMethod]
    public void Fit_SeveralAtOnce_EachHasItsFile()
    {
        var name = (string)Workout.Names.First()[0];
        var expected = Fit(name, _ => { }, new());
        Parallel.For(0, 6, _ => AssertSame(expected, Fit(name, Stream, new())));
    }

    [TestMethod]
    public void Fit_SourceThatFails_LeavesNothing()
    {
        var ml = new MLContext(1);
        IEnumerable<Person> Failing()
        {
            foreach (var person in Census.People(20_000))
                yield return person;
            if (File.Exists(Maps))
                Assert.IsTrue(IsMapped);
            throw new FormatException("a source that fails");
        }

        var options = Options();
        options.MaximumMemory = 20_000 * (44 + 12);
        var error = Assert.ThrowsExactly<FormatException>(
            () => ml.Constrained().Trainers.BinaryClassification(options).Fit(ml.Data.LoadFromEnumerable(Failing())));
        Assert.AreEqual("a source that fails", error.Message);
    }

    [TestMethod]
    public void Fit_Canceled_LeavesNothing()
    {
        var ml = new MLContext(1);
        using var source = new CancellationTokenSource();
        var options = Options();
        options.MaximumMemory = 600 * (44 + 12);
        var cancel = new CancelsAtOnce(source);
        var error = Assert.ThrowsExactly<TrainingCanceledException>(() => ml.Constrained().Trainers.BinaryClassification(options,
            new() { Progress = cancel, CancellationToken = source.Token }).Fit(Census.View(ml, 600)));
        Assert.IsNotNull(error.BestModel);
    }

    [TestMethod]
    public void Fit_RowsThatAreTooMany_AreRefused()
    {
        var ml = new MLContext(1);
        var options = Options();
        options.MaximumMemory = (600 * (44 + 12)) - 1;
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => ml.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(ml, 600)));
        StringAssert.StartsWith(error.Message, "MaximumMemory is 33599 bytes, but 600 rows take 33600 bytes without their features");
        var many = ml.Data.LoadFromEnumerable(Census.People(600).ToList());
        StringAssert.EndsWith(Assert.ThrowsExactly<InvalidOperationException>(
            () => ml.Constrained().Trainers.BinaryClassification(options).Fit(many)).Message, "features: give it as much or more.");
    }

    [TestMethod]
    public void Fit_FolderThatIsNotThere_SaysSoBeforeItReads()
    {
        var ml = new MLContext(1);
        var options = Options();
        (options.MaximumMemory, options.TemporaryFolder) = (1L << 40, Path.Combine(_folder, "no"));
        static IEnumerable<Person> Read()
        {
            Assert.Fail("a row was read");
            yield break;
        }

        var error = Assert.ThrowsExactly<IOException>(
            () => ml.Constrained().Trainers.BinaryClassification(options).Fit(ml.Data.LoadFromEnumerable(Read())));
        StringAssert.Contains(error.Message, $"'{options.TemporaryFolder}'");
        StringAssert.Contains(error.Message, "TemporaryFolder");
    }

    [TestMethod]
    public void Fit_WithAnotherMaximum_GoesOnFromItsCheckpoint()
    {
        var ml = new MLContext(1);
        var data = Census.View(ml, 600);
        var checkpoints = Directory.CreateTempSubdirectory();
        var options = Options();
        var expected = ml.Constrained().Trainers.BinaryClassification(options).Fit(data).Model.Trained;
        options.Checkpoint = new CheckpointOptions { Path = Path.Combine(checkpoints.FullName, "run.checkpoint") };
        using var source = new CancellationTokenSource();
        Assert.ThrowsExactly<TrainingCanceledException>(() => ml.Constrained().Trainers.BinaryClassification(options,
            new() { Progress = new CancelsAtOnce(source), CancellationToken = source.Token }).Fit(data));

        options.MaximumMemory = 600 * (44 + 12);
        AssertSame(expected, ml.Constrained().Trainers.BinaryClassification(options).Fit(data).Model.Trained);
        checkpoints.Delete();
    }

    [TestMethod]
    public void Ctor_MaximumAndFolderThatCannotBe_AreNamed()
    {
        var options = Options();
        (options.MaximumMemory, options.TemporaryFolder) = (0, " ");
        var error = Assert.ThrowsExactly<ArgumentException>(() => new MLContext().Constrained().Trainers.BinaryClassification(options));
        StringAssert.Contains(error.Message, "MaximumMemory must be at least 1, got 0.");
        StringAssert.Contains(error.Message, "TemporaryFolder must be the path of a folder, got ' '.");
    }

    [TestMethod]
    public void Execute_WithAMaximum_IsRefused()
    {
        var ml = new MLContext(1);
        var options = Options();
        options.MaximumMemory = 1;
        var experiment = ml.Constrained().Experiments.CreateBinaryClassificationExperiment(new() { Options = options, MaxModels = 1 });
        var error = Assert.ThrowsExactly<ArgumentException>(() => experiment.Execute(Census.View(ml, 600)));
        StringAssert.Contains(error.Message, "MaximumMemory must be null");
    }

    private ConstrainedBinaryClassificationTrainer.Options Options()
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
        options.TemporaryFolder = _folder;
        return options;
    }

    // As much as labels, weights and groups take, so that no feature may stay.
    private void Stream(ConstrainedTrainerOptions options) => (options.TemporaryFolder, options.MaximumMemory) = (_folder,
        600 * (44 + (options.ExampleWeightColumnName is null ? 0 : 12)
            + (12 * options.Constraints.SelectMany(constraint => constraint.GroupColumnNames).Distinct().Count())));

    private static TrainedModel Fit(string name, Action<ConstrainedTrainerOptions> change, TrainingCallbacks callbacks)
    {
        var context = new MLContext(1);
        if (Workout.Names.Any(other => (string)other[0] == name))
        {
            var options = Workout.OptionsOf(name);
            change(options);
            return context.Constrained().Trainers.BinaryClassification(options, callbacks).Fit(Census.View(context, 600)).Model.Trained;
        }

        var model = TaskWorkout.Trainer(context, name, change, callbacks).Fit(Worker.View(context, 600));
        return ((ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)model).Model.Trained;
    }

    private static void AssertSame(TrainedModel expected, TrainedModel actual)
    {
        var (wanted, got) = (Entries(expected), Entries(actual));
        CollectionAssert.AreEqual(wanted.Keys.ToList(), got.Keys.ToList());
        foreach (var (entry, bytes) in wanted)
            CollectionAssert.AreEqual(bytes, got[entry], entry);

        static IReadOnlyDictionary<string, byte[]> Entries(TrainedModel model) => ModelEntries.Write(model with
        {
            Origin = model.Origin with { TrainedAt = default },
            Probes = null,
        });
    }

    private static void AssertWasMapped(Looks looked)
    {
        if (File.Exists(Maps))
            Assert.IsTrue(looked.Seen, "it trained in memory");
    }

    private sealed class Looks(MaximumMemoryTests test) : IProgress<TrainingProgress>
    {
        public bool Seen { get; private set; }

        public void Report(TrainingProgress value) => Seen = Seen || (File.Exists(Maps) && test.IsMapped);
    }

    private sealed class CancelsAtOnce(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => source.Cancel();
    }
}
