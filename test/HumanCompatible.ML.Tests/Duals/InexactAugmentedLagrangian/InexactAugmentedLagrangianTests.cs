using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Trainers;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

[TestClass]
public sealed class InexactAugmentedLagrangianTests
{
    // The defaults of the Python package: every factor is 1.
    private static readonly InexactAugmentedLagrangianOptions Ones = new() { Beta = 1, Gamma = 1, Penalty = 1 };

    private static Tensor Vector(params double[] values) => tensor(values, dtype: ScalarType.Float64);

    [TestMethod]
    [DataRow(ConstraintKind.Equality, 1.0, 1.0, 1.0, 0.0, new[] { 1.0, 2, 3 }, new[] { .26726124191, .53452248382, .80178372574 },
        15.74165738677,
        new[] { 1.0, 2, 3 }, new[] { .53452248382, 1.06904496765, 1.60356745147 }, 19.48331477355)]
    [DataRow(ConstraintKind.Equality, 0.5, 1.05, 1.0, 0.0, new[] { .1, -.2, .05 }, new[] { .05, -.1, .025 }, 5.039375,
        new[] { .1, -.2, .05 },
        new[] { .1025, -.205, .05125 }, 5.06759375)]
    [DataRow(ConstraintKind.Equality, 1.0, 1.0, 1e6, 0.9, new[] { 1.0, 2, 3 }, new[] { .1, .2, .3 }, 13.4, new[] { 1.0, 2, 3 },
        new[] { .29, .58, .87 },
        16.06)]
    [DataRow(ConstraintKind.Inequality, 2.0, 1.0, 1.0, 0.0, new[] { .3, -.4 }, new[] { .6, 0 }, 5.27, new[] { -.5, .1 },
        new[] { 0, .19611613514 },
        5.02961161351)]
    public void ForwardUpdate_BetaRule_GivesTheStoredVectors(
        ConstraintKind kind, double beta, double sigma, double gamma, double momentum,
        double[] first, double[] firstDuals, double firstLagrangian, double[] second, double[] secondDuals, double secondLagrangian)
    {
        using var scope = NewDisposeScope();
        var dual = new InexactAugmentedLagrangian(first.Length, kind,
            Ones with { Beta = beta, Sigma = sigma, Gamma = gamma, Momentum = momentum, PenaltyIsBeta = true });
        var loss = Vector(5).sum();
        foreach (var (constraints, duals, lagrangian) in new[] { (first, firstDuals, firstLagrangian),
            (second, secondDuals, secondLagrangian) })
        {
            Assert.AreEqual(lagrangian, dual.ForwardUpdate(loss, Vector(constraints)).item<double>(), 1e-10);
            for (var j = 0; j < duals.Length; j++)
                Assert.AreEqual(duals[j], dual.DualValues[j], 1e-10);
        }
    }

    [TestMethod]
    [DataRow(false, 5.27, 5.02961161351)]
    [DataRow(true, 5.43, 5.27961161351)]
    public void ForwardUpdate_PenalizeSlack_DecidesWhatIsSquared(bool penalizeSlack, double first, double second)
    {
        using var scope = NewDisposeScope();
        var dual = new InexactAugmentedLagrangian(2, ConstraintKind.Inequality,
            Ones with { Beta = 2, PenaltyIsBeta = true, PenalizeSlack = penalizeSlack });
        Assert.AreEqual(first, dual.ForwardUpdate(Vector(5).sum(), Vector(.3, -.4)).item<double>(), 1e-10);
        Assert.AreEqual(second, dual.ForwardUpdate(Vector(5).sum(), Vector(-.5, .1)).item<double>(), 1e-10);
    }

    [TestMethod]
    public void Forward_MixedBlocks_HasValueAndGradientOfTheFormula()
    {
        using var scope = NewDisposeScope();
        var options = Ones with { PenaltyIsBeta = true };
        var dual = new InexactAugmentedLagrangian(2, ConstraintKind.Equality,
            options with { Beta = 3, InitialDuals = [.5, -.25], Tolerance = .1 });
        dual.AddConstraintGroup("second", 3, ConstraintKind.Inequality,
            options with { Beta = 2, InitialDuals = [1, 2, 3], Tolerance = .2 });
        dual.AddConstraintGroup("third", 1, ConstraintKind.Inequality,
            options with { Beta = 4, InitialDuals = [.7], PenalizeSlack = true });
        var c = Vector(.05, -.6, .5, .1, -.3, -.2).requires_grad_();
        var lagrangian = dual.Forward(Vector(2).sum(), c);
        lagrangian.backward();
        // Seen constraints: equality .05 -> 0, -.6 -> -.5; inequality c - .2 -> .3, -.1, -.5; raw -.2.
        var expected = 2 + .25 * .5 + 1.5 * .25 + (1 * .3 - 2 * .1 - 3 * .5) + 1 * .09 + .7 * -.2 + 2 * .04;
        Assert.AreEqual(expected, lagrangian.item<double>(), 1e-12);
        double[] gradient = [0, -.25 - 3 * .5, 1 + 2 * .3, 2, 3, .7 + 4 * -.2];
        for (var j = 0; j < gradient.Length; j++)
            Assert.AreEqual(gradient[j], c.grad![j].item<double>(), 1e-12, $"element {j}");
    }

