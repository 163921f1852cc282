using System.Reflection;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Training that ends before its last epoch: canceled, diverged, out of patience.</summary>
[TestClass]
public sealed class TrainingEndTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Census.View(ML, 600);
    private static readonly List<WeakReference> Layers = [];

    [TestMethod]
    public void Fit_CancelledBefore_ReadsNothing()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var view = new Scoring.CountingView(Data);
        var before = TorchState.Read();

        var error = Assert.ThrowsExactly<TrainingCanceledException>(() => Fit(source.Token, view));

        Assert.AreEqual("Training was canceled while the data was read; no epoch was finished.", error.Message);
        Assert.AreEqual((0, null), (error.Epoch, error.BestModel));
        Assert.AreEqual(source.Token, error.CancellationToken);
        before.AssertUnchanged();
    }

    [TestMethod]
    public void Fit_CancelledInTraining_KeepsTheBestModelSoFar()
    {
        using var source = new CancellationTokenSource();
        var before = TorchState.Read();

        var error = Assert.ThrowsExactly<TrainingCanceledException>(() => Fit(source.Token, Data, progress =>
        {
            if (progress.Epoch.Epoch == 2)
                source.Cancel();
        }));

        var best = error.BestModel!;
        Assert.AreEqual(3, error.Epoch);
        Assert.AreEqual($"Training was canceled in epoch 3; the best model so far is of epoch {best.Model.Summary.SelectedEpoch}.",
            error.Message);
        Assert.IsInstanceOfType<OperationCanceledException>(error);
        Assert.HasCount(2, best.Model.History);
        Assert.AreEqual(2, best.Model.Summary.EpochsRun);
        Assert.AreEqual(600, Scored.Of(best.Transform(Data)).Count(row => float.IsFinite(row.Score)));
        best.Model.Dispose();
        before.AssertUnchanged();
    }

    [TestMethod]
    public void Fit_InAContextThatIsToldToStop_KeepsTheBestModelSoFar()
    {
        var context = new MLContext(1);
        var stop = typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
        options.NumberOfEpochs = 4;
        var receiver = new ProgressTests.Receiver
        {
            OnReport = progress =>
            {
                if (progress.Epoch.Epoch == 2)
                    stop.Invoke(context, null);
            },
        };
        var trainer = context.Constrained().Trainers.BinaryClassification(options, new TrainingCallbacks { Progress = receiver });

        var inTraining = Assert.ThrowsExactly<TrainingCanceledException>(() => trainer.Fit(Data));
        var before = Assert.ThrowsExactly<TrainingCanceledException>(() => trainer.Fit(Data));

        Assert.AreEqual((3, 2), (inTraining.Epoch, inTraining.BestModel!.Model.History.Count));
        Assert.AreEqual((1, null), (before.Epoch, before.BestModel));
    }

    [TestMethod]
    public void Fit_CancelledInTheFirstEpoch_HasNoModel()
    {
        using var source = new CancellationTokenSource();
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
        options.Network = NetworkRegistry.Register("tests: cancels", (inputs, outputs) =>
        {
            source.Cancel();
            return TorchSharp.torch.nn.Linear(inputs, outputs);
        });
        var before = TorchState.Read();

        var error = Assert.ThrowsExactly<TrainingCanceledException>(()
            => ML.Constrained().Trainers.BinaryClassification(options, new() { CancellationToken = source.Token }).Fit(Data));

        Assert.AreEqual("Training was canceled in epoch 1; no epoch was finished.", error.Message);
        Assert.AreEqual((1, null), (error.Epoch, error.BestModel));
        before.AssertUnchanged();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Fit_CancelledWhileACandidateIsMeasured_MeasuresNoMore(bool isConstrained)
    {
        const int Rows = 12_000; // of which 9,600 are measured in two slices
        using var source = new CancellationTokenSource();
        var options = isConstrained ? Workout.Small(Fairness.DemographicParity("Sex", 0.05)) : Workout.Small();
        (options.Network, options.BatchSize, options.NumberOfEpochs) = (UserNetworks.Watched, 2048, 3);
        // An epoch measures the validation rows, and under constraints the training rows: 1 and 2 slices. After the first some rows are
        // looked at together and alone.
        var (calls, last) = (0, (isConstrained ? 4 : 2) + 1 + TrainableNetwork.CheckedRows);
        UserNetworks.Watch.Value = isTraining =>
        {
            if (!isTraining && ++calls == last)
                source.Cancel();
        };

        var error = Assert.ThrowsExactly<TrainingCanceledException>(() => ML.Constrained().Trainers.BinaryClassification(options,
            new() { CancellationToken = source.Token }).Fit(Census.View(ML, Rows)));

        Assert.AreEqual(last, calls);
        Assert.AreEqual(isConstrained ? 2 : 3, error.Epoch);
        Assert.AreEqual(!isConstrained, double.IsNaN(error.BestModel!.Model.Summary.TrainingAccuracy));
        Assert.IsGreaterThan(0.5, error.BestModel.Model.Summary.ValidationAccuracy);
        error.BestModel.Model.Dispose();
    }

    [TestMethod]
    public void Fit_MoreEpochsThanCanBeCounted_EndsWhenItIsCancelled()
    {
        using var source = new CancellationTokenSource();
        var options = Workout.Small();
        options.NumberOfEpochs = int.MaxValue;
        var callbacks = new TrainingCallbacks
        {
            CancellationToken = source.Token,
            Progress = new ProgressTests.Receiver { OnReport = progress => { if (progress.Epoch.Epoch == 5) source.Cancel(); } },
        };
        using var first = Fit(default, Data);

        var begun = Assert.ThrowsExactly<TrainingCanceledException>(()
            => ML.Constrained().Trainers.BinaryClassification(options, callbacks).Fit(Data));

        Assert.HasCount(5, begun.BestModel!.Model.History);
    }

    [TestMethod]
    public void Fit_FactoryThatFailsHalfWay_LeavesNoTensor()
    {
        var options = Workout.Small();
        options.Network = NetworkRegistry.Register("tests: fails half way", (inputs, outputs) =>
        {
            Layers.Add(new WeakReference(TorchSharp.torch.nn.Linear(inputs, outputs)));
            throw new NotSupportedException("half way");
        });
        ML.Constrained().Trainers.BinaryClassification(Workout.Small()).Fit(Data).Dispose();
        var made = Layers.Count;

        Assert.AreEqual("half way", Assert.ThrowsExactly<NotSupportedException>(()
            => ML.Constrained().Trainers.BinaryClassification(options).Fit(Data)).Message);

        Assert.HasCount(made + 1, Layers);
        Assert.IsFalse(Layers[^1].IsAlive);
    }

    [TestMethod]
    [DataRow(1e15, 1)]
    [DataRow(1, 1e15)]
    [DataRow(1e15, 1e15)]
    public void Fit_LargestNumbers_TrainsOrSaysThatItDiverged(double bound, double penalty)
    {
        var options = Workout.Small(Fairness.BoundedGroupLoss("Sex", bound),
            Fairness.Custom("own", ["Sex"], -bound, batch => batch.GroupMeans(batch.Predictions)));
        options.DualOptimizer = new InexactAugmentedLagrangianOptions { Penalty = penalty };
        options.Optimizer.MoreauEnvelope = new() { Mu = penalty };
        try
        {
            using var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(Data);
            Assert.IsTrue(double.IsFinite(model.Model.History[^1].TrainingLoss));
        }
        catch (TrainingDivergedException problem)
        {
            Assert.IsTrue(problem.BestModel is null || double.IsFinite(problem.BestModel.Model.History[^1].TrainingLoss));
        }
    }

    [TestMethod]
    public void Fit_CancelledAfterTheLastEpoch_IsATrainedModel()
    {
        using var source = new CancellationTokenSource();

        using var model = Fit(source.Token, Data, progress =>
        {
            if (progress.Epoch.Epoch == progress.NumberOfEpochs)
                source.Cancel();
        });

        Assert.HasCount(4, model.Model.History);
    }

    [TestMethod]
    public void Fit_HugeLearningRate_DivergesWithoutAModel()
    {
        // Not ReLU: of -inf and a term that overflows, a sum is -inf, which ReLU takes for 0, or NaN, by the order of its terms, which
        // differs between processors.
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
        (options.LearningRate, options.Network) = (1e15, Network.MultilayerPerceptron([4, 4, 4], Activation.LeakyReLU));
        var before = TorchState.Read();

        var error = Assert.ThrowsExactly<TrainingDivergedException>(()
            => ML.Constrained().Trainers.BinaryClassification(options).Fit(Data));

        Assert.AreEqual((1, 2, null), (error.Epoch, error.Step, error.BestModel));
        Assert.AreEqual("The loss is not finite in step 2 of epoch 1: lower the learning rate. No epoch was finished.", error.Message);
        before.AssertUnchanged();
    }

    [TestMethod]
    public void Fit_FeatureTooLargeToSquare_NamesIt_WhereFeaturesEnterTheNetworkAsTheyAre()
    {
        var people = Census.People(600);
        foreach (var person in people.Take(20))
            person.Features[2] = 1e30f;
        var data = ML.Data.LoadFromEnumerable(people);
        var options = Workout.Small();
        (options.FeatureEncoding, options.Network) = (FeatureEncoding.None,
            Network.MultilayerPerceptron([8], Activation.ReLU, normalization: Normalization.Layer));

        var error = Assert.ThrowsExactly<TrainingDivergedException>(()
            => ML.Constrained().Trainers.BinaryClassification(options).Fit(data));
        options.FeatureEncoding = FeatureEncoding.Automatic;
        var encoded = ML.Constrained().Trainers.BinaryClassification(options).Fit(data);

        Assert.Contains($"in step {error.Step} of epoch 1: the feature column 'Features' holds 1E+30 in slot 2: networks "
            + "cannot square what is beyond 1e15. Scale the features, or have them encoded (FeatureEncoding). "
            + "No epoch was finished.", error.Message);
        Assert.IsTrue(double.IsFinite(encoded.Model.Summary.ValidationAccuracy));
    }

    [TestMethod]
    public void Fit_LossThatTurnsNaNLater_KeepsTheBestModelSoFar()
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
        (options.NumberOfEpochs, options.BatchSize) = (5, 100);
        options.Network = UserNetworks.TurnsNaN;
        var before = TorchState.Read();

        // 480 rows are trained on in 5 steps an epoch, so step 13 is the third of epoch 3.
        var error = Assert.ThrowsExactly<TrainingDivergedException>(()
            => ML.Constrained().Trainers.BinaryClassification(options).Fit(Data));

        var best = error.BestModel!;
        Assert.AreEqual((3, 3), (error.Epoch, error.Step));
        Assert.AreEqual(
            $"The loss is not finite in step 3 of epoch 3: lower the learning rate. The best model so far is of epoch "
            + $"{best.Model.Summary.SelectedEpoch}.", error.Message);
        Assert.HasCount(2, best.Model.History);
        Assert.AreEqual(600, Scored.Of(best.Transform(Data)).Count(row => float.IsFinite(row.Score)));
        best.Model.Dispose();
        before.AssertUnchanged();
    }

    [TestMethod]
    public void Fit_OutOfPatience_StopsThatManyEpochsAfterTheBest()
    {
        var options = Workout.Small();
        (options.NumberOfEpochs, options.EarlyStoppingPatience, options.LearningRate) = (40, 2, 0.1);

        var summary = ML.Constrained().Trainers.BinaryClassification(options).Fit(Data).Model.Summary;

        Assert.IsLessThan(40, summary.EpochsRun);
        Assert.AreEqual(summary.SelectedEpoch + 2, summary.EpochsRun);
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(CancellationToken token, IDataView data,
        Action<TrainingProgress>? onEpoch = null)
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
        options.NumberOfEpochs = 4;
        var callbacks = new TrainingCallbacks
        {
            CancellationToken = token,
            Progress = new ProgressTests.Receiver { OnReport = onEpoch ?? (_ => { }) },
        };
        return ML.Constrained().Trainers.BinaryClassification(options, callbacks).Fit(data);
    }
}
