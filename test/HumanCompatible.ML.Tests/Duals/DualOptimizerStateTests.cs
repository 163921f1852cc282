using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

[TestClass]
public sealed class DualOptimizerStateTests
{
    public static IEnumerable<object[]> Optimizers => DualOptimizersUnderTest.Names;

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void LoadStateDict_ThroughTheFlatForm_ContinuesBitForBit(string name)
    {
        using var scope = NewDisposeScope();
        using var original = DualOptimizersUnderTest.Create(name);
        Run(original, 7, seed: 1);
        original.EndEpoch();
        var flat = original.StateDict();
        var state = DualOptimizerState.FromFlat(flat.ToArrays(), flat.ToMetadata());
        StateAssert.AreEqual(flat, state);

        using var copy = DualOptimizersUnderTest.Create(name);
        Run(copy, 3, seed: 2);
        copy.LoadStateDict(state);
        StateAssert.AreEqual(flat, copy.StateDict());
        CollectionAssert.AreEqual(Run(original, 5, seed: 3), Run(copy, 5, seed: 3));
        StateAssert.AreEqual(original.StateDict(), copy.StateDict());
        Assert.AreEqual(original.Epoch, copy.Epoch);
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void StateDict_IsADeepCopyBothWays(string name)
    {
        using var scope = NewDisposeScope();
        using var dual = DualOptimizersUnderTest.Create(name);
        var state = dual.StateDict();
        string[] before = [.. state.ToArrays().SelectMany(pair => pair.Value).Select(value => value.ToString("R"))];
        Run(dual, 3, seed: 1);
        CollectionAssert.AreEqual(before, state.ToArrays().SelectMany(pair => pair.Value).Select(value => value.ToString("R")).ToArray());

        dual.LoadStateDict(state);
        var loaded = dual.StateDict();
        foreach (var array in state.Groups.SelectMany(group => group.Arrays.Values))
            Array.Fill(array, 77);
        StateAssert.AreEqual(loaded, dual.StateDict());
    }

    [TestMethod]
    public void LoadStateDict_TakesOverSettingsAndKeepsTheType()
    {
        using var scope = NewDisposeScope();
        using var saved = new InexactAugmentedLagrangian(
            2, beta: 3, sigma: 1.5, gamma: 2, initialDuals: [.5], penalty: 4, dualRange: (-1, 1), momentum: .5,
                penaltyRule: PenaltyRule.Beta, betaMax: 10,
            gammaSchedule: StepBoundSchedule.Summable, sigmaSchedule: PenaltyGrowthSchedule.PerEpoch,
                penaltyGrowth: PenaltyGrowth.WhileInfeasible, dtype: ScalarType.Float64);
        using var dual = new InexactAugmentedLagrangian(2, dtype: ScalarType.Float32);
        dual.LoadStateDict(saved.StateDict());
        Assert.AreEqual((3.0, 1.5, 2.0, 10.0, .5, -1.0, 1.0), (
            dual.Groups[0].Beta, dual.Groups[0].Sigma, dual.Groups[0].Gamma, dual.Groups[0].BetaMax, dual.Groups[0].Momentum,
                dual.Groups[0].LowerBound, dual.Groups[0].UpperBound));
        Assert.AreEqual((4.0, PenaltyRule.Beta, StepBoundSchedule.Summable, PenaltyGrowthSchedule.PerEpoch, PenaltyGrowth.WhileInfeasible),
            (dual.Penalty, dual.PenaltyRule, dual.StepBoundSchedule, dual.PenaltyGrowthSchedule, dual.PenaltyGrowth));
        Assert.AreEqual(ScalarType.Float32, dual.Duals.dtype);
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void LoadStateDict_OtherKindShapeOrValues_IsRejectedWhole(string name)
    {
        using var scope = NewDisposeScope();
        using var dual = DualOptimizersUnderTest.Create(name);
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
    public void FromFlat_DamagedText_SaysWhatIsWrong()
    {
        using var dual = new InexactAugmentedLagrangian(2, momentum: .5);
        var state = dual.StateDict();
        (Action<Dictionary<string, double[]>, Dictionary<string, string>> Damage, string Message)[] rows =
        [
            ((_, metadata) => metadata.Remove("kind"), "'kind' is missing"),
            ((_, metadata) => metadata["groups"] = "-1", "'groups' is '-1'"),
            ((_, metadata) => metadata["groups"] = "2", "'groups.1.count' is missing"),
            ((_, metadata) => metadata["groups.0.inequality"] = "yes", "'groups.0.inequality' is 'yes'"),
            ((_, metadata) => metadata["groups.0.values.beta"] = "one", "'groups.0.values.beta' is 'one'; expected a number"),
            ((arrays, _) => arrays["groups.0.duals"] = [1], "array 'groups.0.duals' has length 1; expected 2"),
            ((arrays, _) => arrays["groups.7.duals"] = [1], "array 'groups.7.duals' belongs to none of its 1 group(s)"),
        ];
        foreach (var (damage, message) in rows)
        {
            var arrays = new Dictionary<string, double[]>(state.ToArrays());
            var metadata = new Dictionary<string, string>(state.ToMetadata());
            damage(arrays, metadata);
            StringAssert.Contains(Assert.ThrowsExactly<FormatException>(()
                => DualOptimizerState.FromFlat(arrays, metadata), message).Message, message);
        }
    }

    private static IEnumerable<(DualOptimizerState State, string Message)> Bad(DualOptimizerState state)
    {
        var (first, second) = (state.Groups[0], state.Groups[1]);
        DualOptimizerState With(DualGroupState other) => new(state.Kind, state.Values, [first, other]);
        DualGroupState Changed(Action<Dictionary<string, double>, Dictionary<string, double[]>> change)
        {
            var values = new Dictionary<string, double>(second.Values);
            var arrays = new Dictionary<string, double[]>(second.Arrays);
            change(values, arrays);
            return new(second.Name, second.Count, second.IsInequality, values, arrays);
        }

        yield return (new("other", state.Values, state.Groups), $"the state is of kind 'other'; expected '{state.Kind}'.");
        yield return (new(state.Kind, state.Values, [first]), "the state has 1 group(s); expected 2.");
        yield return (With(new("third", 3, true, second.Values, second.Arrays)), "group 1 of the state is 'third'; expected 'second'.");
        yield return (With(new("second", 4, true, second.Values, second.Arrays)),
            "group 1 ('second') of the state has 4 constraint(s); expected 3.");
        yield return (With(new("second", 3, false, second.Values, second.Arrays)),
            "group 1 ('second') of the state holds equalities; expected inequalities.");
        yield return (With(Changed((_, arrays) => arrays["duals"] = [1])), "group 'second': the array 'duals' has length 1; expected 3.");
        yield return (With(Changed((_, arrays) => arrays.Remove("duals"))), "group 'second': the array 'duals' is missing.");
        yield return (With(Changed((_, arrays) => arrays["duals"] = [1, double.NaN, 2])),
            "group 'second': element 1 of the array 'duals' is NaN; expected a finite number.");
        yield return (With(Changed((_, arrays) => arrays["duals"] = [0, 101, 0])),
            "group 'second': element 1 of the array 'duals' is 101; expected a number from ");
        yield return (With(Changed((values, _) => values.Remove("upperBound"))), "group 'second': the value 'upperBound' is missing.");
        yield return (With(Changed((values, _) => values["upperBound"] = -1)), "group 'second': dualRange is [");
        var whole = new Dictionary<string, double>(state.Values) { ["epoch"] = -1 };
        yield return (new(state.Kind, whole, state.Groups), "the value 'epoch' is -1; expected a whole number of at least 0.");
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
