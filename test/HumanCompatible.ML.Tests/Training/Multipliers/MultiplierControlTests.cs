using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training.Multipliers;

/// <summary>
/// Of a 60 rows of 100 are predicted positive, of b 40: they are 0.2 apart. The multipliers take steps of twice the violation.
/// </summary>
[TestClass]
public sealed class MultiplierControlTests
{
    private const double Eta = MultiplierRun.Eta;

    private static readonly FairnessConstraint Parity = Fairness.DemographicParity("G", 0.25);

    // Where nobody of b is predicted positive, it is not defined.
    private static readonly FairnessConstraint Lost = Fairness.PredictiveParity("G", 0.05);

    [TestMethod]
    public void AfterEpoch_StepsOnTheExactViolationWithItsMargin()
    {
        using var run = new MultiplierRun(oncePerEpoch: true, Parity);
        run.Control.SetMargins([0.1, 0.6]);

        run.Control.AfterEpoch(1, run.Network);

        AssertAre([Eta * (0.2 - 0.25 + 0.1), Eta * (-0.2 - 0.25 + 0.6)], run.Control.Values);
    }

    [TestMethod]
    public void AfterEpoch_BeforeAnythingIsMeasured_StepsWithTheFirstMargins()
    {
        using var run = new MultiplierRun(oncePerEpoch: true, Parity with { Bound = 0.205 });

        run.Control.AfterEpoch(1, run.Network);

        AssertAre([Eta * (0.2 - 0.205 + 0.01), 0], run.Control.Values);
    }

    [TestMethod]
    public void AfterEpoch_WithoutMargins_StepsOnTheViolationAlone()
    {
        using var run = new MultiplierRun(oncePerEpoch: true, one => one with { MarginShare = 0 }, Parity with { Bound = 0.15 });

        run.Control.AfterEpoch(1, run.Network);

        AssertAre([Eta * 0.05, 0], run.Control.Values);
    }

    [TestMethod]
    public void AfterBatch_StepsOnTheSmoothedViolationWithItsMargin()
    {
        using var scope = torch.NewDisposeScope();
        using var run = new MultiplierRun(oncePerEpoch: false, Parity);
        run.Control.SetMargins([0.1, 0]);

        run.Lagrangian(out _, out _);
        run.Control.AfterBatch(1, 1);

        AssertAre([Eta * (0.2 - 0.25 + 0.1), 0], run.Control.Values);
    }

    [TestMethod]
    public void Lagrangian_HasTheExactViolationsWithTheirMargins()
    {
        using var scope = torch.NewDisposeScope();
        using var run = new MultiplierRun(oncePerEpoch: false, [2, 3], Parity);
        run.Control.SetMargins([0.1, 0.07]);

        var lagrangian = run.Lagrangian(out var logits, out var loss);
        lagrangian.backward();

        Assert.AreEqual(loss + (2 * (0.2 - 0.25 + 0.1)) + (3 * (-0.2 - 0.25 + 0.07)), lagrangian.item<float>(), 1e-5);
        Assert.IsTrue(logits.grad!.abs().min().item<float>() > 0, "every row moves a rate");
    }

    [TestMethod]
    public void Lagrangian_OfAnInequalityWithoutAnExactValue_HasNoGradientAndIsTheLoss()
    {
        using var scope = torch.NewDisposeScope();
        using var run = new MultiplierRun(oncePerEpoch: false, [2, 3], Lost) { IsLost = true };
        run.Control.SetMargins([0.1, 0.1]);

        var lagrangian = run.Lagrangian(out var logits, out var loss);
        lagrangian.backward();

        Assert.AreEqual(loss, lagrangian.item<float>(), 1e-6);
        Assert.AreEqual(0, logits.grad!.abs().max().item<float>());
    }

    [TestMethod]
    public void Lagrangian_OfAnInequalityThatIsNotHeld_HasNoGradientAndIsTheLoss()
    {
        using var scope = torch.NewDisposeScope();
        using var run = new MultiplierRun(oncePerEpoch: false, [2, 3], Parity);
        run.Control.SetMargins([double.NegativeInfinity, double.NegativeInfinity]);

        var lagrangian = run.Lagrangian(out var logits, out var loss);
        lagrangian.backward();

        Assert.AreEqual(loss, lagrangian.item<float>(), 1e-6);
        Assert.AreEqual(0, logits.grad!.abs().max().item<float>());
    }

