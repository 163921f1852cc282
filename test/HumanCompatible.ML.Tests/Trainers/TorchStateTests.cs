using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>
/// What the process shares of torch, and the memory torch holds, are the same after as before; and what the caller set there does not
/// change the model.
/// </summary>
[TestClass]
public sealed class TorchStateTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Census.View(ML, 300);

    public static IEnumerable<object[]> Networks
        => [["built-in", Network.MultilayerPerceptron([8], Activation.ReLU, 0.1)], ["user's own", UserNetworks.Deep]];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void FitScoreAndDispose_LeaveTorchAsItWas(string name, NetworkDefinition network)
    {
        Train(network).Dispose();
        var before = TorchState.Read();

        var model = Train(network);
        if (network is not ModuleNetwork)
            before.AssertUnchanged();
        var trained = TorchState.Read();
        Assert.AreEqual(before with { LiveTensors = trained.LiveTensors }, trained, name);

        Assert.HasCount(300, Scored.Of(model.Transform(Data)));
        trained.AssertUnchanged();
        using (var loaded = ModelRoundTripTests.Unwrap(ModelArchive.Save(ML, model, Data.Schema).Load()))
            Assert.HasCount(300, Scored.Of(loaded.Transform(Data)));
        trained.AssertUnchanged();

        model.Dispose();
        model.Dispose();
        before.AssertUnchanged();
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Fit_InADisposeScope_MakesAModelThatOutlivesIt(string name, NetworkDefinition network)
    {
        BinaryPredictionTransformer<ConstrainedBinaryModelParameters> model;
        var before = TorchState.Read();
        using (torch.NewDisposeScope())
            model = Train(network);

        Assert.IsTrue(Scored.Of(model.Transform(Data)).All(row => float.IsFinite(row.Score)), name);
        model.Dispose();
        before.AssertUnchanged();
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Fit_WhateverTheCallerSetInTorch_GivesTheSameModelAndKeepsTheSetting(string name, NetworkDefinition network)
    {
        var expected = Weights(network);

        Set("gradients off", () => torch.set_grad_enabled(false), () => torch.set_grad_enabled(true));
        if (network is not ModuleNetwork) // what the user's factory makes is of the user's default type, and refused unless it is Float32
        {
            Set("default type", () => torch.set_default_dtype(torch.ScalarType.Float64), ()
                => torch.set_default_dtype(torch.ScalarType.Float32));
        }

        Set("seed", () => torch.manual_seed(1234), () => { });
        var threads = torch.get_num_threads();
        Set("threads", () => torch.set_num_threads(threads + 1), () => torch.set_num_threads(threads));

        void Set(string setting, Action set, Action reset)
        {
            set();
            try
            {
                var before = TorchState.Read();
                CollectionAssert.AreEqual(expected, Weights(network), $"{name}: {setting}");
                before.AssertUnchanged();
            }
            finally
            {
                reset();
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Fit_InInferenceMode_GivesTheSameModelAndKeepsTheMode(string name, NetworkDefinition network)
    {
        var expected = Weights(network);

        using (torch.inference_mode())
        {
            CollectionAssert.AreEqual(expected, Weights(network), name);
            Assert.IsTrue(torch.is_inference_mode_enabled());
            using var model = Train(network);
            using var loaded = ModelRoundTripTests.Unwrap(ModelArchive.Save(ML, model, Data.Schema).Load());
            CollectionAssert.AreEqual(Scored.Of(model.Transform(Data)), Scored.Of(loaded.Transform(Data)), name);
        }
    }

    [TestMethod]
    public void Fit_NumberOfThreads_IsSetWhileTrainingOnly()
    {
        var outside = torch.get_num_threads();
        var seen = new List<int>();
        var options = Workout.Small();
        var callbacks = new TrainingCallbacks
        {
            Progress = new ProgressTests.Receiver { OnReport = _ => seen.Add(torch.get_num_threads()) },
        };
        options.NumberOfThreads = outside + 2;

        ML.Constrained().Trainers.BinaryClassification(options, callbacks).Fit(Data);
        options.NumberOfThreads = null;
        ML.Constrained().Trainers.BinaryClassification(options, callbacks).Fit(Data);

        CollectionAssert.AreEqual(new[] { outside + 2, outside + 2, outside, outside }, seen);
        Assert.AreEqual(outside, torch.get_num_threads());
    }

    // Each starts on a thread that is new to torch while those before it train, and the first to come is the first to go.
    [TestMethod]
    public void Fit_SeveralAtOnceWithOtherNumbersOfThreads_LeaveTorchAsItWas()
    {
        const int Fits = 3;
        var before = TorchState.Read();
        using var allTrain = new CountdownEvent(Fits);
        using var allEnded = new CountdownEvent(Fits);
        var trains = Enumerable.Range(0, Fits).Select(_ => new ManualResetEventSlim()).ToList();
        var seen = new (int During, TorchState After)[Fits];
        var threads = Enumerable.Range(0, Fits).Select(place => new Thread(() => Fit(place))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        for (var place = 0; place < Fits; place++)
        {
            Assert.AreEqual(before.Threads + 1 + place, seen[place].During);
            Assert.AreEqual(before with { LiveTensors = 0, Threads = before.ThreadsOfOthers }, seen[place].After);
        }

        before.AssertUnchanged();

        void Fit(int place)
        {
            var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
            options.Network = place == 0 ? UserNetworks.Deep : options.Network;
            (options.NumberOfThreads, options.NumberOfEpochs) = (before.Threads + 1 + place, 2 + 3 * place);
            void OnReport(TrainingProgress progress)
            {
                seen[place].During = torch.get_num_threads();
                if (progress.Epoch.Epoch > 1)
                    return;
                trains[place].Set();
                allTrain.Signal();
                allTrain.Wait();
            }

            var callbacks = new TrainingCallbacks { Progress = new ProgressTests.Receiver { OnReport = OnReport } };
            if (place > 0)
                trains[place - 1].Wait();
            ML.Constrained().Trainers.BinaryClassification(options, callbacks).Fit(Data).Dispose();
            allEnded.Signal();
            allEnded.Wait();
            seen[place].After = TorchState.Read();
        }
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Train(NetworkDefinition network)
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05), Fairness.EqualizedOdds("Veteran", 0.2));
        options.Network = network;
        return ML.Constrained().Trainers.BinaryClassification(options).Fit(Data);
    }

    private static byte[] Weights(NetworkDefinition network)
    {
        using var model = Train(network);
        return ModelArchive.Save(ML, model, Data.Schema)[ModelArchive.Weights];
    }
}
