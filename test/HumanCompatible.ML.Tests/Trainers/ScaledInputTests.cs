using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Where the inputs have learned factors, and what else differs there.</summary>
[TestClass]
public sealed class ScaledInputTests
{
    private const int Many = TrainerDefaults.RowsToScale;

    // A fifth is held out of them.
    private const int Rows = 5000;

    private static readonly Dictionary<string, ConstrainedTrainerOptions> Others = new()
    {
        ["constraint"] = new ConstrainedBinaryClassificationTrainer.Options { Constraints = [Fairness.DemographicParity("Sex", 0.1)] },
        ["network"] = new ConstrainedBinaryClassificationTrainer.Options { Network = Network.MultilayerPerceptron(64, 32) },
        ["method"] = new ConstrainedBinaryClassificationTrainer.Options { Optimizer = new() { Method = PrimalMethod.Sgd } },
        ["classes"] = new ConstrainedMulticlassClassificationTrainer.Options(),
        ["regression"] = new ConstrainedRegressionTrainer.Options(),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public static IEnumerable<object[]> OtherNames => Others.Keys.Select(name => new object[] { name });

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Defaults_FromFourThousandTrainingRowsOn_AreThoseOfLearnedFactors()
    {
        var options = new ConstrainedBinaryClassificationTrainer.Options();

        Assert.AreEqual((false, true, false),
            (options.ScalesInputs(Many - 1), options.ScalesInputs(Many), options.ScalesInputs(Many, isWide: true)));
        Assert.AreEqual((0.0015, 0.003, 0.0015),
            (options.LearningRateFor(Many - 1), options.LearningRateFor(Many), options.LearningRateFor(Many, isWide: true)));
        Assert.AreEqual((64, 128), (options.EncodingFor(Many - 1).MaximumBins, options.EncodingFor(Many).MaximumBins));
        Assert.AreEqual(new PiecewiseLinearEncoding { MaximumBins = 128 }, options.EncodingFor(Many));
    }

    [TestMethod]
    public void MixesWithLinear_DefaultsOfManyRows_Do()
    {
        var (options, scaled, together) = (new ConstrainedBinaryClassificationTrainer.Options(),
            new ConstrainedBinaryClassificationTrainer.Options { LearnsInputFactors = true },
            new ConstrainedBinaryClassificationTrainer.Options { Collective = new ThreadTeam(2).Members[0] });

        Assert.AreEqual((false, true, false), (options.MixesWithLinear(Many - 1), options.MixesWithLinear(Many),
            options.MixesWithLinear(Many, isWide: true)));
        Assert.IsFalse(scaled.MixesWithLinear(Many) || together.MixesWithLinear(Many)
            || Others.Values.Any(other => other.MixesWithLinear(Many)));
    }

    [TestMethod]
    public void ScalesInputs_FactorsWanted_ArePerceptronsOfAdamW()
    {
        ConstrainedBinaryClassificationTrainer.Options Wanted() => new()
        {
            Constraints = [Fairness.DemographicParity("Sex", 0.1)],
            Network = Network.MultilayerPerceptron(16),
            LearnsInputFactors = true,
        };
        var (linear, other, unwanted) = (Wanted(), Wanted(), new ConstrainedBinaryClassificationTrainer.Options());
        linear.Network = Network.Linear();
        other.Optimizer.Method = PrimalMethod.Sgd;
        unwanted.LearnsInputFactors = false;

        Assert.AreEqual((false, true), (Wanted().ScalesInputs(Many - 1), Wanted().ScalesInputs(Many)));
        Assert.IsFalse(linear.ScalesInputs(Many) || other.ScalesInputs(Many) || unwanted.ScalesInputs(Many));
    }

    [TestMethod]
    [DynamicData(nameof(OtherNames))]
    public void Defaults_OfOtherTrainings_DoNotChangeWithTheFactors(string name)
    {
        var options = Others[name];

        Assert.IsFalse(options.ScalesInputs(1_000_000));
        Assert.AreEqual(options.LearningRateFor(600), options.LearningRateFor(99_999));
        Assert.AreEqual(options.EncodingFor(600), options.EncodingFor(1_000_000));
        Assert.AreEqual(0, options.WeightDecayFor(1_000_000));
        Assert.AreEqual(0.2, options.ValidationFractionFor(1_000_000));
    }

    [TestMethod]
    public void Defaults_WhatIsGiven_IsThat()
    {
        var options = new ConstrainedBinaryClassificationTrainer.Options
        {
            LearningRate = 0.01,
            ValidationFraction = 0.3,
            Encoding = new() { MaximumBins = 8 },
            Optimizer = new() { WeightDecay = 0.5 },
        };

        Assert.IsTrue(options.ScalesInputs(Many));
        Assert.AreEqual((0.01, 0.3, 0.5),
            (options.LearningRateFor(Many), options.ValidationFractionFor(Rows), options.WeightDecayFor(Many)));
        Assert.AreEqual(8, options.EncodingFor(Many).MaximumBins);
    }

    [TestMethod]
    public void Fit_ManyRowsWithoutConstraint_LearnsFactorsAndResumesThem()
    {
        var path = Path.Combine(_folder, "run.checkpoint");
        var expected = Fit(Rows, null, new());
        using (var source = new CancellationTokenSource())
        {
            Assert.ThrowsExactly<TrainingCanceledException>(() => Fit(Rows, path, new()
            {
                Progress = new CancelAtOnce(source),
                CancellationToken = source.Token,
            }));
        }

        var resumed = Fit(Rows, path, new());

        var factors = expected.Trained.TrainingState!.Primal[0].Scale!;
        var start = InputScale.Start(expected.Encoder);
        Assert.IsGreaterThan(0.01f, factors.Factors.Zip(start, (factor, first) => Math.Abs(factor - first)).Max());
        Assert.AreEqual((Many, Rows - Many), (expected.Summary.TrainingRows, expected.Summary.ValidationRows));
        CollectionAssert.AreEqual(factors.Factors, resumed.Trained.TrainingState!.Primal[0].Scale!.Factors);
        foreach (var (one, other) in expected.Trained.Weights.Arrays.Zip(resumed.Trained.Weights.Arrays))
            CollectionAssert.AreEqual(one.Values.ToArray(), other.Values.ToArray());
    }

    [TestMethod]
    public void Fit_FewerRows_HasNone() => Assert.IsNull(Fit(1600, null, new()).Trained.TrainingState!.Primal[0].Scale);

    private static ConstrainedBinaryModelParameters Fit(int rows, string? path, TrainingCallbacks callbacks)
    {
        var context = new MLContext(1);
        return context.Constrained().Trainers.BinaryClassification(new ConstrainedBinaryClassificationTrainer.Options
        {
            NumberOfEpochs = 2,
            KeepTrainingState = true,
            Checkpoint = path is null ? null : new() { Path = path },
            Seed = 1,
        }, callbacks).Fit(Census.View(context, rows)).Model;
    }

    private sealed class CancelAtOnce(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => source.Cancel();
    }
}
