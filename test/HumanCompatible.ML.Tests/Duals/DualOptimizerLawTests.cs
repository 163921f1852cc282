using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>What holds for every dual optimizer.</summary>
[TestClass]
public sealed class DualOptimizerLawTests
{
    private static readonly double[][] Sequence =
    [
        [.3, -.2, .5, -.4, .1], [-.1, .4, .2, .3, -.6], [.05, .01, -.3, -.2, .7], [.6, -.5, .4, .1, -.1], [-.2, .1, .2, -.7, .3],
    ];

    public static IEnumerable<object[]> Optimizers => DualOptimizersUnderTest.Names;

    private static Tensor Vector(params double[] values) => tensor(values, dtype: ScalarType.Float64);

    private static Tensor Loss(double value) => tensor(value, dtype: ScalarType.Float64);

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Update_AtKktPoint_MovesNothing(string name)
    {
        using var scope = NewDisposeScope();
        var dual = DualOptimizersUnderTest.Create(name, ScalarType.Float64,
            ("active", 2, ConstraintKind.Inequality), ("inactive", 2, ConstraintKind.Inequality));
        if (DualOptimizersUnderTest.HasDuals(name))
            SetDuals(dual, [.4, .3, dual.RangeOf(1).Lower, dual.RangeOf(1).Lower]);
        double[] before = [.. dual.DualValues];
        // Constraints at the boundary have tolerance's worth of slack.
        var slack = name.Contains("tolerance") ? .05 : 0;
        for (var step = 0; step < 5; step++)
        {
            var c = Vector(slack, slack, -.5, -.7).requires_grad_();
            var lagrangian = dual.ForwardUpdate(Loss(2), c);
            CollectionAssert.AreEqual(before, dual.DualValues.ToArray());
            if (!DualOptimizersUnderTest.HasDuals(name) || name.StartsWith("PBM", StringComparison.Ordinal) || name.Contains("raw"))
                continue;
            lagrangian.backward();
            for (var j = 0; j < before.Length; j++)
                Assert.AreEqual(before[j], c.grad![j].item<double>(), 1e-15, "the Lagrangian's slope in c is the multiplier");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Forward_ChangesNothing(string name)
    {
        using var scope = NewDisposeScope();
        var dual = DualOptimizersUnderTest.Create(name);
        dual.Update(Vector(Sequence[0]));
        var before = dual.StateDict();
        dual.Forward(Loss(1), Vector(Sequence[1]));
        dual.CreateDualTensor().add_(1);
        StateAssert.AreEqual(before, dual.StateDict());
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void ForwardUpdate_AgreesWithUpdateAndForward(string name)
    {
        using var scope = NewDisposeScope();
        var combined = DualOptimizersUnderTest.Create(name);
        var split = DualOptimizersUnderTest.Create(name);
        var before = name.StartsWith("PBM", StringComparison.Ordinal);
        foreach (var constraints in Sequence)
        {
            var c = Vector(constraints);
            var together = combined.ForwardUpdate(Loss(1.5), c);
            Tensor apart;
            if (before)
            {
                apart = split.Forward(Loss(1.5), c);
                split.Step(c);
            }
            else
            {
                split.Update(c);
                apart = split.Forward(Loss(1.5), c);
            }

            Assert.AreEqual(apart.item<double>(), together.item<double>());
            StateAssert.AreEqual(split.StateDict(), combined.StateDict());
        }
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Update_OfNumbersAndOfTensors_Agree(string name)
    {
        using var scope = NewDisposeScope();
        var numbers = DualOptimizersUnderTest.Create(name);
        var tensors = DualOptimizersUnderTest.Create(name);
        foreach (var c in Sequence)
        {
            numbers.Update(c.AsSpan());
            tensors.Update(Vector(c));
        }

        StateAssert.AreEqual(tensors.StateDict(), numbers.StateDict());
        Assert.ThrowsExactly<ArgumentException>(() => numbers.Update([1.0, 2]));
        Assert.ThrowsExactly<NotFiniteNumberException>(() => numbers.Update([1, 2, double.NaN, 4, 5.0]));
        StateAssert.AreEqual(tensors.StateDict(), numbers.StateDict());
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Blocks_InAnotherOrder_GiveTheSameDualsAndLagrangian(string name)
    {
        using var scope = NewDisposeScope();
        var kind = DualOptimizersUnderTest.TakesEqualities(name) ? ConstraintKind.Equality : ConstraintKind.Inequality;
        var (first, second) = (("first", 2, kind), ("second", 3, ConstraintKind.Inequality));
        var one = DualOptimizersUnderTest.Create(name, ScalarType.Float64, first, second);
        var other = DualOptimizersUnderTest.Create(name, ScalarType.Float64, second, first);
        foreach (var c in Sequence)
        {
            var turned = Vector([.. c[2..], .. c[..2]]);
            Assert.AreEqual(one.ForwardUpdate(Loss(1), Vector(c)).item<double>(), other.ForwardUpdate(Loss(1), turned).item<double>(),
                1e-14);
            CollectionAssert.AreEqual(one.DualsOf("first"), other.DualsOf("first"));
            CollectionAssert.AreEqual(one.DualsOf("second"), other.DualsOf("second"));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Float32AndFloat64_AgreeToTheirPrecision(string name)
    {
        using var scope = NewDisposeScope();
        var wide = DualOptimizersUnderTest.Create(name);
        var narrow = DualOptimizersUnderTest.Create(name, ScalarType.Float32);
        foreach (var c in Sequence)
        {
            var lagrangian = narrow.ForwardUpdate(tensor(1.5f), Vector(c).to(ScalarType.Float32));
            Assert.AreEqual(ScalarType.Float32, lagrangian.dtype);
            Assert.AreEqual(wide.ForwardUpdate(Loss(1.5), Vector(c)).item<double>(), lagrangian.item<float>(), 2e-6);
            var duals = narrow.CreateDualTensor();
            Assert.AreEqual(ScalarType.Float32, duals.dtype);
            for (var j = 0; j < 5; j++)
            {
                Assert.AreEqual(wide.DualValues[j], narrow.DualValues[j], 2e-6);
                Assert.AreEqual((float)narrow.DualValues[j], duals[j].item<float>());
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Update_KeepsDualsInTheirRange(string name)
    {
        using var scope = NewDisposeScope();
        var dual = DualOptimizersUnderTest.Create(name);
        foreach (var c in Enumerable.Repeat(Sequence, 40).SelectMany(sequence => sequence))
        {
            dual.Update(Vector([.. c.Select(value => 10 * value)]));
            foreach (var (index, block) in dual.Blocks.Index())
            {
                var (lower, upper) = dual.RangeOf(index);
                foreach (var value in dual.DualsOf(block.Name))
                {
                    Assert.IsTrue(value >= lower && value <= upper && (value >= 0 || block.Kind == ConstraintKind.Equality),
                        $"{value} in {block.Name}");
                }
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Forward_OneConstraint_TakesScalarsAndVectorsOfOne(string name)
    {
        using var scope = NewDisposeScope();
        var dual = DualOptimizersUnderTest.Create(name, ScalarType.Float64, ("only", 1, ConstraintKind.Inequality));
        dual.Update(Loss(.5));
        var expected = dual.Forward(Loss(2), Loss(.3)).item<double>();
        Assert.AreEqual(expected, dual.Forward(Vector(2), Vector(.3)).item<double>());
        Assert.AreEqual(0, dual.Forward(Vector(2), Vector(.3)).Dimensions);
    }

    [TestMethod]
    [DataRow(ConstraintKind.Equality, 0.0)]
    [DataRow(ConstraintKind.Inequality, 0.0)]
    [DataRow(ConstraintKind.Inequality, 0.7)]
    public void InexactAugmentedLagrangian_UnboundedGamma_EqualsAugmentedLagrangian(ConstraintKind kind, double momentum)
    {
        using var scope = NewDisposeScope();
        var ialm = new InexactAugmentedLagrangian(5, kind, new()
        {
            Beta = .3,
            Gamma = double.PositiveInfinity,
            PenaltyIsBeta = true,
            Momentum = momentum
        });
        var alm = new AugmentedLagrangian(5, kind, new() { LearningRate = .3, Penalty = .3, Momentum = momentum });
        AssertSameRun(ialm, alm, 0);
    }

    [TestMethod]
    public void NuPI_WithoutProportionalGain_EqualsAugmentedLagrangianWithoutPenalty()
    {
        using var scope = NewDisposeScope();
        var nupi = new NuPI(5, ConstraintKind.Inequality, new() { Nu = .4, IntegralGain = .2, ProportionalGain = 0 });
        var alm = new AugmentedLagrangian(5, ConstraintKind.Inequality, new() { LearningRate = .2, Penalty = 0 });
        AssertSameRun(nupi, alm, 0);
    }

    [TestMethod]
    public void HestenesPowellRockafellar_LearningRateOfThePenalty_HasTheDualsOfTheQuadraticForm()
    {
        using var scope = NewDisposeScope();
        var options = new AugmentedLagrangianOptions { LearningRate = .6, Penalty = .6 };
        var hpr = new AugmentedLagrangian(5, ConstraintKind.Inequality,
            options with { HestenesPowellRockafellar = true });
        var quadratic = new AugmentedLagrangian(5, ConstraintKind.Inequality, options);
        foreach (var c in Sequence)
        {
            hpr.Update(Vector(c));
            quadratic.Update(Vector(c));
            for (var j = 0; j < 5; j++)
                Assert.AreEqual(quadratic.DualValues[j], hpr.DualValues[j], 1e-15);
        }
    }

    [TestMethod]
    public void HestenesPowellRockafellar_BesideTheQuadraticForm_HasValueAndGradientOfTheFormula()
    {
        using var scope = NewDisposeScope();
        var options = new AugmentedLagrangianOptions
        {
            Penalty = .8,
            InitialDuals = [.4],
            Tolerance = .1,
            HestenesPowellRockafellar = true
        };
        var dual = new AugmentedLagrangian(3, ConstraintKind.Inequality, options);
        dual.AddConstraintGroup("equal", 1, ConstraintKind.Equality, options);
        dual.AddConstraintGroup("quadratic", 1, ConstraintKind.Inequality, new() { Penalty = 2, InitialDuals = [.3] });
        var c = Vector(.6, -.3, -1.1, .6, -.4).requires_grad_();
        var lagrangian = dual.Forward(Loss(2), c);
        lagrangian.backward();
        // Seen: .5, -.4, -1.2 of the shifted block; .5 of the equality; -.4 as it is.
        static double Shifted(double seen) => Math.Pow(Math.Max(.4 + .8 * seen, 0), 2) - .16;
        var expected = 2 + (Shifted(.5) + Shifted(-.4) + Shifted(-1.2)) / 1.6 + .4 * .5 + .4 * .25 - .3 * .4;
        Assert.AreEqual(expected, lagrangian.item<double>(), 1e-14);
        double[] gradient = [.4 + .8 * .5, .4 - .8 * .4, 0, .4 + .8 * .5, .3];
        for (var j = 0; j < gradient.Length; j++)
            Assert.AreEqual(gradient[j], c.grad![j].item<double>(), 1e-14, $"element {j}");
    }

    [TestMethod]
    public void PenaltyBarrier_AugmentedLagrangianPenalties_StepsAsAugmentedLagrangian()
    {
        using var scope = NewDisposeScope();
        const double gamma = .25, rho = 2;
        var pbm = new PenaltyBarrier(2, ConstraintKind.Inequality, new()
        {
            Gamma = gamma,
            PenaltyUpdate = BarrierPenaltyUpdate.AugmentedLagrangian,
            InitialDuals = [.5],
            InitialPenalties = [1],
            PenaltyLowerBound = .01,
            PenaltyUpperBound = 10,
            GammaAnnealing = false,
            Rho = rho,
        });
        var alm = new AugmentedLagrangian(2, ConstraintKind.Inequality, new()
        {
            LearningRate = (1 - gamma) / rho,
            InitialDuals = [.5],
            Penalty = 1 / rho,
            PenalizeSlack = true
        });
        // In the quadratic branch (c/p >= -1/2) lambda*p*phi(c/p) = lambda*c + c²/(2 rho) and the step is (1 - gamma)/rho * c.
        foreach (var c in new[] { new[] { .3, -.1 }, [.1, .2], [-.2, .05] })
        {
            // PBM's Lagrangian is at the duals from before the update.
            var expected = alm.Forward(Loss(1), Vector(c)).item<double>();
            Assert.AreEqual(expected, pbm.ForwardUpdate(Loss(1), Vector(c)).item<double>(), 1e-14);
            alm.Update(Vector(c));
            for (var j = 0; j < 2; j++)
                Assert.AreEqual(alm.DualValues[j], pbm.DualValues[j], 1e-14);
        }
    }

    private static void AssertSameRun(DualOptimizer one, DualOptimizer other, double tolerance)
    {
        foreach (var c in Sequence)
        {
            Assert.AreEqual(other.ForwardUpdate(Loss(1), Vector(c)).item<double>(), one.ForwardUpdate(Loss(1), Vector(c)).item<double>(),
                tolerance);
            CollectionAssert.AreEqual(other.DualValues.ToArray(), one.DualValues.ToArray());
        }
    }

    private static void SetDuals(DualOptimizer dual, double[] values)
    {
        var state = dual.StateDict();
        dual.LoadStateDict(state with
        {
            Blocks = [.. state.Blocks.Zip(dual.Blocks, (saved, block)
                => saved with { Duals = [.. values[block.Offset..(block.Offset + block.Count)]] })],
        });
    }
}
