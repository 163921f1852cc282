using System.Globalization;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>What is told of training while it runs.</summary>
[TestClass]
public sealed class ProgressTests
{
    [TestMethod]
    public void Log_TellsTheStartEveryEpochAndTheOutcome()
    {
        var context = new MLContext(1);
        var log = new List<(ChannelMessageKind Kind, string Source, string Text)>();
        context.Log += (_, message) => log.Add((message.Kind, message.Source, message.RawMessage));
        var options = Workout.Small(Fairness.BoundedGroupLoss("Sex", 0.01));
        var data = Census.View(context, 600);
        log.Clear();

        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data);

        var own = log.Where(entry => entry.Source.StartsWith("ConstrainedBinaryClassificationTrainer", StringComparison.Ordinal)).ToList();
        Assert.IsTrue(own.All(entry => entry.Source == "ConstrainedBinaryClassificationTrainer; Training"
            || (entry.Kind == ChannelMessageKind.Trace && entry.Source.EndsWith("; Bind", StringComparison.Ordinal))),
            string.Join(", ", own.Select(entry => entry.Source).Distinct()));
        var told = own.Where(entry => entry.Kind == ChannelMessageKind.Info).Select(entry => entry.Text).ToList();
        Assert.AreEqual(
            $"Training on 480 rows of {model.Model.Encoder.OutputCount} inputs under 1 constraint(s); 120 rows choose the epoch.", told[0]);
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            var history = model.Model.History[epoch - 1];
            var best = epoch == 2 ? model.Model.Summary.SelectedEpoch : 1;
            Assert.AreEqual(
                string.Create(CultureInfo.InvariantCulture,
                    $"Epoch {epoch} of 2: loss {history.TrainingLoss:0.0000}, accuracy {history.ValidationAccuracy:0.0000}, "
                    + $"BoundedGroupLoss(Sex) {history.AuditedValues[0]:0.0000} (bound 0.01); best is epoch {best}."),
                told[epoch]);
        }

        Assert.AreEqual(model.Model.Summary.ToString(), told[3]);
        var missed = model.Model.Summary.Constraints[0];
        Assert.AreEqual(Verdict.Missed, missed.Verdict, "No model of these people has so small a loss.");
        CollectionAssert.AreEqual(
            new[] { $"{missed}.", $"{model.Model.Summary.Conflicts.Single()}." },
            own.Where(entry => entry.Kind == ChannelMessageKind.Warning).Select(entry => entry.Text).ToArray());
    }

    [TestMethod]
    public void Log_WithoutConstraintsAndHeldOutRows_SaysSo()
    {
        var context = new MLContext(1);
        var log = new List<string>();
        context.Log += (_, message) => log.Add(message.RawMessage);
        var options = Workout.Small();
        options.ValidationFraction = 0;

        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 300));

        CollectionAssert.Contains(log,
            $"Training on 300 rows of {model.Model.Encoder.OutputCount} inputs under 0 constraint(s); no row is held out.");
        Assert.AreEqual(model.Model.Summary.ToString(), log.Last(text => text.StartsWith("epoch ", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Progress_IsToldOfEveryEpochOnTheThreadThatFits()
    {
        var context = new MLContext(1);
        var thread = Environment.CurrentManagedThreadId;
        var receiver = new Receiver();
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
        options.NumberOfEpochs = 3;

        var model = context.Constrained().Trainers.BinaryClassification(options, new() { Progress = receiver })
            .Fit(Census.View(context, 600));

        Assert.HasCount(3, receiver.Reports);
        for (var index = 0; index < 3; index++)
        {
            Assert.AreSame(model.Model.History[index], receiver.Reports[index].Progress.Epoch);
            Assert.AreEqual((index + 1, 3), (receiver.Reports[index].Progress.Epoch.Epoch,
                receiver.Reports[index].Progress.NumberOfEpochs));
            Assert.AreEqual(thread, receiver.Reports[index].Thread);
        }

        Assert.AreEqual(model.Model.Summary.SelectedEpoch, receiver.Reports[^1].Progress.BestEpoch);
    }

    [TestMethod]
    public void Progress_ThatThrows_EndsTrainingWithItsException()
    {
        var context = new MLContext(1);
        var receiver = new Receiver { OnReport = _ => throw new NotSupportedException("from the receiver") };
        var trainer = context.Constrained().Trainers.BinaryClassification(Workout.Small(), new() { Progress = receiver });
        var before = TorchState.Read();

        var error = Assert.ThrowsExactly<NotSupportedException>(() => trainer.Fit(Census.View(context, 300)));

        Assert.AreEqual("from the receiver", error.Message);
        before.AssertUnchanged();
    }

    /// <summary>Keeps what it is told, synchronously.</summary>
    internal sealed class Receiver : IProgress<TrainingProgress>
    {
        internal List<(TrainingProgress Progress, int Thread)> Reports { get; } = [];

        internal Action<TrainingProgress> OnReport { get; init; } = _ => { };

        public void Report(TrainingProgress value)
        {
            Reports.Add((value, Environment.CurrentManagedThreadId));
            OnReport(value);
        }
    }
}
