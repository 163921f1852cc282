using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training.Multipliers;

/// <summary>When the constraints count and the multipliers step, and with what they resume. The violation is 0.05 and -0.35.</summary>
[TestClass]
public sealed class MultiplierScheduleTests
{
    private const double Step = MultiplierRun.Eta * 0.05;

    private static readonly FairnessConstraint Parity = Fairness.DemographicParity("G", 0.15);

    [TestMethod]
    public void WarmUpEpochs_DescendTheLossAloneAndMoveNoMultiplier()
    {
        using var scope = torch.NewDisposeScope();
        using var run = Run(false, one => one with
        {
            DualOptimizer = MultiplierRun.Steps(oncePerEpoch: false) with { WarmUpEpochs = 1, InitialDuals = [1, 0] },
        });

        Assert.AreEqual(0.5, run.Lagrangian(out _, out _, epoch: 1).item<float>(), 1e-6);
        run.Control.AfterBatch(1, 1);
        MultiplierControlTests.AssertAre([1, 0], run.Control.Values);

        Assert.AreEqual(0.55, run.Lagrangian(out _, out _, epoch: 2).item<float>(), 1e-6);
        run.Control.AfterBatch(2, 1);
        MultiplierControlTests.AssertAre([1 + Step, 0], run.Control.Values);
    }

    [TestMethod]
    public void WarmUpEpochs_OfStepsAfterEpochs_MoveNoMultiplier()
    {
        using var run = Run(true, one => one with { DualOptimizer = MultiplierRun.Steps(oncePerEpoch: true) with { WarmUpEpochs = 1 } });

        run.Control.AfterEpoch(1, run.Network);
        MultiplierControlTests.AssertAre([0, 0], run.Control.Values);

        run.Control.AfterEpoch(2, run.Network);
        MultiplierControlTests.AssertAre([Step, 0], run.Control.Values);
    }

    // At least .7 of each group is to be selected; of a .6 are, of b .4.
    [TestMethod]
    [DataRow(null, 10)]
    [DataRow(0, 0)]
    [DataRow(1, 20)]
    public void BoundsOfRates_CountAfterAQuarterOfAllStepsOrTheWarmUp(int? warmUpEpochs, int stepsBefore)
    {
        using var scope = torch.NewDisposeScope();
        using var run = new MultiplierRun(oncePerEpoch: false, one => one with
        {
            MarginShare = 0,
            NumberOfEpochs = 2,
            BatchSize = 10,
            DualOptimizer = MultiplierRun.Steps(oncePerEpoch: false) with
            {
                WarmUpEpochs = warmUpEpochs,
                BatchesPerStep = 1,
                InitialDuals = [1, 0],
            },
        }, Fairness.RateAtLeast(GroupMetric.SelectionRate, "G", 0.7), Parity);
        run.TakeIn(20);

        double[] lagrangians = [.. Enumerable.Range(0, 40).Select(step
            => (double)run.Lagrangian(out _, out _, 1 + (step / 20), 1 + (step % 20)).item<float>())];

        // Of the loss .5, of parity .05, which waits for a warm-up alone, and of the rate of a .1.
        var before = warmUpEpochs > 0 ? 0.5 : 0.55;
        foreach (var (step, value) in lagrangians.Index())
            Assert.AreEqual(step < stepsBefore ? before : 0.65, value, 1e-5, $"step {step}");
    }

    [TestMethod]
    public void BoundsOfRates_OfStepsAfterEpochs_CountAfterAQuarterOfTheEpochs()
    {
        using var run = new MultiplierRun(oncePerEpoch: true, one => one with { MarginShare = 0, NumberOfEpochs = 4 },
            Fairness.RateAtLeast(GroupMetric.SelectionRate, "G", 0.7), Fairness.RateAtMost(GroupMetric.ErrorRate, "G", 0.2));

        run.Control.AfterEpoch(1, run.Network);
        var first = run.Control.Values.ToArray();
        run.Control.AfterEpoch(2, run.Network);

        MultiplierControlTests.AssertAre([0, 0], first[..2]);
        Assert.IsGreaterThan(0, first[2]);
        MultiplierControlTests.AssertAre([MultiplierRun.Eta * 0.1, MultiplierRun.Eta * 0.3], [.. run.Control.Values.Take(2)]);
    }

    // A batch of 10 has 5 rows of each group: the rates are averaged over the 20 batches of an epoch.
    [TestMethod]
    public void BeforeAWholeWindow_TheLossAloneCountsAndNoMultiplierMoves()
    {
        using var scope = torch.NewDisposeScope();
        using var run = Run(false, one => one with
        {
            BatchSize = 10,
            DualOptimizer = MultiplierRun.Steps(oncePerEpoch: false) with { BatchesPerStep = 1, InitialDuals = [1, 0] },
        });

        run.TakeIn(18);
        Assert.AreEqual(0.5, run.Lagrangian(out _, out _).item<float>(), 1e-6);
        run.Control.AfterBatch(1, 19);
        MultiplierControlTests.AssertAre([1, 0], run.Control.Values);

        Assert.AreEqual(0.55, run.Lagrangian(out _, out _).item<float>(), 1e-6);
        run.Control.AfterBatch(1, 20);
        MultiplierControlTests.AssertAre([1 + Step, 0], run.Control.Values);
    }

