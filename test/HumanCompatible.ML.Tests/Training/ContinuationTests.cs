using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class ContinuationTests
{
    private static readonly Dictionary<string, Action<ConstrainedBinaryClassificationTrainer.Options>> Trainings = new()
    {
        ["default"] = _ => { },
        ["dropout, envelope"] = options => (options.Network, options.Optimizer.MoreauEnvelope)
            = (Network.MultilayerPerceptron([8], Activation.ReLU, 0.2), new MoreauEnvelopeOptions { Mu = 0.5, Beta = 0.1 }),
        ["SGD, cosine, short gradients"] = options => options.Optimizer = new()
        {
            Method = PrimalMethod.Sgd,
            Schedule = LearningRateSchedule.Cosine(5) with { WarmUpEpochs = 2.5 },
            MaximumGradientNorm = 0.5,
            WeightDecay = 0.1,
        },
        ["batch normalization, dropout, steps"] = options => (options.Network, options.Optimizer.Schedule)
            = (Network.ResidualPerceptron(8, 1, Activation.SiLU, 0.2, Normalization.Batch), LearningRateSchedule.Step(2, 0.5)),
        ["user's own, with batch normalization"] = options => options.Network = UserNetworks.Deep,
    };

    public static IEnumerable<object[]> Names => Trainings.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Fit_FromAModelWithState_IsOneLongerTraining(string name)
    {
        var context = new MLContext(1);
        var data = Census.View(context, 1500);
        var whole = Fit(context, data, 5, null, Trainings[name]);
        var half = Fit(context, data, 2, null, Trainings[name]);

        var continued = Fit(context, data, 3, Reload(context, half, data), Trainings[name]);

        Assert.AreEqual(5, continued.Model.History.Count);
        for (var epoch = 0; epoch < 5; epoch++)
        {
            Assert.AreEqual(whole.Model.History[epoch].ValidationLoss, continued.Model.History[epoch].ValidationLoss, $"epoch {epoch + 1}");
            CollectionAssert.AreEqual(whole.Model.History[epoch].Duals.ToArray(), continued.Model.History[epoch].Duals.ToArray(),
                $"epoch {epoch + 1}");
        }

        CollectionAssert.AreEqual(Scores(whole, data), Scores(continued, data));
        Assert.AreEqual(whole.Model.Summary.ToString(), continued.Model.Summary.ToString());
    }

    [TestMethod]
    public void Fit_FromAModelWithoutState_GoesOnFromTheShippedWeightsAndDuals()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 1500);
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        var first = context.Constrained().Trainers.BinaryClassification(options).Fit(data);
        Assert.IsFalse(first.Model.HasTrainingState);

        options.NumberOfEpochs = 1;
        options.LearningRate = 1e-12;
        var continued = context.Constrained().Trainers.BinaryClassification(options).Fit(data, Reload(context, first, data));

        Assert.AreEqual(first.Model.History.Count + 1, continued.Model.History.Count);
        Assert.AreEqual(first.Model.History[first.Model.Summary.SelectedEpoch - 1].ValidationLoss,
            continued.Model.History[^1].ValidationLoss, 1e-6);
    }

    [TestMethod]
    public void Fit_FromAModelOfAnotherThreshold_WarnsThatItIsNotTakenOver()
    {
        const string Warning = "The model that training goes on from decides by another threshold than 0; the new one decides by 0 and is "
            + "measured so.";
        var context = new MLContext(1);
        var data = Census.View(context, 300);
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        options.NumberOfEpochs = 1;
        var trainer = context.Constrained().Trainers.BinaryClassification(options);
        var model = trainer.Fit(data);
        var moved = context.Constrained().ChangeModelThreshold(model, 0.3f);
        var movedBack = context.Constrained().ChangeModelThreshold(moved, 0);

        Assert.Contains(Warning, trainer.Fit(data, moved.Model).Model.Summary.Warnings);
        Assert.DoesNotContain(Warning, trainer.Fit(data, model.Model).Model.Summary.Warnings);
        Assert.DoesNotContain(Warning, trainer.Fit(data, movedBack.Model).Model.Summary.Warnings);
    }

    [TestMethod]
    public void Fit_FromAModel_WarnsWhereRowsHeldOutNowMayHaveBeenTrainedOn()
    {
        const string Consequence = ": rows that are held out now may have been trained on before, and what is measured on them may be too "
            + "good.";
        var context = new MLContext(1);
        var warnings = new List<string>();
        context.Log += (_, message) =>
        {
            if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning
                && message.RawMessage.Contains("goes on from", StringComparison.Ordinal))
            {
                warnings.Add(message.RawMessage);
            }
        };
        IDataView data = Census.View(context, 500), other = Census.View(context, 500, seed: 2);
        var (kept, forgot) = (Model(true), Model(false));

        Assert.AreEqual("", Warning(kept, _ => { }, data));
        Assert.AreEqual("", Warning(kept, options => options.Seed = null, data), "the seed is that of the model");
        Assert.AreEqual("held out other rows, by the seed 1 instead of 2", Warning(kept, options => options.Seed = 2, data));
        Assert.AreEqual("was trained on 400 of these rows, now on 450", Warning(kept, options => options.ValidationFraction = 0.1, data));
        Assert.AreEqual("was trained on other data, which may share rows with these", Warning(kept, _ => { }, other));
        Assert.AreEqual("keeps no training state (KeepTrainingState), so that its seed is not known", Warning(forgot, _ => { }, data));
        Assert.AreEqual("", Warning(kept, options => (options.Seed, options.ValidationFraction) = (2, 0), data), "no row is held out");
        Assert.AreEqual("", Warning(kept, options => options.Seed = 2, data, other), "the user says which rows choose the epoch");

        ConstrainedBinaryModelParameters Model(bool keepsState)
        {
            var options = Options();
            options.KeepTrainingState = keepsState;
            return context.Constrained().Trainers.BinaryClassification(options).Fit(data).Model;
        }

        ConstrainedBinaryClassificationTrainer.Options Options()
        {
            var options = Census.Options();
            options.NumberOfEpochs = 1;
            return options;
        }

        // The reason alone, without the words that every warning has.
        string Warning(ConstrainedBinaryModelParameters from, Action<ConstrainedBinaryClassificationTrainer.Options> change,
            IDataView train, IDataView? validation = null)
        {
            warnings.Clear();
            var options = Options();
            change(options);
            var trainer = context.Constrained().Trainers.BinaryClassification(options);
            _ = validation is null ? trainer.Fit(train, from) : trainer.Fit(train, validation, from);
            if (warnings.Count == 0)
                return "";
            StringAssert.StartsWith(warnings.Single(), "The model that training goes on from ");
            StringAssert.EndsWith(warnings[0], Consequence);
            return warnings[0]["The model that training goes on from ".Length..^Consequence.Length];
        }
    }

    [TestMethod]
    public void Fit_FromAModelOnOtherRows_MeasuresItOnThem()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 1500);
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        var first = context.Constrained().Trainers.BinaryClassification(options).Fit(data);
        var flipped = context.Data.LoadFromEnumerable(context.Data.CreateEnumerable<Person>(data, reuseRowObject: false)
            .Select(person => { person.Label = !person.Label; return person; }).ToList());
        options.NumberOfEpochs = 1;
        options.LearningRate = 1e-12;

        var continued = context.Constrained().Trainers.BinaryClassification(options).Fit(flipped, flipped, first.Model);

        var accuracy = context.BinaryClassification.Evaluate(continued.Transform(flipped)).Accuracy;
        Assert.AreEqual(accuracy, continued.Model.Summary.ValidationAccuracy, 1e-9);
        Assert.IsLessThan(0.5, accuracy);
    }

    [TestMethod]
    public void Fit_FromAModelOfAnotherConstraintOfTheSameName_IsRefused()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 500);
        var model = context.Constrained().Trainers.BinaryClassification(
            Census.Options(Fairness.DemographicParity("Sex", 0.05) with { Name = "x" })).Fit(data).Model;
        var trainer = context.Constrained().Trainers.BinaryClassification(
            Census.Options(Fairness.LossParity("Sex", 0.05) with { Name = "x" }));

        var error = Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(data, model));

        StringAssert.Contains(error.Message, "x must be the constraint of the model but for its bound, DemographicParity of [Sex]");
    }

    [TestMethod]
    public void Fit_FromAModelOfOtherGroups_NamesBoth()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 500);
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data).Model;
        var renamed = context.Data.LoadFromEnumerable(context.Data.CreateEnumerable<Person>(data, reuseRowObject: false)
            .Select(person => { person.Sex = person.Sex + "'"; return person; }).ToList());

        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => context.Constrained().Trainers.BinaryClassification(options).Fit(renamed, model));

        StringAssert.Contains(error.Message, "Female - Male");
        StringAssert.Contains(error.Message, "Female' - Male'");
    }

    [TestMethod]
    public void Fit_FromAModel_CountsTheEpochsBefore()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 500);
        var options = Census.Options();
        options.NumberOfEpochs = 2;
        var first = context.Constrained().Trainers.BinaryClassification(options).Fit(data).Model;
        options.NumberOfEpochs = 3;
        var seen = new Reports();
        context.Constrained().Trainers.BinaryClassification(options, new() { Progress = seen }).Fit(data, first);
        CollectionAssert.AreEqual(new[] { "3 of 5", "4 of 5", "5 of 5" }, seen.Epochs);
    }

    [TestMethod]
    public void Fit_FromAModelCanceledAtOnce_KeepsTheState()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 500);
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        using var source = new CancellationTokenSource();
        var cancels = false;
        options.Network = NetworkRegistry.Register("tests: cancels when it is built again", (inputs, outputs) =>
        {
            if (cancels)
                source.Cancel();
            return TorchSharp.torch.nn.Linear(inputs, outputs);
        });
        options.KeepTrainingState = true;
        var first = context.Constrained().Trainers.BinaryClassification(options).Fit(data).Model;
        var trainer = context.Constrained().Trainers.BinaryClassification(options, new() { CancellationToken = source.Token });
        cancels = true;
        var error = Assert.ThrowsExactly<TrainingCanceledException>(() => trainer.Fit(data, first));
        Assert.AreEqual(first.History.Count + 1, error.Epoch);
        Assert.IsTrue(error.BestModel!.Model.HasTrainingState);
    }

    [TestMethod]
    public void Fit_CanceledOnTheLastRow_EndsBeforeTraining()
    {
        var context = new MLContext(1);
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        using var source = new CancellationTokenSource();
        var trainer = context.Constrained().Trainers.BinaryClassification(options, new() { CancellationToken = source.Token });
        var cancelling = new CancelOnLastRow(Census.View(context, 500), source, 500);
        var error = Assert.ThrowsExactly<TrainingCanceledException>(() => trainer.Fit(cancelling.View(context)));
        Assert.AreEqual((0, null), (error.Epoch, error.BestModel));
    }

    [TestMethod]
    public void Fit_FromAModelOfAnotherNetworkAndConstraint_NamesBoth()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 500);
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data).Model;

        var other = Census.Options(Fairness.EqualizedOdds("Sex", 0.05));
        other.Network = Network.Linear();
        var trainer = context.Constrained().Trainers.BinaryClassification(other);

        string[] expected =
        [
            "Training cannot go on from the model:",
            $"- Network must be that of the model, {options.Network}, got LinearNetwork {{ }}.",
            "- Constraints must be those of the model, [DemographicParity(Sex)], got [EqualizedOdds(Sex)]. (Parameter 'modelParameters')",
        ];
        foreach (var fit in new Action[] { () => trainer.Fit(data, model), () => trainer.Fit(data, data, model) })
        {
            var error = Assert.ThrowsExactly<ArgumentException>(fit);
            CollectionAssert.AreEqual(expected, error.Message.Split(Environment.NewLine));
        }
    }

    [TestMethod]
    public void Fit_FromAModelOfOtherFeatures_IsRefused()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 500);
        var options = Census.Options();
        var trainer = context.Constrained().Trainers.BinaryClassification(options);
        var model = trainer.Fit(data).Model;
        var wider = context.Transforms.Concatenate("Features", "Features", "Weight").Fit(data).Transform(data);
        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => trainer.Fit(wider, model));
        Assert.AreEqual("The data has 6 features, but the model to go on from has 5.", error.Message);
    }

    private sealed class Reports : IProgress<TrainingProgress>
    {
        public List<string> Epochs { get; } = [];

        public void Report(TrainingProgress value) => Epochs.Add($"{value.Epoch.Epoch} of {value.NumberOfEpochs}");
    }

    private sealed class CancelOnLastRow(IDataView data, CancellationTokenSource source, int count)
    {
        public IDataView View(MLContext context) => context.Data.LoadFromEnumerable(Rows(context));

        private IEnumerable<Person> Rows(MLContext context)
        {
            var row = 0;
            foreach (var person in context.Data.CreateEnumerable<Person>(data, reuseRowObject: false))
            {
                if (++row == count)
                    source.Cancel();
                yield return person;
            }
        }
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(MLContext context, IDataView data, int epochs,
        ConstrainedBinaryModelParameters? from, Action<ConstrainedBinaryClassificationTrainer.Options> change)
    {
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        options.NumberOfEpochs = epochs;
        change(options);
        options.KeepTrainingState = true;
        var trainer = context.Constrained().Trainers.BinaryClassification(options);
        return from is null ? trainer.Fit(data) : trainer.Fit(data, from);
    }

    private static ConstrainedBinaryModelParameters Reload(MLContext context, ITransformer model, IDataView data)
    {
        using var file = new MemoryStream();
        context.Model.Save(model, data.Schema, file);
        var loaded = new MLContext().Model.Load(file, out _);
        return ((BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)(loaded is TransformerChain<ITransformer> chain
            ? chain.LastTransformer : loaded)).Model;
    }

    private static float[] Scores(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float>("Score")];
}
