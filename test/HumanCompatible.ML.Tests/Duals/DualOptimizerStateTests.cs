using System.Text.Json.Nodes;
using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

[TestClass]
public sealed class DualOptimizerStateTests
{
    public static IEnumerable<object[]> Optimizers => DualOptimizersUnderTest.Names;

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void LoadStateDict_ThroughJson_ContinuesBitForBit(string name)
    {
        using var scope = NewDisposeScope();
        var original = DualOptimizersUnderTest.Create(name);
        Run(original, 7, seed: 1);
        original.EndEpoch();
        var saved = original.StateDict();
        var state = DualOptimizerState.FromJson(saved.ToJson());
        StateAssert.AreEqual(saved, state);
        Assert.AreEqual(saved, state);
        Assert.AreEqual(saved.GetHashCode(), state.GetHashCode());

        var copy = DualOptimizersUnderTest.Create(name);
        Run(copy, 3, seed: 2);
        copy.LoadStateDict(state);
        StateAssert.AreEqual(saved, copy.StateDict());
        CollectionAssert.AreEqual(original.DualValues.ToArray(), copy.DualValues.ToArray());
        CollectionAssert.AreEqual(Run(original, 5, seed: 3), Run(copy, 5, seed: 3));
        StateAssert.AreEqual(original.StateDict(), copy.StateDict());
        Assert.AreEqual(original.Epoch, copy.Epoch);
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void StateDict_IsADeepCopyBothWays(string name)
    {
        using var scope = NewDisposeScope();
        var dual = DualOptimizersUnderTest.Create(name);
        Run(dual, 2, seed: 4);
        var state = dual.StateDict();
        var before = state.ToJson();
        Run(dual, 3, seed: 1);
        Assert.AreEqual(before, state.ToJson());
        Assert.AreNotEqual(before, dual.StateDict().ToJson());
        Assert.AreNotEqual(state, dual.StateDict());

        dual.LoadStateDict(state);
        Assert.AreEqual(before, dual.StateDict().ToJson());
        Run(dual, 3, seed: 1);
        Assert.AreEqual(before, state.ToJson());
    }

    [TestMethod]
    public void LoadStateDict_TakesOverOptionsAndKeepsTheType()
    {
        using var scope = NewDisposeScope();
        var options = new InexactAugmentedLagrangianOptions
        {
            Beta = 3,
            Sigma = 1.5,
            Gamma = double.PositiveInfinity,
            InitialDuals = [.5],
            Penalty = 4,
            DualLowerBound = -1,
            DualUpperBound = 1,
            Momentum = .5,
            PenaltyIsBeta = true,
            BetaMax = 10,
            SummableGamma = true,
            GrowPerEpoch = true,
            GrowOnlyWhileViolated = true,
        };
        var saved = new InexactAugmentedLagrangian(2, ConstraintKind.Equality, options, ScalarType.Float64);
        var dual = new InexactAugmentedLagrangian(2, ConstraintKind.Equality);
        dual.LoadStateDict(DualOptimizerState.FromJson(saved.StateDict().ToJson()));
        var loaded = dual.StateOf<InexactAugmentedLagrangianBlockState>().Options;
        Assert.AreEqual(DualOptimizersUnderTest.Text(options), DualOptimizersUnderTest.Text(loaded));
        using var tensor = dual.CreateDualTensor();
        Assert.AreEqual(ScalarType.Float32, tensor.dtype);
        Assert.AreEqual(.5f, tensor[0].item<float>());
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void LoadStateDict_OtherMethodShapeOrValues_IsRejectedWhole(string name)
    {
        using var scope = NewDisposeScope();
        var dual = DualOptimizersUnderTest.Create(name);
        Run(dual, 4, seed: 1);
        var before = dual.StateDict();
        foreach (var (bad, message) in Bad(before))
        {
            var actual = Assert.ThrowsExactly<ArgumentException>(() => dual.LoadStateDict(bad), message).Message;
            StringAssert.Contains(actual, message);
            StateAssert.AreEqual(before, dual.StateDict());
        }
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void LoadStateDict_StateOfAnotherMethod_SaysWhich(string name)
    {
        var dual = DualOptimizersUnderTest.Create(name);
        var other = DualOptimizersUnderTest.Names.Select(row => DualOptimizersUnderTest.Create((string)row[0]).StateDict())
            .First(state => state.Blocks[1].GetType() != dual.Blocks[1].StateType);
        var message = Assert.ThrowsExactly<ArgumentException>(() => dual.LoadStateDict(other)).Message;
        StringAssert.Contains(message,
            $"block 'second': the state must be a {dual.Blocks[1].StateType.Name}, got a {other.Blocks[1].GetType().Name}.");
    }

    [TestMethod]
    public void LoadStateDict_SeveralProblems_AreToldAtOnce()
    {
        var dual = new NuPI(2, ConstraintKind.Equality);
        var state = dual.StateDict();
        var block = (NuPIBlockState)state.Blocks[0];
        var bad = state with
        {
            Epoch = -1,
            Blocks = [block with { Name = "other", Duals = [1, 200], AveragedConstraints = [double.NaN, 1] }],
        };
        var message = Assert.ThrowsExactly<ArgumentException>(() => dual.LoadStateDict(bad)).Message;
        Assert.AreEqual(
            string.Join(
                Environment.NewLine,
                "LoadStateDict: 4 problems.",
                "- Epoch must be at least 0, got -1.",
                "- block 'other': Duals[1] must be finite and from -100 to 100, got 200.",
                "- block 'other': AveragedConstraints[0] must be finite, got NaN.",
                "- block 'block0': its name in the state must be the same, got 'other'."),
            message);
        StateAssert.AreEqual(state, dual.StateDict());
    }

    [TestMethod]
    public void ToJson_NamesMethodsKindsAndEnumsByWords()
    {
        var dual = new PenaltyBarrier(1, ConstraintKind.Inequality, new() { PenaltyUpdate = BarrierPenaltyUpdate.DiminishingByDual });
        var block = JsonNode.Parse(dual.StateDict().ToJson())!["blocks"]![0]!;
        Assert.AreEqual(("pbm", "inequality", "diminishingByDual"),
            ((string)block["kind"]!, (string)block["constraintKind"]!, (string)block["options"]!["penaltyUpdate"]!));
    }

    [TestMethod]
    public void FromJson_DamagedText_SaysWhatIsWrong()
    {
        var state = new InexactAugmentedLagrangian(2, ConstraintKind.Equality, new() { Momentum = .5 }).StateDict();
        (Action<JsonObject> Damage, string Message)[] rows =
        [
            (json => json.Remove("epoch"), "'epoch'"),
            (json => json["updates"] = -1, "Updates must be at least 0, got -1."),
            (json => json["blocks"] = null, "blocks"),
            (json => json["blocks"]![0] = null, "Blocks must hold no null."),
            (json => json["blocks"]![0]!["kind"] = "System.Diagnostics.Process", "System.Diagnostics.Process"),
            (json => json["blocks"]![0]!.AsObject().Remove("kind"), "type discriminator"),
            (json => json["blocks"]![0]!["constraintKind"] = "yes", "constraintKind"),
            (json => json["blocks"]![0]!["constraintKind"] = 1, "constraintKind"),
            (json => json["blocks"]![0]!["beta"] = "one", "beta"),
            (json => json["blocks"]![0]!["beta"] = "NaN", "block 'block0': Beta must be finite and from 0 to "),
            (json => json["blocks"]![0]!["color"] = "red", "color"),
            (json => json["blocks"]![0]!.AsObject().Remove("options"), "'options'"),
            (json => json["blocks"]![0]!["options"] = null, "block 'block0': Options must not be null."),
            (json => json["blocks"]![0]!["options"]!["sigma"] = 0, "block 'block0': Sigma must be above 0 and finite, got 0."),
            (json => json["blocks"]![0]!["options"]!["schedule"] = null, "schedule"),
            (json => json["blocks"]![0]!["duals"] = new JsonArray(), "block 'block0': Duals must hold at least 1 number, got 0."),
            (json => json["blocks"]![0]!["duals"] = new JsonArray(1), "block 'block0': MomentumBuffer must hold 1 number(s), got 2."),
        ];
        foreach (var (damage, message) in rows)
        {
            var json = JsonNode.Parse(state.ToJson())!.AsObject();
            damage(json);
            StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => DualOptimizerState.FromJson(json.ToJsonString()),
                message).Message, message);
        }

        foreach (var text in new[] { "", "null", "[", "{}" })
            Assert.ThrowsExactly<FormatException>(() => DualOptimizerState.FromJson(text), text);
        Assert.ThrowsExactly<ArgumentNullException>(() => DualOptimizerState.FromJson(null!));
    }

    private static IEnumerable<(DualOptimizerState State, string Message)> Bad(DualOptimizerState state)
    {
        var (first, second) = (state.Blocks[0], state.Blocks[1]);
        DualOptimizerState With(DualBlockState other) => state with { Blocks = [first, other] };

        yield return (state with { Blocks = [first] }, "the state must have 2 block(s), got 1.");
        yield return (state with { Blocks = default }, "the state must have 2 block(s), got 0.");
        yield return (With(second with { Name = "third" }), "block 'second': its name in the state must be the same, got 'third'.");
        yield return (With(second with { Duals = [0, 0, 0, 0] }), "block 'second': the state must hold 3 constraint(s), got 4.");
        yield return (With(second with { ConstraintKind = ConstraintKind.Equality }),
            "block 'second': ConstraintKind must be Inequality, got Equality.");
        yield return (With(second with { Duals = [1] }), "block 'second': the state must hold 3 constraint(s), got 1.");
        yield return (With(second with { Duals = default }), "block 'second': Duals must hold at least 1 number, got 0.");
        yield return (With(second with { Duals = [1, double.NaN, 2] }), "block 'second': Duals[1] must be finite and from ");
        yield return (With(second with { Duals = [0, 101, 0] }), ", got 101.");
        yield return (With(null!), "Blocks must hold no null.");
        yield return (state with { Epoch = -1 }, "Epoch must be at least 0, got -1.");
        if (second is InexactAugmentedLagrangianBlockState ialm)
        {
            yield return (With(ialm with { Options = ialm.Options with { DualUpperBound = -1 } }),
                "block 'second': DualUpperBound must be at least 0 for inequalities, got -1.");
            yield return (With(ialm with { Beta = 1e300 }), "block 'second': Beta must be finite and from 0 to ");
            yield return (With(ialm with { MomentumBuffer = [] }), "block 'second': MomentumBuffer must hold 3 number(s), got 0.");
        }
    }

    private static double[] Run(DualOptimizer dual, int steps, int seed)
    {
        var random = new Random(seed);
        var lagrangians = new double[steps];
        for (var step = 0; step < steps; step++)
        {
            using var constraints = tensor(Enumerable.Range(0, 5).Select(_ => random.NextDouble() - .5).ToArray(),
                dtype: ScalarType.Float64);
            using var loss = tensor(random.NextDouble(), dtype: ScalarType.Float64);
            using var lagrangian = dual.ForwardUpdate(loss, constraints);
            lagrangians[step] = lagrangian.item<double>();
        }

        return lagrangians;
    }
}