    [TestMethod]
    public void Forward_BlocksOfTheirOwnPenalties_WeighsEachByItsOwn()
    {
        using var scope = NewDisposeScope();
        var dual = new InexactAugmentedLagrangian(1, ConstraintKind.Equality, Ones with { Penalty = 6 });
        dual.AddConstraintGroup("beta", 1, ConstraintKind.Equality, Ones with { Beta = 4, PenaltyIsBeta = true });
        Assert.AreEqual(1 + 3 * .25 + 2 * .01, dual.Forward(Vector(1).sum(), Vector(.5, .1)).item<double>(), 1e-15);
    }

    [TestMethod]
    public void Forward_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        var dual = new InexactAugmentedLagrangian(2, ConstraintKind.Equality,
            Ones with { Sigma = 1.5, Momentum = .5, InitialDuals = [.1] });
        var before = dual.StateDict();
        dual.Forward(tensor(1f), tensor(new[] { 1f, 2f }));
        StateAssert.AreEqual(before, dual.StateDict());
    }

    [TestMethod]
    public void Update_SigmaPerEpoch_GrowsBetaAtEndEpochOnlyAndUpToBetaMax()
    {
        using var scope = NewDisposeScope();
        var dual = new InexactAugmentedLagrangian(1, ConstraintKind.Equality,
            Ones with { Sigma = 2, BetaMax = 3, GrowPerEpoch = true });
        dual.Update(Vector(.5));
        Assert.AreEqual(1, Beta(dual));
        dual.EndEpoch();
        Assert.AreEqual(2, Beta(dual));
        dual.EndEpoch();
        Assert.AreEqual(3, Beta(dual));
    }

    [TestMethod]
    public void Update_GrowthWhileInfeasible_KeepsBetaOnceTheBlockIsFeasible()
    {
        using var scope = NewDisposeScope();
        var dual = new InexactAugmentedLagrangian(2, ConstraintKind.Inequality,
            Ones with { Sigma = 2, Tolerance = .1, GrowOnlyWhileViolated = true });
        dual.Update(Vector(.5, -1));
        Assert.AreEqual(2, Beta(dual));
        dual.Update(Vector(.05, -1));
        Assert.AreEqual(2, Beta(dual));
    }

    [TestMethod]
    public void Update_SummableGamma_BoundsTheStepByTheEpoch()
    {
        using var scope = NewDisposeScope();
        var dual = new InexactAugmentedLagrangian(1, ConstraintKind.Equality,
            Ones with { Beta = 100, Gamma = .5, SummableGamma = true });
        double previous = 0;
        for (var epoch = 0; epoch < 5; epoch++)
        {
            dual.Update(Vector(3));
            var log = Math.Log(epoch + 2);
            Assert.AreEqual(.5 / ((epoch + 1) * log * log), dual.DualValues[0] - previous, 1e-12);
            previous = dual.DualValues[0];
            dual.EndEpoch();
        }
    }

    [TestMethod]
    public void Update_ZeroConstraintsAndZeroGamma_LeavesFiniteDuals()
    {
        using var scope = NewDisposeScope();
        var dual = new InexactAugmentedLagrangian(2, ConstraintKind.Equality, Ones with { Gamma = 0, InitialDuals = [.25] });
        dual.Update(Vector(0, 0));
        CollectionAssert.AreEqual(new[] { .25, .25 }, dual.DualValues.ToArray());
    }

    [TestMethod]
    public void Update_HugeConstraints_StepsByGamma()
    {
        using var scope = NewDisposeScope();
        var dual = new InexactAugmentedLagrangian(2, ConstraintKind.Equality, Ones);
        dual.Update(Vector(3e200, 4e200));
        Assert.AreEqual(.6, dual.DualValues[0], 1e-12);
        Assert.AreEqual(.8, dual.DualValues[1], 1e-12);
    }

    [TestMethod]
    public void AddConstraintGroup_InheritsNothingFromTheConstructor()
    {
        var dual = new InexactAugmentedLagrangian(2, ConstraintKind.Inequality, new()
        {
            Beta = 7,
            Sigma = 2,
            Gamma = 3,
            DualLowerBound = -5,
            DualUpperBound = 5,
            Momentum = .9,
            Dampening = .5,
            Tolerance = .1,
            PenalizeSlack = true,
            BetaMax = 9,
        });
        var added = dual.AddConstraintGroup("second", 3, ConstraintKind.Equality);
        Assert.AreEqual(("second", 2, 3, ConstraintKind.Equality), (added.Name, added.Offset, added.Count, added.Kind));
        Assert.AreSame(added, dual.Blocks[1]);
        Assert.AreEqual((-100.0, 100.0), dual.RangeOf(1));
        Assert.AreEqual(new InexactAugmentedLagrangianOptions(), dual.StateOf<InexactAugmentedLagrangianBlockState>(1).Options);
        Assert.AreEqual((0.0, 5.0), dual.RangeOf(0));
        Assert.AreEqual(5, dual.ConstraintCount);
    }

    [TestMethod]
    public void Constructor_OptionsChangedAfterwards_HasACopy()
    {
        var options = new InexactAugmentedLagrangianOptions { InitialDuals = new[] { .5, .5 } };
        var dual = new InexactAugmentedLagrangian(2, ConstraintKind.Inequality, options);
        (options.Beta, options.WarmUpEpochs) = (9, 9);
        ((double[])options.InitialDuals)[0] = 9;
        var copy = dual.StateOf<InexactAugmentedLagrangianBlockState>().Options;
        Assert.AreEqual((.2, null, .5), (copy.Beta, copy.WarmUpEpochs, copy.InitialDuals![0]));
    }

    [TestMethod]
    public void Constructor_Defaults_AreTheDocumentedOnes()
    {
        var dual = new InexactAugmentedLagrangian(1, ConstraintKind.Inequality);
        var options = dual.StateOf<InexactAugmentedLagrangianBlockState>().Options;
        Assert.AreEqual((.2, .02, 3.0, 1.0, 0.0, 0.0),
            (options.Beta, options.Gamma, options.Penalty, options.Sigma, options.Momentum, options.Tolerance));
        Assert.AreEqual((false, false), (options.PenaltyIsBeta, options.PenalizeSlack));
        Assert.AreEqual((0.0, 100.0), dual.RangeOf(0));
        Assert.AreEqual(("block0", ConstraintKind.Inequality), (dual.Blocks[0].Name, dual.Blocks[0].Kind));
        using var duals = dual.CreateDualTensor();
        Assert.AreEqual(ScalarType.Float32, duals.dtype);
        Assert.AreEqual<DualOptimizerOptions>(options, new ConstrainedBinaryClassificationTrainer.Options().DualOptimizer);
    }

    [TestMethod]
    public void Constructor_EverythingWrong_ReportsAllOfIt()
    {
        var exception = Assert.ThrowsExactly<ArgumentException>(() => new InexactAugmentedLagrangian(0, (ConstraintKind)3, new()
        {
            Beta = -1,
            Sigma = 0,
            Gamma = double.NaN,
            Penalty = double.PositiveInfinity,
            DualLowerBound = 1,
            DualUpperBound = -1,
            Momentum = 1.5,
            Dampening = -.5,
            Tolerance = -1,
            BetaMax = -2,
            BatchesPerStep = 0,
        }));
        Assert.AreEqual(
            string.Join(
                Environment.NewLine,
                "InexactAugmentedLagrangian: 12 problems.",
                "- count must be at least 1, got 0.",
                "- kind must be one of Inequality, Equality, got 3.",
                "- Beta must be at least 0 and finite, got -1.",
                "- Gamma must be at least 0, infinity allowed, got NaN.",
                "- Penalty must be at least 0 and finite, got Infinity.",
                "- Sigma must be above 0 and finite, got 0.",
                "- BetaMax must be at least Beta, which is -1, got -2.",
                "- Momentum must be from 0 to 1, got 1.5.",
                "- Dampening must be from 0 to 1, got -0.5.",
                "- Tolerance must be at least 0 and finite, got -1.",
                "- BatchesPerStep must be at least 1, got 0.",
                "- DualLowerBound to DualUpperBound must be a range that holds a finite number, got 1 to -1."),
            exception.Message);
    }

    private static double Beta(DualOptimizer dual) => dual.StateOf<InexactAugmentedLagrangianBlockState>().Beta;
}