    [TestMethod]
    [DataRow(null, new[] { 2, 4, 6 }, DisplayName = "twice the least window: every other batch")]
    [DataRow(3, new[] { 3, 6 })]
    [DataRow(1, new[] { 1, 2, 3, 4, 5, 6 })]
    public void BatchesPerStep_SaysAfterWhichBatchesMultipliersMove(int? batchesPerStep, int[] expected)
    {
        using var scope = torch.NewDisposeScope();
        using var run = Run(false, one => one with
        {
            BatchSize = 10,
            DualOptimizer = MultiplierRun.Steps(oncePerEpoch: false) with { BatchesPerStep = batchesPerStep },
        });
        run.TakeIn(20);

        var moved = Enumerable.Range(1, 6).Where(batch =>
        {
            var before = run.Control.Values[0];
            run.Control.AfterBatch(1, batch);
            return run.Control.Values[0] != before;
        });

        CollectionAssert.AreEqual(expected, moved.ToArray());
    }

    [TestMethod]
    public void DampedSteps_AreShortenedByTheOnesBefore()
    {
        using var scope = torch.NewDisposeScope();
        using var run = Run(false, one => one with { DampsDuals = true });
        run.TakeIn(1);

        run.Control.AfterBatch(1, 1);
        MultiplierControlTests.AssertAre([Step, 0], run.Control.Values);
        Assert.AreEqual(0.02 / Step, Saved(run).DampingFactor, 1e-6);

        run.TakeIn(1);
        run.Control.AfterBatch(1, 2);
        MultiplierControlTests.AssertAre([Step + 0.02, 0], run.Control.Values);
    }

    [TestMethod]
    public void StepsThatAreNotDamped_KeepTheirLength()
    {
        using var scope = torch.NewDisposeScope();
        using var run = Run(false, one => one);
        for (var batch = 1; batch <= 2; batch++)
        {
            run.TakeIn(1);
            run.Control.AfterBatch(1, batch);
        }

        MultiplierControlTests.AssertAre([2 * Step, 0], run.Control.Values);
        Assert.AreEqual(1, Saved(run).DampingFactor);
    }

    [TestMethod]
    public void Load_OfWhatWasSaved_GoesOnWithItsAverageAndDamping()
    {
        using var scope = torch.NewDisposeScope();
        using var first = Run(false, one => one with { DampsDuals = true });
        first.TakeIn(3);
        first.Control.AfterBatch(1, 3);
        using var second = Run(false, one => one with { DampsDuals = true });

        second.Control.Load(Saved(first));

        var state = Saved(second);
        CollectionAssert.AreEqual(Saved(first).Statistics, state.Statistics);
        Assert.AreEqual(3, state.SmoothedBatches);
        second.TakeIn(1);
        second.Control.AfterBatch(1, 1);
        MultiplierControlTests.AssertAre([0.02, 0], second.Control.Values);
    }

    [TestMethod]
    public void Load_OfAStateOfOtherConstraints_SaysHowTheyDiffer()
    {
        using var run = Run(false, one => one);

        var problem = Assert.ThrowsExactly<ArgumentException>(() => run.Control.Load(Saved(run) with { Statistics = [1, 2, 3, 4, 5] }));

        StringAssert.StartsWith(problem.Message, "The training state has 5 group statistics; these data and constraints have 4.");
        Assert.AreEqual(0, Saved(run).SmoothedBatches);
    }

    [TestMethod]
    public void AfterEpoch_EndsTheEpochOfTheDualOptimizer()
    {
        using var run = Run(false, one => one with
        {
            DualOptimizer = new InexactAugmentedLagrangianOptions { Beta = 0.5, GrowPerEpoch = true, Sigma = 3 },
        });

        run.Control.AfterEpoch(1, run.Network);

        Assert.AreEqual(1.5, ((InexactAugmentedLagrangianBlockState)run.Control.StateDict().Blocks[0]).Beta, 1e-6);
    }

    [TestMethod]
    public void Lagrangian_OfACustomStatistic_HasItsGradient()
    {
        using var scope = torch.NewDisposeScope();
        using var run = new MultiplierRun(oncePerEpoch: false, [2, 0],
            Fairness.Custom("square", ["G"], 0.1, batch => batch.GroupMeans(batch.Predictions).square()));

        run.Lagrangian(out var logits, out _).backward();

        Assert.IsTrue(logits.grad!.abs().max().item<float>() > 0);
    }

    private static MultiplierRun Run(bool oncePerEpoch, Func<TrainingSettings, TrainingSettings> change)
        => new(oncePerEpoch, one => change(one) with { MarginShare = 0 }, Parity);

    private static TrainingState Saved(MultiplierRun run)
        => run.Control.Save(new TrainingState(1, 1, run.Network.Snapshot(), [], null, []));
}
