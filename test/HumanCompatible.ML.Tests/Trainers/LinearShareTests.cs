using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Where logistic regression has a share in the model. The labels of the census are drawn by a linear function.</summary>
[TestClass]
public sealed class LinearShareTests
{
    private readonly MLContext _context = new(1);
    private readonly IDataView _train;
    private readonly IDataView _validation;
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public LinearShareTests()
        => (_train, _validation) = (Census.View(_context, TrainerDefaults.RowsToScale), Census.View(_context, 1000, seed: 2));

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Fit_LinearTruth_GivesAShareAndTellsOfIt()
    {
        var told = new List<string>();
        _context.Log += (_, message) => told.Add(message.RawMessage);

        var model = Fit(3, null);

        var withoutShare = model.Model.History[model.Model.Summary.SelectedEpoch - 1].ValidationLoss;
        var loss = _context.BinaryClassification.Evaluate(model.Transform(_validation)).LogLoss * Math.Log(2);
        Assert.Contains("Logistic regression has a share in the model: held-out rows have less loss with it.", told);
        Assert.IsLessThan(withoutShare - 0.001, loss);
    }

    [TestMethod]
    public void Fit_NoLinearTruth_GivesNone()
    {
        var told = new List<string>();
        _context.Log += (_, message) => told.Add(message.RawMessage);

        var model = Fit(3, null, change: person => person.Label = Math.Abs(person.Features[0]) > 0.7).Model;

        Assert.IsNull(model.Trained.TrainingState!.Unmixed);
        Assert.IsFalse(told.Any(line => line.StartsWith("Logistic", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Fit_FewHeldOutRows_GivesNone()
    {
        var few = Census.View(_context, 499, seed: 2);

        Assert.IsNull(Fit(3, null, validation: few).Model.Trained.TrainingState!.Unmixed);
    }

    [TestMethod]
    public void Fit_TwoWorkers_GivesTheShareOfOne()
    {
        var (one, two) = (Fit(3, null).Model, Fit(3, null, workers: 2).Model);

        Assert.AreEqual(0, Unmixed(one).Arrays[0].Values.ToArray().Zip(Unmixed(two).Arrays[0].Values.ToArray(),
            (own, other) => Math.Abs(own - other)).Max(), 1e-3);
        Assert.AreEqual(one.Summary.ValidationAccuracy, two.Summary.ValidationAccuracy, 2e-3);
    }

    // 3,000 rows get no share of their own; the steps are so long that no candidate is better.
    [TestMethod]
    public void Fit_GoneOnFromAModelWithAShareWhereNoneIsLookedFor_KeepsIt()
    {
        var model = Fit(3, null).Model;

        var given = Fit(1, model, learningRate: 1, train: Census.View(_context, TrainerDefaults.RowsToScale - 1, seed: 3)).Model;

        AssertSame(model.Trained.Weights, given.Trained.Weights);
        AssertSame(Unmixed(model), Unmixed(given));
    }

    [TestMethod]
    public void Fit_GoneOnFromAModelWithAShare_IsOneLongerTraining()
    {
        var (whole, half) = (Fit(3, null).Model, Reload(Fit(1, null)));

        var continued = Fit(2, half).Model;

        Assert.IsNotNull(half.Trained.TrainingState!.Unmixed);
        AssertSame(whole.Trained.Weights, continued.Trained.Weights);
        AssertSame(Unmixed(whole), Unmixed(continued));
        Assert.AreEqual(whole.Summary.ToString(), continued.Summary.ToString());
    }

    // A new epoch has less loss than the network alone, and more than the model.
    [TestMethod]
    public void Fit_GoneOnFromAModelWithAShareAndCanceledWhereNoEpochIsBetter_GivesItBack()
    {
        var model = Fit(1, null).Model;
        using var source = new CancellationTokenSource();

        var canceled = Assert.ThrowsExactly<TrainingCanceledException>(() => Fit(2, model, new()
        {
            Progress = new CancelAtOnce(source),
            CancellationToken = source.Token,
        }));

        var given = ((BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)canceled.BestModel!).Model;
        Assert.IsLessThan(model.History[0].ValidationLoss, given.History[1].ValidationLoss);
        AssertSame(model.Trained.Weights, given.Trained.Weights);
        AssertSame(Unmixed(model), Unmixed(given));
    }

    // Without its training state it is not known what the network is alone.
    [TestMethod]
    public void Fit_GoneOnFromAModelWithAShareWithoutItsState_KeepsItWhereNoEpochIsBetter()
    {
        var model = Fit(3, null, keepsState: false).Model;

        var given = Fit(1, model, learningRate: 1).Model;

        AssertSame(model.Trained.Weights, given.Trained.Weights);
    }

    // The steps are so long that no candidate is better. The second time it resumes from the checkpoint of the first.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Fit_GoneOnFromAModelWithAShareAndCanceled_GivesItBack(int workers)
    {
        var model = Fit(3, null).Model;
        var path = Path.Combine(_folder, "run.checkpoint");
        for (var time = 1; time <= 2; time++)
        {
            using var source = new CancellationTokenSource();

            var canceled = Assert.ThrowsExactly<TrainingCanceledException>(() => Fit(4, model, new()
            {
                Progress = new CancelAtOnce(source),
                CancellationToken = source.Token,
            }, learningRate: 1, workers: workers, checkpoint: path));

            var given = ((BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)canceled.BestModel!).Model;
            AssertSame(model.Trained.Weights, given.Trained.Weights);
            AssertSame(Unmixed(model), Unmixed(given));
            Assert.AreEqual(model.Summary.ValidationAccuracy, given.Summary.ValidationAccuracy);
        }
    }

    private BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(int epochs, ConstrainedBinaryModelParameters? from,
        TrainingCallbacks? callbacks = null, double? learningRate = null, Action<Person>? change = null, IDataView? train = null,
        IDataView? validation = null, int? workers = null, string? checkpoint = null, bool keepsState = true)
    {
        var trainer = _context.Constrained().Trainers.BinaryClassification(new ConstrainedBinaryClassificationTrainer.Options
        {
            NumberOfEpochs = epochs,
            LearningRate = learningRate,
            NumberOfWorkers = workers,
            Checkpoint = checkpoint is null ? null : new() { Path = checkpoint },
            KeepTrainingState = keepsState,
            Seed = 1,
        }, callbacks ?? new());
        (train, validation) = (Changed(train ?? _train), Changed(validation ?? _validation));
        return from is null ? trainer.Fit(train, validation) : trainer.Fit(train, validation, from);

        IDataView Changed(IDataView data) => change is null ? data : _context.Data.LoadFromEnumerable(
            _context.Data.CreateEnumerable<Person>(data, reuseRowObject: false).Select(person =>
            {
                change(person);
                return person;
            }).ToList());
    }

    private ConstrainedBinaryModelParameters Reload(ITransformer model)
    {
        using var file = new MemoryStream();
        _context.Model.Save(model, _train.Schema, file);
        return ((BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)_context.Constrained().Model.Load(file, out _)).Model;
    }

    private static NetworkWeights Unmixed(ConstrainedBinaryModelParameters model) => model.Trained.TrainingState!.Unmixed!;

    private static void AssertSame(NetworkWeights expected, NetworkWeights actual)
    {
        foreach (var (one, other) in expected.Arrays.Zip(actual.Arrays))
            CollectionAssert.AreEqual(one.Values.ToArray(), other.Values.ToArray(), one.Name);
    }

    private sealed class CancelAtOnce(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => source.Cancel();
    }
}
