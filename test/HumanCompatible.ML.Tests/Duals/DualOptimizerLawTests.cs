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
        using var dual = DualOptimizersUnderTest.Create(name, ScalarType.Float64, ("active", 2, true), ("inactive", 2, true));
        if (DualOptimizersUnderTest.HasDuals(name))
            SetDuals(dual, [.4, .3, dual.Groups[1].LowerBound, dual.Groups[1].LowerBound]);
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
        using var dual = DualOptimizersUnderTest.Create(name);
        dual.Update(Vector(Sequence[0]));
        var before = dual.StateDict();
        dual.Forward(Loss(1), Vector(Sequence[1]));
        dual.Violation(Vector(Sequence[2]));
        dual.Duals.add_(1);
        StateAssert.AreEqual(before, dual.StateDict());
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void ForwardUpdate_AgreesWithUpdateAndForward(string name)
    {
        using var scope = NewDisposeScope();
        using var combined = DualOptimizersUnderTest.Create(name);
        using var split = DualOptimizersUnderTest.Create(name);
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
    public void Constraints_FlatPerGroupAndByName_Agree(string name)
    {
        using var scope = NewDisposeScope();
        using var flat = DualOptimizersUnderTest.Create(name);
        using var perGroup = DualOptimizersUnderTest.Create(name);
        using var byName = DualOptimizersUnderTest.Create(name);
        foreach (var c in Sequence)
        {
            var (first, second) = (Vector(c[..2]), Vector(c[2..]));
            var named = new Dictionary<string, Tensor> { ["second"] = second, ["first"] = first };
            var expected = flat.ForwardUpdate(Loss(1), Vector(c)).item<double>();
            Assert.AreEqual(expected, perGroup.ForwardUpdate(Loss(1), [first, second]).item<double>());
            Assert.AreEqual(expected, byName.ForwardUpdate(Loss(1), named).item<double>());
            flat.Update(Vector(c));
            perGroup.Update([first, second]);
            byName.Step(named);
            expected = flat.Forward(Loss(1), Vector(c)).item<double>();
            Assert.AreEqual(expected, perGroup.Forward(Loss(1), [first, second]).item<double>());
            Assert.AreEqual(expected, byName.Forward(Loss(1), named).item<double>());
        }

        StateAssert.AreEqual(flat.StateDict(), perGroup.StateDict());
        StateAssert.AreEqual(flat.StateDict(), byName.StateDict());
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Update_OfNumbersAndOfTensors_Agree(string name)
    {
        using var scope = NewDisposeScope();
        using var numbers = DualOptimizersUnderTest.Create(name);
        using var tensors = DualOptimizersUnderTest.Create(name);
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
    public void Groups_InAnotherOrder_GiveTheSameDualsAndLagrangian(string name)
    {
        using var scope = NewDisposeScope();
        var isInequality = !DualOptimizersUnderTest.TakesEqualities(name);
        using var one = DualOptimizersUnderTest.Create(name, ScalarType.Float64, ("first", 2, isInequality), ("second", 3, true));
        using var other = DualOptimizersUnderTest.Create(name, ScalarType.Float64, ("second", 3, true), ("first", 2, isInequality));
        foreach (var c in Sequence)
        {
            var named = new Dictionary<string, Tensor> { ["first"] = Vector(c[..2]), ["second"] = Vector(c[2..]) };
            Assert.AreEqual(one.ForwardUpdate(Loss(1), named).item<double>(), other.ForwardUpdate(Loss(1), named).item<double>(), 1e-14);
            foreach (var group in named.Keys)
                CollectionAssert.AreEqual(one.DualsOf(group).ToArray(), other.DualsOf(group).ToArray());
        }
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Float32AndFloat64_AgreeToTheirPrecision(string name)
    {
        using var scope = NewDisposeScope();
        using var wide = DualOptimizersUnderTest.Create(name);
        using var narrow = DualOptimizersUnderTest.Create(name, ScalarType.Float32);
        foreach (var c in Sequence)
        {
            var lagrangian = narrow.ForwardUpdate(tensor(1.5f), Vector(c).to(ScalarType.Float32));
            Assert.AreEqual(ScalarType.Float32, lagrangian.dtype);
            Assert.AreEqual(wide.ForwardUpdate(Loss(1.5), Vector(c)).item<double>(), lagrangian.item<float>(), 2e-6);
            Assert.AreEqual(ScalarType.Float32, narrow.Duals.dtype);
            for (var j = 0; j < 5; j++)
            {
                Assert.AreEqual(wide.DualValues[j], narrow.DualValues[j], 2e-6);
                Assert.AreEqual((float)narrow.DualValues[j], narrow.Duals[j].item<float>());
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Update_KeepsDualsInTheirRange(string name)
    {
        using var scope = NewDisposeScope();
        using var dual = DualOptimizersUnderTest.Create(name);
        foreach (var c in Enumerable.Repeat(Sequence, 40).SelectMany(sequence => sequence))
        {
            dual.Update(Vector([.. c.Select(value => 10 * value)]));
            foreach (var group in dual.Groups)
            {
                foreach (var value in dual.DualsOf(group.Name))
                {
                    Assert.IsTrue(value >= group.LowerBound && value <= group.UpperBound && (value >= 0 || !group.IsInequality),
                        $"{value} in {group.Name}");
                }
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Forward_OneConstraint_TakesScalarsAndVectorsOfOne(string name)
    {
        using var scope = NewDisposeScope();
        using var dual = DualOptimizersUnderTest.Create(name, ScalarType.Float64, ("only", 1, true));
        dual.Update(Loss(.5));
        var expected = dual.Forward(Loss(2), Loss(.3)).item<double>();
        Assert.AreEqual(expected, dual.Forward(Vector(2), Vector(.3)).item<double>());
        Assert.AreEqual(0, dual.Forward(Vector(2), Vector(.3)).Dimensions);
        Assert.AreEqual(expected, dual.Forward(Loss(2), [Loss(.3)]).item<double>());
    }

    [TestMethod]
    [DataRow(false, 0.0)]
    [DataRow(true, 0.0)]
    [DataRow(true, 0.7)]
    public void InexactAugmentedLagrangian_UnboundedGamma_EqualsAugmentedLagrangian(bool isInequality, double momentum)
    {
        using var scope = NewDisposeScope();
        using var ialm = new InexactAugmentedLagrangian(
            5, beta: .3, gamma: double.PositiveInfinity, penaltyRule: PenaltyRule.Beta, momentum: momentum, isInequality: isInequality,
                dtype: ScalarType.Float64);
        using var alm = new AugmentedLagrangian(5, learningRate: .3, penalty: .3, momentum: momentum, isInequality: isInequality,
            dtype: ScalarType.Float64);
        AssertSameRun(ialm, alm, 0);
    }

    [TestMethod]
    public void NuPI_WithoutProportionalGain_EqualsAugmentedLagrangianWithoutPenalty()
    {
        using var scope = NewDisposeScope();
        using var nupi = new NuPI(5, nu: .4, integralGain: .2, proportionalGain: 0, isInequality: true, dtype: ScalarType.Float64);
        using var alm = new AugmentedLagrangian(5, learningRate: .2, penalty: 0, isInequality: true, dtype: ScalarType.Float64);
        AssertSameRun(nupi, alm, 0);
    }

    [TestMethod]
    public void HestenesPowellRockafellar_LearningRateOfThePenalty_HasTheDualsOfTheQuadraticForm()
    {
        using var scope = NewDisposeScope();
        using var hpr = new AugmentedLagrangian(
            5, learningRate: .6, penalty: .6, isInequality: true, augmentation: Augmentation.HestenesPowellRockafellar,
                dtype: ScalarType.Float64);
        using var quadratic = new AugmentedLagrangian(5, learningRate: .6, penalty: .6, isInequality: true, dtype: ScalarType.Float64);
        foreach (var c in Sequence)
        {
            hpr.Update(Vector(c));
            quadratic.Update(Vector(c));
            for (var j = 0; j < 5; j++)
                Assert.AreEqual(quadratic.DualValues[j], hpr.DualValues[j], 1e-15);
        }
    }

    [TestMethod]
    public void PenaltyBarrier_AugmentedLagrangianPenalties_StepsAsAugmentedLagrangian()
    {
        using var scope = NewDisposeScope();
        const double gamma = .25, rho = 2;
        using var pbm = new PenaltyBarrier(
            2, gamma: gamma, penaltyUpdate: BarrierPenaltyUpdate.AugmentedLagrangian, initialDuals: [.5], initialPenalty: 1,
                penaltyRange: (.01, 10),
            gammaAnnealing: false, rho: rho, dtype: ScalarType.Float64);
        using var alm = new AugmentedLagrangian(2, learningRate: (1 - gamma) / rho, initialDuals: [.5], penalty: 1 / rho,
            isInequality: true,
            inequalityPenalty: InequalityPenalty.Raw, dtype: ScalarType.Float64);
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
        var groups = state.Groups.Zip(dual.Groups, (saved, group) => new DualGroupState(
            saved.Name, saved.Count, saved.IsInequality, saved.Values,
            saved.Arrays.ToDictionary(pair => pair.Key, pair
                => pair.Key == "duals" ? values[group.Offset..(group.Offset + group.Count)] : pair.Value)));
        dual.LoadStateDict(new(state.Kind, state.Values, [.. groups]));
    }
}