    [TestMethod]
    public void Lagrangian_OfOneInequalityWithoutAnExactValue_KeepsTheGradientOfTheOthers()
    {
        using var scope = torch.NewDisposeScope();
        float[] Gradient(params FairnessConstraint[] constraints)
        {
            using var run = new MultiplierRun(oncePerEpoch: false, [2, 3], constraints) { IsLost = true };
            run.Lagrangian(out var logits, out _).backward();
            return [.. logits.grad!.data<float>()];
        }

        var alone = Gradient(Parity);

        Assert.IsTrue(alone.All(slope => slope != 0));
        foreach (var (both, one) in Gradient(Lost, Parity).Zip(alone))
            Assert.AreEqual(one, both, 1e-8f);
    }

    [TestMethod]
    public void AfterBatchAndEpoch_WhatIsNotDefinedOrNotHeld_MovesNoMultiplier()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var oncePerEpoch in new[] { false, true })
        {
            using var lost = new MultiplierRun(oncePerEpoch, [2, 3], Lost) { IsLost = true };
            using var free = new MultiplierRun(oncePerEpoch, [2, 3], Parity);
            free.Control.SetMargins([double.NegativeInfinity, double.NegativeInfinity]);
            foreach (var run in new[] { lost, free })
            {
                run.Lagrangian(out _, out _);
                run.Control.AfterBatch(1, 1);
                run.Control.AfterEpoch(1, run.Network);
                AssertAre([2, 3], run.Control.Values);
            }
        }
    }

    [TestMethod]
    public void AfterBatchAndEpoch_WhatIsAllowedMoreThanTheBound_MovesItsMultiplierLess()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var oncePerEpoch in new[] { false, true })
        {
            using var run = new MultiplierRun(oncePerEpoch, [2, 3], Parity);
            run.Control.SetMargins([-0.05, -0.75]);

            run.Lagrangian(out _, out _);
            run.Control.AfterBatch(1, 1);
            run.Control.AfterEpoch(1, run.Network);

            // They are allowed 0.3 and 1.
            AssertAre([2 + (Eta * (0.2 - 0.3)), 3 + (Eta * (-0.2 - 1) * 0.3)], run.Control.Values);
        }
    }

    [TestMethod]
    public void AfterBatchAndEpoch_WhatIsAllowedMoreAndIsKeptWithoutAMultiplier_ShortensNoStepOfTheOthers()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var oncePerEpoch in new[] { false, true })
        {
            double[] Step(params double[] duals)
            {
                // Steps of length 0.02 along the violations.
                using var run = new MultiplierRun(oncePerEpoch, settings => settings with
                {
                    DualOptimizer = new InexactAugmentedLagrangianOptions
                    {
                        Beta = 1,
                        Gamma = 0.02,
                        InitialDuals = duals,
                        OncePerEpoch = oncePerEpoch,
                    },
                    DampsDuals = false,
                }, Parity);
                run.Control.SetMargins([0.1, -0.75]);
                run.Lagrangian(out _, out _);
                run.Control.AfterBatch(1, 1);
                run.Control.AfterEpoch(1, run.Network);
                return [.. run.Control.Values];
            }

            // The violations are 0.05 and, 1 being allowed and not 0.25, a quarter of -1.2.
            var length = Math.Sqrt((0.05 * 0.05) + (0.3 * 0.3));
            AssertAre([0.02, 0], Step(0, 0));
            AssertAre([0.02 * 0.05 / length, 0.5 - (0.02 * 0.3 / length)], Step(0, 0.5));
        }
    }

    [TestMethod]
    public void Load_OfWhatWasSaved_GoesOnWithItsMargins()
    {
        using var first = new MultiplierRun(oncePerEpoch: true, Parity);
        first.Control.SetMargins([0.1, 0.6]);
        var state = first.Control.Save(new TrainingState(1, 1, first.Network.Snapshot(), [], null, []));
        CollectionAssert.AreEqual(new[] { 0.1, 0.6 }, state.Margins);
        using var second = new MultiplierRun(oncePerEpoch: true, Parity);

        second.Control.Load(state);
        second.Control.AfterEpoch(1, second.Network);

        AssertAre([Eta * 0.05, Eta * 0.15], second.Control.Values);
    }

    internal static void AssertAre(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var index = 0; index < expected.Length; index++)
            Assert.AreEqual(expected[index], actual[index], 1e-6, $"multiplier {index}");
    }
}
