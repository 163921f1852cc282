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

    public LinearShareTests()
        => (_train, _validation) = (Census.View(_context, TrainerDefaults.RowsToScale), Census.View(_context, 1000, seed: 2));

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
    public void Fit_GoneOnFromAModelWithAShare_IsOneLongerTraining()
    {
        var (whole, half) = (Fit(3, null).Model, Reload(Fit(1, null)));

        var continued = Fit(2, half).Model;

        Assert.IsNotNull(half.Trained.TrainingState!.Unmixed);
        AssertSame(whole.Trained.Weights, continued.Trained.Weights);
        AssertSame(Unmixed(whole), Unmixed(continued));
        Assert.AreEqual(whole.Summary.ToString(), continued.Summary.ToString());
    }

    // The steps are so long that no candidate is better.
    [TestMethod]
    public void Fit_GoneOnFromAModelWithAShareAndCanceled_GivesItBack()
    {
        var model = Fit(3, null).Model;
        using var source = new CancellationTokenSource();

        var canceled = Assert.ThrowsExactly<TrainingCanceledException>(() => Fit(2, model, new()
        {
            Progress = new CancelAtOnce(source),
            CancellationToken = source.Token,
        }, learningRate: 1));

        var given = ((BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)canceled.BestModel!).Model;
        AssertSame(model.Trained.Weights, given.Trained.Weights);
        AssertSame(Unmixed(model), Unmixed(given));
        Assert.AreEqual(model.Summary.ValidationAccuracy, given.Summary.ValidationAccuracy);
    }

    private BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(int epochs, ConstrainedBinaryModelParameters? from,
        TrainingCallbacks? callbacks = null, double? learningRate = null, Action<Person>? change = null)
    {
        var trainer = _context.Constrained().Trainers.BinaryClassification(new ConstrainedBinaryClassificationTrainer.Options
        {
            NumberOfEpochs = epochs,
            LearningRate = learningRate,
            KeepTrainingState = true,
            Seed = 1,
        }, callbacks ?? new());
        var (train, validation) = change is null ? (_train, _validation) : (Changed(_train), Changed(_validation));
        return from is null ? trainer.Fit(train, validation) : trainer.Fit(train, validation, from);

        IDataView Changed(IDataView data) => _context.Data.LoadFromEnumerable(
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
