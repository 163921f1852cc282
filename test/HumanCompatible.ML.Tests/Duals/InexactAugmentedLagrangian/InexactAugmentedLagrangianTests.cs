using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

[TestClass]
public sealed class InexactAugmentedLagrangianTests
{
    private static Tensor Vector(params double[] values) => tensor(values, dtype: ScalarType.Float64);

    [TestMethod]
    [DataRow(false, 1.0, 1.0, 1.0, 0.0, new[] { 1.0, 2, 3 }, new[] { .26726124191, .53452248382, .80178372574 }, 15.74165738677,
        new[] { 1.0, 2, 3 }, new[] { .53452248382, 1.06904496765, 1.60356745147 }, 19.48331477355)]
    [DataRow(false, 0.5, 1.05, 1.0, 0.0, new[] { .1, -.2, .05 }, new[] { .05, -.1, .025 }, 5.039375, new[] { .1, -.2, .05 },
        new[] { .1025, -.205, .05125 }, 5.06759375)]
    [DataRow(false, 1.0, 1.0, 1e6, 0.9, new[] { 1.0, 2, 3 }, new[] { .1, .2, .3 }, 13.4, new[] { 1.0, 2, 3 }, new[] { .29, .58, .87 },
        16.06)]
    [DataRow(true, 2.0, 1.0, 1.0, 0.0, new[] { .3, -.4 }, new[] { .6, 0 }, 5.27, new[] { -.5, .1 }, new[] { 0, .19611613514 },
        5.02961161351)]
    public void ForwardUpdate_BetaRule_GivesTheStoredVectors(
        bool isInequality, double beta, double sigma, double gamma, double momentum,
        double[] first, double[] firstDuals, double firstLagrangian, double[] second, double[] secondDuals, double secondLagrangian)
    {
        using var scope = NewDisposeScope();
        using var dual = new InexactAugmentedLagrangian(
            first.Length, beta, sigma, gamma, momentum: momentum, isInequality: isInequality, penaltyRule: PenaltyRule.Beta,
                dtype: ScalarType.Float64);
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
    [DataRow(InequalityPenalty.Violation, 5.27, 5.02961161351)]
    [DataRow(InequalityPenalty.Raw, 5.43, 5.27961161351)]
    public void ForwardUpdate_InequalityPenalty_DecidesWhatIsSquared(InequalityPenalty penalty, double first, double second)
    {
        using var scope = NewDisposeScope();
        using var dual = new InexactAugmentedLagrangian(2, beta: 2, isInequality: true, penaltyRule: PenaltyRule.Beta,
            inequalityPenalty: penalty, dtype: ScalarType.Float64);
        Assert.AreEqual(first, dual.ForwardUpdate(Vector(5).sum(), Vector(.3, -.4)).item<double>(), 1e-10);
        Assert.AreEqual(second, dual.ForwardUpdate(Vector(5).sum(), Vector(-.5, .1)).item<double>(), 1e-10);
    }

    [TestMethod]
    public void Forward_MixedGroups_HasValueAndGradientOfTheFormula()
    {
        using var scope = NewDisposeScope();
        using var dual = new InexactAugmentedLagrangian(2, beta: 3, initialDuals: [.5, -.25], penaltyRule: PenaltyRule.Beta, tolerance: .1,
            dtype: ScalarType.Float64);
        dual.AddConstraintGroup(3, beta: 2, initialDuals: [1, 2, 3], isInequality: true, tolerance: .2);
        dual.AddConstraintGroup(1, beta: 4, initialDuals: [.7], isInequality: true, inequalityPenalty: InequalityPenalty.Raw);
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
    public void Forward_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var dual = new InexactAugmentedLagrangian(2, sigma: 1.5, momentum: .5, initialDuals: [.1]);
        var before = dual.StateDict();
        dual.Forward(tensor(1f), tensor(new[] { 1f, 2f }));
        StateAssert.AreEqual(before, dual.StateDict());
    }

    [TestMethod]
    public void Update_SigmaPerEpoch_GrowsBetaAtEndEpochOnlyAndUpToBetaMax()
    {
        using var scope = NewDisposeScope();
        using var dual = new InexactAugmentedLagrangian(1, beta: 1, sigma: 2, betaMax: 3, sigmaSchedule: PenaltyGrowthSchedule.PerEpoch);
        dual.Update(Vector(.5));
        Assert.AreEqual(1, dual.Groups[0].Beta);
        dual.EndEpoch();
        Assert.AreEqual(2, dual.Groups[0].Beta);
        dual.EndEpoch();
        Assert.AreEqual(3, dual.Groups[0].Beta);
    }

    [TestMethod]
    public void Update_GrowthWhileInfeasible_KeepsBetaOnceTheGroupIsFeasible()
    {
        using var scope = NewDisposeScope();
        using var dual = new InexactAugmentedLagrangian(2, sigma: 2, isInequality: true, tolerance: .1,
            penaltyGrowth: PenaltyGrowth.WhileInfeasible);
        dual.Update(Vector(.5, -1));
        Assert.AreEqual(2, dual.Groups[0].Beta);
        dual.Update(Vector(.05, -1));
        Assert.AreEqual(2, dual.Groups[0].Beta);
    }

    [TestMethod]
    public void Update_SummableGamma_BoundsTheStepByTheEpoch()
    {
        using var scope = NewDisposeScope();
        using var dual = new InexactAugmentedLagrangian(1, beta: 100, gamma: .5, gammaSchedule: StepBoundSchedule.Summable);
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
        using var dual = new InexactAugmentedLagrangian(2, gamma: 0, initialDuals: [.25]);
        dual.Update(Vector(0, 0));
        CollectionAssert.AreEqual(new[] { .25, .25 }, dual.DualValues.ToArray());
    }

    [TestMethod]
    public void Update_HugeConstraints_StepsByGamma()
    {
        using var scope = NewDisposeScope();
        using var dual = new InexactAugmentedLagrangian(2, gamma: 1, dtype: ScalarType.Float64);
        dual.Update(Vector(3e200, 4e200));
        Assert.AreEqual(.6, dual.DualValues[0], 1e-12);
        Assert.AreEqual(.8, dual.DualValues[1], 1e-12);
    }

    [TestMethod]
    public void AddConstraintGroup_InheritsNothingFromTheConstructor()
    {
        using var dual = new InexactAugmentedLagrangian(
            2, beta: 7, sigma: 2, gamma: 3, dualRange: (-5, 5), momentum: .9, dampening: .5, isInequality: true, tolerance: .1,
                inequalityPenalty: InequalityPenalty.Raw, betaMax: 9);
        var added = dual.AddConstraintGroup(3);
        Assert.AreEqual(
            ("group1", 2, 3, false, -100.0, 100.0),
                (added.Name, added.Offset, added.Count, added.IsInequality, added.LowerBound, added.UpperBound));
        Assert.AreEqual((1.0, 1.0, 1.0, 0.0, 0.0, 0.0),
            (added.Beta, added.Sigma, added.Gamma, added.Momentum, added.Dampening, added.Tolerance));
        Assert.AreEqual(InequalityPenalty.Violation, added.InequalityPenalty);
        Assert.AreEqual(0.0, dual.Groups[0].LowerBound);
        Assert.AreEqual(5, dual.ConstraintCount);
    }

    [TestMethod]
    public void Constructor_Defaults_AreTheDocumentedOnes()
    {
        using var dual = new InexactAugmentedLagrangian(1);
        var group = dual.Groups[0];
        Assert.AreEqual((1.0, 1.0, 1.0, 1.0, 0.0, 0.0),
            (group.Beta, group.Sigma, group.Gamma, dual.Penalty, group.Momentum, group.Tolerance));
        Assert.AreEqual((PenaltyRule.Fixed, InequalityPenalty.Violation), (dual.PenaltyRule, group.InequalityPenalty));
        Assert.AreEqual((-100.0, 100.0, "group0", false), (group.LowerBound, group.UpperBound, group.Name, group.IsInequality));
        using var duals = dual.Duals;
        Assert.AreEqual(ScalarType.Float32, duals.dtype);
    }

    [TestMethod]
    public void Constructor_EverythingWrong_ReportsAllOfIt()
    {
        var exception = Assert.ThrowsExactly<ArgumentException>(() => new InexactAugmentedLagrangian(
            0, beta: -1, sigma: 0, gamma: double.NaN, penalty: double.PositiveInfinity, dualRange: (1, -1), momentum: 1.5, dampening: -.5,
                tolerance: -1,
            penaltyRule: (PenaltyRule)7, inequalityPenalty: (InequalityPenalty)8, betaMax: -2));
        Assert.AreEqual(
            string.Join(
                Environment.NewLine,
                "InexactAugmentedLagrangian: 12 problems.",
                "- penalty is Infinity; expected a finite number of at least 0.",
                "- penaltyRule is 7; expected one of Fixed, Beta.",
                "- constraintCount is 0; expected at least 1.",
                "- dualRange is [1, -1]; expected lower <= upper, neither NaN.",
                "- beta is -1; expected a finite number of at least 0.",
                "- sigma is 0; expected a finite number above 0.",
                "- gamma is NaN; expected at least 0 (infinity is allowed).",
                "- betaMax is -2; expected at least beta, which is -1.",
                "- momentum is 1.5; expected a number from 0 to 1.",
                "- dampening is -0.5; expected a number from 0 to 1.",
                "- tolerance is -1; expected a finite number of at least 0.",
                "- inequalityPenalty is 8; expected one of Violation, Raw."),
            exception.Message);
    }

    [TestMethod]
    public void Options_EverythingWrong_ReportsAllOfItByPropertyName()
    {
        var problems = new List<string>();
        new InexactAugmentedLagrangianOptions
        {
            Beta = -1,
            Momentum = 2,
            DualLowerBound = 1,
            DualUpperBound = 0,
            InitialDual = double.NaN
        }.Validate(problems);
        CollectionAssert.AreEqual(
            new[]
            {
                "Beta is -1; expected a finite number of at least 0.",
                "Momentum is 2; expected a number from 0 to 1.",
                "DualLowerBound to DualUpperBound is [1, 0]; expected lower <= upper, neither NaN.",
                "InitialDual is NaN; expected a finite number.",
            },
            problems);
    }
}
